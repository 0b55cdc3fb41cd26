// Reading a large list of pods from a real HTTP server, against reading the same bytes from disk and JSON.parse-ing them, and against client-node's own list.
// Paired runs of whole processes, in turn; the server is a process of its own and has its packed pages ready.
import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'
import { largePod } from './large-pod.ts'

export interface BenchRow {
  readonly name: string
  /** Medians: CPU milliseconds, or megabytes. */
  readonly ours: number
  readonly other: number
  /** Median of ours / other, round by round. */
  readonly ratio: number
  readonly budget: string
}

const PODS = Number(process.env['IPAM_BENCH_PODS'] ?? 150_000)
const PAGE = 500
const ROUNDS = 3

/** It packs each page once. */
const SERVER = `
import { createServer } from 'node:http'
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
const [folder, count] = process.argv.slice(2)
const pages = Array.from({ length: Number(count) }, (_, i) => gzipSync(readFileSync(folder + '/' + i + '.json'), { level: 1 }))
const resource = { resource: 'pods', responseKind: { group: '', version: 'v1', kind: 'Pod' }, scope: 'Namespaced', verbs: ['list'] }
const groups = { kind: 'APIGroupDiscoveryList', items: [{ metadata: { name: '' }, versions: [{ version: 'v1', resources: [resource] }] }] }
createServer((request, response) => {
  const url = new URL(request.url, 'http://x')
  if (url.pathname !== '/api/v1/pods') return response.end(JSON.stringify(url.pathname === '/api' ? groups : { kind: 'APIGroupDiscoveryList', items: [] }))
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(pages[Number(url.searchParams.get('continue') ?? 0)])
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

const PICK = `const pick = (pod) => ({ n: pod.metadata.name, s: pod.metadata.namespace, u: pod.metadata.uid, w: pod.spec.nodeName, p: pod.status.phase, i: pod.status.podIPs.map(({ ip }) => ip) })`
const REPORT = `const { user, system } = process.cpuUsage(); console.log(JSON.stringify({ read: kept.length, ms: (user + system) / 1000, mb: process.resourceUsage().maxRSS / 1024 }))`
const OURS = `
import { clusterSource } from './sources/cluster.js'
import { systems } from './systems/index.js'
import { needsOf } from './systems/kubernetes/needs.js'
${PICK}
const kept = []
const source = clusterSource({ kubeconfig: process.argv[2], kinds: ['/Pod'], chunkSize: ${PAGE}, requestTimeout: 60000, userAgent: 'bench', now: Date.now })
const summary = await source.read(({ object }) => kept.push(pick(object)), needsOf(systems))
if (summary.coverage.some(({ status }) => status !== 'complete')) throw new Error(JSON.stringify(summary.coverage))
${REPORT}`
const DISK = `
import { readFileSync } from 'node:fs'
${PICK}
const kept = []
for (let i = 0; i < Number(process.argv[3]); i++) for (const pod of JSON.parse(readFileSync(process.argv[2] + '/' + i + '.json', 'utf8')).items) kept.push(pick(pod))
${REPORT}`
const LIBRARY = `
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node'
${PICK}
const kept = []
const config = new KubeConfig()
config.loadFromFile(process.argv[2])
const api = config.makeApiClient(CoreV1Api)
for (let next; ; ) {
  const list = await api.listPodForAllNamespaces({ limit: ${PAGE}, ...(next ? { _continue: next } : {}) })
  for (const pod of list.items) kept.push(pick(pod))
  next = list.metadata._continue
  if (!next) break
}
${REPORT}`

interface Run {
  readonly ms: number
  readonly mb: number
}

function run(file: string, ...args: string[]): Run {
  const { stdout, stderr, status } = spawnSync(process.execPath, [file, ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const { read, ms, mb } = JSON.parse(stdout) as Run & { read: number }
  if (read !== PODS) throw new Error(`${file} read ${read} of ${PODS} pods`)
  return { ms, mb }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

function row(name: string, pairs: readonly (readonly [ours: number, other: number])[], budget: string): BenchRow {
  return {
    name,
    ours: median(pairs.map(([ours]) => ours)),
    other: median(pairs.map(([, other]) => other)),
    ratio: median(pairs.map(([a, b]) => a / b)),
    budget,
  }
}

export async function bench(root = process.cwd()): Promise<readonly BenchRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-bench-cluster-'))
  const pages = Math.ceil(PODS / PAGE)
  for (let page = 0; page < pages; page++) {
    const fd = openSync(join(folder, `${page}.json`), 'w')
    const next = page + 1 < pages ? `,"continue":"${page + 1}"` : ''
    const items = Array.from({ length: Math.min(PAGE, PODS - page * PAGE) }, (_, i) => JSON.stringify(largePod(page * PAGE + i)))
    writeSync(fd, `{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"${next}},"items":[${items.join(',')}]}`)
    closeSync(fd)
  }
  const programs = { server: SERVER, ours: OURS, disk: DISK, library: LIBRARY }
  for (const [name, text] of Object.entries(programs)) writeFileSync(join(folder, `${name}.mjs`), text)
  const banner = { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" }
  const common = {
    bundle: true,
    platform: 'node' as const,
    format: 'esm' as const,
    splitting: true,
    outdir: folder,
    logLevel: 'error' as const,
    nodePaths: [join(root, 'node_modules')],
    banner,
  } satisfies BuildOptions
  await build({
    ...common,
    entryPoints: ['sources/cluster', 'systems/index', 'systems/kubernetes/needs'].map((name) => join(root, `src/${name}.ts`)),
  })
  await build({
    ...common,
    splitting: false,
    entryPoints: [join(folder, 'library.mjs')],
    outdir: join(folder, 'out'),
    outExtension: { '.js': '.mjs' },
  })
  const server = spawn(process.execPath, [join(folder, 'server.mjs'), folder, String(pages)], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const port = await new Promise<string>((resolve) => server.stdout.once('data', (text: Buffer) => resolve(text.toString().trim())))
    const kubeconfig = join(folder, 'kubeconfig')
    const cluster = { server: `http://127.0.0.1:${port}`, 'insecure-skip-tls-verify': true }
    const contexts = [{ name: 'x', context: { cluster: 'c', user: 'u' } }]
    writeFileSync(
      kubeconfig,
      JSON.stringify({ clusters: [{ name: 'c', cluster }], users: [{ name: 'u', user: {} }], contexts, 'current-context': 'x' }),
    )
    const rounds = Array.from({ length: ROUNDS }, () => ({
      ours: run(join(folder, 'ours.mjs'), kubeconfig),
      disk: run(join(folder, 'disk.mjs'), folder, String(pages)),
      library: run(join(folder, 'out/library.mjs'), kubeconfig),
    }))
    return [
      row(
        `list ${PODS} pods against disk + JSON.parse, CPU ms`,
        rounds.map(({ ours, disk }) => [ours.ms, disk.ms] as const),
        '<= 1.5',
      ),
      row(
        `list ${PODS} pods against disk + JSON.parse, peak MB`,
        rounds.map(({ ours, disk }) => [ours.mb, disk.mb] as const),
        '<= 1.3',
      ),
      row(
        `list ${PODS} pods against client-node's list, CPU ms`,
        rounds.map(({ ours, library }) => [ours.ms, library.ms] as const),
        '<= 0.45',
      ),
    ]
  } finally {
    server.kill()
    rmSync(folder, { recursive: true })
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await bench())
