// The whole audit of 20,000 pods in a real API server beside `kubectl get pods -A -o json | wc -c`: whole processes in turn, from the same server.
// Needs Linux and Go; the first run builds etcd, kube-apiserver and kubectl, which takes some minutes.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pLimit from 'p-limit'
import type { KubeObject } from '../real/api.ts'
import { type Cluster, controlPlaneMissing, startCluster } from '../real/cluster.ts'
import { buildGoModule } from '../real/go-module.ts'
import { kubectl } from '../real/tools.ts'
import type { BenchRow } from './cluster.ts'

const PODS = Number(process.env['IPAM_BENCH_REAL_PODS'] ?? 20_000)
const NODES = 200
const NAMESPACES = 20
const ROUNDS = 3
const AT_ONCE = 16

const node = (n: number): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `node-${n}`, labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': `node-${n}` } },
  spec: { podCIDR: `10.${64 + (n >> 8)}.${n & 255}.0/24`, podCIDRs: [`10.${64 + (n >> 8)}.${n & 255}.0/24`] },
})

/** What a Deployment with a sidecar, probes and volumes makes; the server adds its defaults and managedFields. */
function pod(i: number): KubeObject {
  const env = Array.from({ length: 12 }, (_, n) => ({ name: `SETTING_${n}`, value: `value-${n}-${'x'.repeat(30)}` }))
  const probe = { httpGet: { path: '/healthz', port: 8080 }, periodSeconds: 10 }
  const container = (name: string) => ({
    name,
    image: `registry.example.com/team-${i % NAMESPACES}/${name}:1.2.3`,
    env,
    ports: [{ name: 'http', containerPort: 8080 }],
    resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { memory: '256Mi' } },
    readinessProbe: probe,
    livenessProbe: probe,
    volumeMounts: [{ name: 'settings', mountPath: '/etc/settings', readOnly: true }],
  })
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-${i}`,
      namespace: `team-${i % NAMESPACES}`,
      labels: { 'app.kubernetes.io/name': 'web', 'app.kubernetes.io/instance': `web-${i}`, 'pod-template-hash': '5d9c7b8f6d' },
      annotations: { 'prometheus.io/scrape': 'true', 'kubectl.kubernetes.io/restartedAt': '2026-01-01T00:00:00Z' },
    },
    spec: {
      nodeName: `node-${i % NODES}`,
      containers: [container('main'), container('sidecar')],
      volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
      tolerations: [{ key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }],
    },
  }
}

/** As kubelet reports it. */
function running(object: KubeObject, i: number): KubeObject {
  const n = i % NODES
  const ip = `10.${64 + (n >> 8)}.${n & 255}.${2 + Math.floor(i / NODES)}`
  const at = '2026-01-01T00:00:00Z'
  const condition = (type: string) => ({ type, status: 'True', lastTransitionTime: at })
  const containerStatus = (name: string) => ({
    name,
    ready: true,
    started: true,
    restartCount: 0,
    image: `registry.example.com/${name}:1.2.3`,
    imageID: `registry.example.com/${name}@sha256:${'0123456789abcdef'.repeat(4)}`,
    containerID: `containerd://${'fedcba9876543210'.repeat(4)}`,
    state: { running: { startedAt: at } },
  })
  return {
    ...object,
    status: {
      phase: 'Running',
      startTime: at,
      hostIP: `192.0.2.${n}`,
      hostIPs: [{ ip: `192.0.2.${n}` }],
      podIP: ip,
      podIPs: [{ ip }],
      conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(condition),
      containerStatuses: ['main', 'sidecar'].map(containerStatus),
    },
  }
}

async function fill(cluster: Cluster): Promise<void> {
  const limit = pLimit(AT_ONCE)
  const all = (count: number, make: (i: number) => Promise<unknown>) => Promise.all(Array.from({ length: count }, (_, i) => limit(() => make(i))))
  await all(NAMESPACES, (i) => cluster.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: `team-${i}` } }))
  await all(NODES, (i) => cluster.api.create(node(i)))
  await all(PODS, async (i) => {
    const object = pod(i)
    await cluster.api.create(object)
    await cluster.api.patchStatus(running(object, i))
  })
}

