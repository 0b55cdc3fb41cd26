// Benchmarks of the directory source as paired runs of whole processes: a large kubectl dump against JSON.parse, state files against a loop in C.
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

export interface BenchResult {
  readonly name: string
  /** Medians of the rounds. */
  readonly ours: Measured
  readonly other: Measured
  /** Median of ours / other, round by round. */
  readonly ratio: number
  /** The same of the processor time, which other work on the machine hardly moves; undefined where it is not known. */
  readonly cpuRatio: number | undefined
  readonly budget: number
}

export interface Measured {
  readonly seconds: number
  /** User and system time, all threads. */
  readonly cpuSeconds: number | undefined
  /** Largest resident set. */
  readonly megabytes: number | undefined
}

export interface BenchOptions {
  /** Folder of the package. */
  readonly root?: string
  /** Size of the dump; JSON.parse itself ends at 512 MiB. */
  readonly dumpMegabytes?: number
  readonly nodes?: number
  readonly rounds?: number
}

type Command = readonly [string, ...(readonly string[])]

const FILES_PER_NODE = 110
const REPORT = `
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
console.log(JSON.stringify({ read, rss: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 }))`
const READER = `
import { directorySource } from './directory.js'
let read = 0
const source = directorySource({ from: [process.argv[2]], hostLocal: [] })
const summary = await source.read((document) => { read += document.type === 'state' ? document.entries.length : 1 })
if (summary.coverage.length > 0) throw new Error(JSON.stringify(summary.coverage))
${REPORT}`
const PARSER = `
import { readFileSync } from 'node:fs'
const read = JSON.parse(readFileSync(process.argv[2], 'utf8')).items.length
${REPORT}`
const LOOP = `
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
static long files;
static int with_stat;
static void walk(int fd) {
  DIR *dir = fdopendir(fd);
  struct dirent *e;
  char buf[4096];
  struct stat st;
  while ((e = readdir(dir))) {
    if (e->d_name[0] == '.') continue;
    if (e->d_type == DT_DIR) { walk(openat(dirfd(dir), e->d_name, O_RDONLY | O_DIRECTORY)); continue; }
    int f = openat(dirfd(dir), e->d_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    if (with_stat) fstat(f, &st);
    if (read(f, buf, sizeof buf) >= 0) files++;
    close(f);
  }
  closedir(dir);
}
int main(int argc, char **argv) {
  with_stat = argc > 2;
  walk(open(argv[1], O_RDONLY | O_DIRECTORY));
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  double cpu = u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
  printf("{\\"read\\": %ld, \\"rss\\": %ld, \\"cpu\\": %.3f}\\n", files, u.ru_maxrss / 1024, cpu);
}`

export async function bench(options: BenchOptions = {}): Promise<BenchResult[]> {
  const { root = process.cwd(), dumpMegabytes = 450, nodes = 5000, rounds = 5 } = options
  const folder = mkdtempSync(join(tmpdir(), 'ipam-bench-sources-'))
  try {
    const entryPoints = [join(root, 'src/sources/directory.ts')]
    await build({ entryPoints, bundle: true, splitting: true, platform: 'node', format: 'esm', outdir: folder, logLevel: 'error' })
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'reader.js'), READER)
    writeFileSync(join(folder, 'parser.js'), PARSER)
    const ours = (path: string): Command => [process.execPath, join(folder, 'reader.js'), path]
    const dump = join(folder, 'pods.json')
    writeDump(dump, dumpMegabytes * 1e6)
    const parse: Command = [process.execPath, join(folder, 'parser.js'), dump]
    const results = [compare(`${dumpMegabytes} MB dump against JSON.parse`, ours(dump), parse, 1.3, rounds)]
    rmSync(dump)
    const bundle = join(folder, 'bundle')
    writeStateFiles(bundle, nodes)
    const files = `${nodes * FILES_PER_NODE} state files`
    const loop = compiled(folder)
    if (loop) {
      results.push(compare(`${files} against open, fstat, read, close in C`, ours(bundle), [loop, bundle, 'stat'], 2.2, rounds))
      results.push(compare(`${files} against open, read, close in C`, ours(bundle), [loop, bundle], 2.8, rounds))
    } else {
      const cat: Command = ['sh', '-c', `find ${bundle} -type f | xargs cat | wc -c`]
      results.push(compare(`${files} against find | xargs cat | wc`, ours(bundle), cat, 0.4, rounds))
    }
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function compare(name: string, ours: Command, other: Command, budget: number, rounds: number): BenchResult {
  const pairs: { ours: Measured; other: Measured }[] = []
  run(ours) // both sides find the files in the page cache
  for (let round = 0; round < rounds; round++)
    pairs.push(round % 2 === 0 ? { ours: run(ours), other: run(other) } : { other: run(other), ours: run(ours) })
  const medianOf = (side: 'ours' | 'other', field: keyof Measured): number | undefined => median(pairs.map((pair) => pair[side][field]))
  const measured = (side: 'ours' | 'other'): Measured => ({
    seconds: medianOf(side, 'seconds') ?? Number.NaN,
    cpuSeconds: medianOf(side, 'cpuSeconds'),
    megabytes: medianOf(side, 'megabytes'),
  })
  const ratioOf = (field: keyof Measured): number | undefined =>
    median(pairs.map((pair) => (pair.ours[field] ?? Number.NaN) / (pair.other[field] ?? Number.NaN)))
  return { name, ours: measured('ours'), other: measured('other'), ratio: ratioOf('seconds') ?? Number.NaN, cpuRatio: ratioOf('cpuSeconds'), budget }
}

