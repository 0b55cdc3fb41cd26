// An audit of a large healthy cluster over HTTP, page by page, as a process of its own; and how much memory that process took.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CliResult, runCli } from './run-cli.ts'
import { type Asked, type Fault, raw, startFaultServer } from './sources/cluster/fault-server.ts'

export interface LargeAudit extends CliResult {
  /** Highest resident memory, in MB of 2^20 bytes. */
  readonly peak: number
}

const SINCE = '2026-11-01T08:00:00Z'

const dotted = (value: number): string => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')
const rangeOfNode = (node: number): number => 0x0a000000 + node * 256

function nodeText(i: number): string {
  const cidr = `${dotted(rangeOfNode(i))}/24`
  return JSON.stringify({
    metadata: { name: `node-${i}`, uid: `node-uid-${i}`, resourceVersion: `${i}`, creationTimestamp: SINCE },
    spec: { podCIDR: cidr, podCIDRs: [cidr] },
    status: { addresses: [{ type: 'InternalIP', address: dotted(0xac100000 + i) }], allocatable: { pods: '110' } },
  })
}

/** About 1.3 KB, with an id as long as a real one, in the order in which API servers list them; neighbours in the list run on different nodes. */
function podText(i: number, pods: number, nodes: number): string {
  const node = (i * 7) % nodes
  const ip = dotted(rangeOfNode(node) + 2 + Math.floor(i / nodes))
  const conditions = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
    (type) => `{"type":"${type}","status":"True","lastTransitionTime":"${SINCE}"}`,
  )
  const name = `web-6d4cf56db6-${i.toString(36).padStart(5, '0')}`
  const metadata = `"name":"${name}","namespace":"team-${10 + Math.floor((i * 50) / pods)}","uid":"6b1f0c2e-1f2d-4c3b-8a00-${i.toString(16).padStart(12, '0')}"`
  return `{"metadata":{${metadata},"resourceVersion":"${i}","creationTimestamp":"${SINCE}","labels":{"app":"web"},"managedFields":[{"manager":"kubelet","fieldsV1":{"f:status":{"f:note":"${'x'.repeat(300)}"}}}]},"spec":{"nodeName":"node-${node}","containers":[{"name":"main","image":"registry.example.com/web:1"}]},"status":{"phase":"Running","startTime":"${SINCE}","podIP":"${ip}","podIPs":[{"ip":"${ip}"}],"conditions":[${conditions.join(',')}]}}`
}

/** Pages are made when they are asked for: all of them together would fill the memory of the test. */
function pages(kind: string, count: number, text: (i: number) => string, { query }: Asked): string {
  const from = Number(query.get('continue') ?? 0)
  const to = Math.min(from + Number(query.get('limit') ?? 500), count)
  const rest = to < count ? `,"continue":"${to}","remainingItemCount":${count - to}` : ''
  const items = Array.from({ length: to - from }, (_, i) => text(from + i))
  return `{"kind":"${kind}List","apiVersion":"v1","metadata":{"resourceVersion":"1"${rest}},"items":[${items.join(',')}]}`
}

/** Loaded into the program beside its own code: the kernel's count of this process alone, where it tells one. */
const REPORT_PEAK = `import{readFileSync,writeFileSync}from'node:fs'
const own=()=>{try{return Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status','utf8'))?.[1])}catch{}}
process.on('exit',()=>writeFileSync(process.env.IPAM_PEAK,String(own()||process.resourceUsage().maxRSS)))`

const largeCluster =
  (pods: number, nodes: number): Fault =>
  (asked, response) => {
    if (asked.path === '/api/v1/pods')
      return raw(
        response,
        pages('Pod', pods, (i) => podText(i, pods, nodes), asked),
      )
    return asked.path === '/api/v1/nodes' && raw(response, pages('Node', nodes, nodeText, asked))
  }

/** @param pods at most 250 times as many as nodes */
export async function auditLargeCluster(pods: number, nodes: number, timeout: number): Promise<LargeAudit> {
  const server = await startFaultServer(largeCluster(pods, nodes))
  try {
    const file = join(server.folder, 'peak')
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(REPORT_PEAK)}`
    const kubeconfig = server.kubeconfig({ 'insecure-skip-tls-verify': true })
    const result = await runCli(['audit', '--kubeconfig', kubeconfig], { env: { NODE_OPTIONS, IPAM_PEAK: file }, timeout })
    return { ...result, peak: Number(readFileSync(file, 'utf8')) / 1024 }
  } finally {
    await server.stop()
  }
}