interface Run {
  /** User and system time of the process and of what it started. */
  readonly cpu: number
  readonly wall: number
  /** Peak memory of the program itself. */
  readonly mb: number
  readonly output: string
}

/** Processor time of children that have ended, in milliseconds: cutime and cstime of proc_pid_stat(5), in ticks of 10 ms. */
function childTime(): number {
  const fields = readFileSync('/proc/self/stat', 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ')
  return (Number(fields[13]) + Number(fields[14])) * 10
}

/** The highest value that the kernel has seen, as long as the process is there to be asked. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve, reject) => void child.once('error', reject).once('close', (code) => resolve(code)))

/** @param into what its output is piped to; else it is kept */
async function measure(command: readonly string[], into?: readonly string[]): Promise<Run> {
  const [before, start] = [childTime(), performance.now()]
  const [file = '', ...args] = command
  const reader = into === undefined ? undefined : spawn(into[0] as string, into.slice(1), { stdio: ['pipe', 'pipe', 'inherit'] })
  const child = spawn(file, args, { stdio: ['ignore', reader?.stdin ?? 'pipe', 'pipe'] })
  reader?.stdin.destroy()
  const chunks: Buffer[] = []
  const errors: Buffer[] = []
  ;(reader ?? child).stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr?.on('data', (chunk: Buffer) => errors.push(chunk))
  let mb = 0
  const timer = setInterval(() => {
    mb = Math.max(mb, peakOf(child.pid ?? 0))
  }, 20)
  const [code] = await Promise.all([ended(child), reader === undefined ? undefined : ended(reader)])
  clearInterval(timer)
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${Buffer.concat(errors).toString().slice(0, 2000)}`)
  return { cpu: childTime() - before, wall: performance.now() - start, mb, output: Buffer.concat(chunks).toString() }
}

function checkAudit({ output }: Run): void {
  const { coverage } = JSON.parse(output) as {
    readonly coverage: readonly { readonly source: string; readonly status: string; readonly read: number }[]
  }
  const pods = coverage.find(({ source }) => source === 'pods')
  if (pods?.status !== 'complete' || pods.read !== PODS) throw new Error(`the audit read ${pods?.read} of ${PODS} pods (${pods?.status})`)
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** No rows, and the reason on stderr, where a control plane or kubectl cannot be had. */
export async function bench(root = process.cwd()): Promise<readonly BenchRow[]> {
  const missing = controlPlaneMissing()
  const built = missing === undefined ? await buildGoModule(kubectl) : { reason: missing }
  if ('reason' in built) {
    console.warn(`the benchmark "real" was not run: ${built.reason}`)
    return []
  }
  const cluster = await startCluster({ controllerManager: false })
  try {
    console.warn(`making ${PODS} pods on ${NODES} nodes`)
    await fill(cluster)
    const audit = [
      process.execPath,
      join(root, 'bin/run.js'),
      'audit',
      '--kubeconfig',
      cluster.kubeconfig,
      '--fail-on',
      'never',
      '--allow-incomplete',
      '--json',
    ]
    const get = [join(built.dir, 'kubectl'), '--kubeconfig', cluster.kubeconfig, 'get', 'pods', '-A', '-o', 'json']
    const rounds: { readonly ours: Run; readonly other: Run }[] = []
    for (let round = 0; round <= ROUNDS; round++) {
      const pair = { ours: await measure(audit), other: await measure(get, ['wc', '-c']) }
      checkAudit(pair.ours)
      if (round > 0) rounds.push(pair) // the first warms the caches of the server and of the disk
    }
    console.warn(`kubectl printed ${(Number(rounds[0]?.other.output) / 1e6).toFixed(0)} MB`)
    const row = (what: string, of: (run: Run) => number): BenchRow => ({
      name: `audit of ${PODS} real pods / kubectl get pods -o json, ${what}`,
      ours: median(rounds.map(({ ours }) => of(ours))),
      other: median(rounds.map(({ other }) => of(other))),
      ratio: median(rounds.map(({ ours, other }) => of(ours) / of(other))),
      budget: 'none',
    })
    return [row('CPU ms', ({ cpu }) => cpu), row('wall ms', ({ wall }) => wall), row('peak MB', ({ mb }) => mb)]
  } finally {
    await cluster.stop()
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await bench())