function run([command, ...args]: Command): Measured {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  const seconds = (performance.now() - start) / 1000
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  const told = stdout.startsWith('{') ? (JSON.parse(stdout) as { rss: number; cpu: number }) : undefined
  return { seconds, cpuSeconds: told?.cpu, megabytes: told && Math.round(told.rss) }
}

/** undefined when one of them is not known. */
function median(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined && !Number.isNaN(value)) as number[]
  return known.length < values.length ? undefined : known.sort((a, b) => a - b)[known.length >> 1]
}

function compiled(folder: string): string | undefined {
  const program = join(folder, 'loop')
  writeFileSync(`${program}.c`, LOOP)
  try {
    execFileSync('cc', ['-O2', '-o', program, `${program}.c`], { stdio: 'ignore' })
    return program
  } catch {
    return undefined
  }
}

/** Indented as kubectl does; a pod has 18 KB, most of it managedFields and environment. */
function writeDump(path: string, size: number): void {
  const fd = openSync(path, 'w')
  writeSync(fd, '{\n    "apiVersion": "v1",\n    "items": [\n')
  for (let written = 0, i = 0; written < size; i++) {
    const text = `${i === 0 ? '' : ',\n'}${JSON.stringify(pod(i), null, 4).replace(/^/gm, '        ')}`
    written += writeSync(fd, text)
  }
  writeSync(fd, '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n')
  closeSync(fd)
}

function pod(i: number): object {
  const ip = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`
  const name = `web-7d9f8-${i}`
  const fields = Object.fromEntries(Array.from({ length: 12 }, (_, j) => [`k:{"name":"VARIABLE_${j}"}`, { '.': {}, 'f:name': {}, 'f:value': {} }]))
  const managed = {
    apiVersion: 'v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:env': fields } } } },
  }
  const env = Array.from({ length: 20 }, (_, j) => ({ name: `VARIABLE_${j}`, value: `value ${j} of a setting, "quoted"` }))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      creationTimestamp: '2026-11-23T20:00:35Z',
      managedFields: [managed, managed, managed],
      name,
      namespace: `team-${i % 50}`,
      uid: `0000-${i}`,
    },
    spec: { containers: [{ env, image: 'registry.example/web:1.2.3', name: 'web' }], nodeName: `node-${i % 5000}` },
    status: { hostIP: '192.168.1.1', phase: 'Running', podIP: ip, podIPs: [{ ip }] },
  }
}

function writeStateFiles(root: string, nodes: number): void {
  for (let node = 0; node < nodes; node++) {
    const folder = join(root, 'nodes', `node-${node}`, 'var/lib/cni/networks/cbr0')
    mkdirSync(folder, { recursive: true })
    for (let i = 0; i < FILES_PER_NODE; i++) {
      const id = (node * FILES_PER_NODE + i).toString(16).padStart(64, 'a')
      writeFileSync(join(folder, `10.${node >> 8}.${node & 255}.${i + 2}`), `${id}\r\neth0`)
    }
  }
}
