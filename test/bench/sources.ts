// Benchmarks of the directory source as paired runs of whole processes: a large kubectl dump against JSON.parse, state files against a loop in C.
import { execFileSync, spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { largePod } from './large-pod.ts'

export interface BenchRow {
  readonly name: string
  /** Medians of the rounds: processor seconds, or megabytes. */
  readonly ours: number
  readonly other: number
  /** Median of ours / other, round by round. */
  readonly ratio: number
  readonly budget: string
}

interface Measured {
  /** User and system time, all threads: other work on the machine hardly moves it. */
  readonly cpu: number
  /** Largest resident set in megabytes. */
  readonly rss: number
  readonly read: number
}

export interface BenchOptions {
  /** Folder of the package. */
  readonly root?: string
  /** Size of the dump; JSON.parse itself ends at 512 MiB. */
  readonly dumpMegabytes?: number
  /** Size of one that is too large for JSON.parse, and for readFile, which ends at 2 GiB. */
  readonly largeMegabytes?: number
  readonly nodes?: number
  readonly rounds?: number
}

type Command = readonly [string, ...(readonly string[])]

const FILES_PER_NODE = 110
const REPORT = `
const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
console.log(JSON.stringify({ read, rss: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1e6 }))`
const READER = `
import { directorySource } from './sources/directory.js'
import { systems } from './systems/index.js'
import { needsOf } from './systems/kubernetes/needs.js'
let read = 0
const source = directorySource({ from: [process.argv[2]], hostLocal: [] })
const summary = await source.read((document) => { read += document.type === 'state' ? document.entries.length : 1 }, needsOf(systems))
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

export async function bench(options: BenchOptions = {}): Promise<BenchRow[]> {
  const {
    root = process.cwd(),
    dumpMegabytes = 450,
    largeMegabytes = 2300,
    nodes = Number(process.env['IPAM_BENCH_NODES'] ?? 5000),
    rounds = 3,
  } = options
  const folder = mkdtempSync(join(tmpdir(), 'ipam-bench-sources-'))
  try {
    const banner = { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" }
    const entryPoints = ['sources/directory', 'systems/index', 'systems/kubernetes/needs'].map((name) => join(root, `src/${name}.ts`))
    await build({ entryPoints, bundle: true, splitting: true, platform: 'node', format: 'esm', outdir: folder, banner, logLevel: 'error' })
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
    writeFileSync(join(folder, 'reader.js'), READER)
    writeFileSync(join(folder, 'parser.js'), PARSER)
    const ours = (path: string): Command => [process.execPath, join(folder, 'reader.js'), path]
    const dump = join(folder, 'pods.json')
    writeDump(dump, dumpMegabytes * 1e6)
    const parse: Command = [process.execPath, join(folder, 'parser.js'), dump]
    const results = compare(`${dumpMegabytes} MB dump against JSON.parse`, ours(dump), parse, ['<= 1.3', '<= 0.25'], rounds)
    writeDump(dump, largeMegabytes * 1e6)
    const large = run(ours(dump))
    results.push({
      name: `peak MB of a ${largeMegabytes} MB dump of ${large.read} pods, against 200 MB and 400 B a pod`,
      ours: large.rss,
      other: 200 + (large.read * 400) / 1e6,
      ratio: large.rss / (200 + (large.read * 400) / 1e6),
      budget: '<= 1',
    })
    rmSync(dump)
    const bundle = join(folder, 'bundle')
    writeStateFiles(bundle, nodes)
    const files = `${nodes * FILES_PER_NODE} state files`
    const loop = compiled(folder)
    if (loop) {
      results.push(...compare(`${files} against open, fstat, read, close in C`, ours(bundle), [loop, bundle, 'stat'], ['<= 2.2'], rounds))
      results.push(...compare(`${files} against open, read, close in C`, ours(bundle), [loop, bundle], ['<= 2.8'], rounds))
    }
    return results
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param budgets of the processor time and, where it is promised, of the memory */
function compare(name: string, ours: Command, other: Command, [forTime, forMemory]: readonly string[], rounds: number): BenchRow[] {
  run(ours) // both sides find the files in the page cache
  const pairs = Array.from({ length: rounds }, () => [run(ours), run(other)] as const)
  const row = (what: string, field: 'cpu' | 'rss', budget: string): BenchRow => ({
    name: `${name}, ${what}`,
    ours: median(pairs.map(([one]) => one[field])),
    other: median(pairs.map(([, one]) => one[field])),
    ratio: median(pairs.map(([one, two]) => one[field] / two[field])),
    budget,
  })
  return [row('CPU s', 'cpu', forTime ?? ''), ...(forMemory === undefined ? [] : [row('peak MB', 'rss', forMemory)])]
}

function run([command, ...args]: Command): Measured {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`)
  return JSON.parse(stdout) as Measured
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

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

/** Indented as kubectl does; a pod has 18 KB. */
function writeDump(path: string, size: number): void {
  const fd = openSync(path, 'w')
  writeSync(fd, '{\n    "apiVersion": "v1",\n    "items": [\n')
  for (let written = 0, i = 0; written < size; i++) {
    const text = `${i === 0 ? '' : ',\n'}${JSON.stringify({ apiVersion: 'v1', kind: 'Pod', ...largePod(i) }, null, 4).replace(/^/gm, '        ')}`
    written += writeSync(fd, text)
  }
  writeSync(fd, '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n')
  closeSync(fd)
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
