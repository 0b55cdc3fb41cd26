// What the audit's analysis costs beside reading the same objects, and how it grows: Calico's blocks, full of pods that hold what is recorded.
import { mergeInventory } from '../../src/model/merge-inventory.ts'
import { nodeUsage } from '../../src/model/node-usage.ts'
import { rules } from '../../src/rules/index.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import type { ObjectDocument } from '../../src/sources/source.ts'
import { documentSink } from '../../src/systems/document-sink.ts'
import { systems } from '../../src/systems/index.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const FIRST = 0x0a000000
const PER_BLOCK = 64

const textOf = (value: number): string => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.')

interface Described {
  readonly apiVersion: string
  readonly kind: string
}

function* objects(count: number): Generator<Described & Record<string, unknown>> {
  const crd = 'crd.projectcalico.org/v1'
  const created = '2026-11-20T08:00:00Z'
  yield { apiVersion: crd, kind: 'IPPool', metadata: { name: 'pods' }, spec: { cidr: '10.0.0.0/8', blockSize: 26 } }
  const blocks = Math.ceil(count / PER_BLOCK)
  for (let block = 0; block < blocks; block++) {
    const node = `node-${block}`
    yield { apiVersion: 'v1', kind: 'Node', metadata: { name: node, creationTimestamp: created }, spec: {}, status: { allocatable: { pods: '110' } } }
    const slots = Array.from({ length: PER_BLOCK }, (_, index) => index)
    const pods = slots.map((slot) => ({ name: `web-${block}-${slot}`, address: textOf(FIRST + block * PER_BLOCK + slot) }))
    const attributes = pods.map(({ name }) => ({
      handle_id: `k8s-pod-network.${name}`,
      secondary: { pod: name, namespace: 'shop', node, timestamp: '2026-11-20 08:00:00 +0000 UTC' },
    }))
    const cidr = `${textOf(FIRST + block * PER_BLOCK)}/26`
    const name = cidr.replaceAll(/[./]/g, '-')
    const spec = { cidr, affinity: `host:${node}`, allocations: slots, attributes, unallocated: [], deleted: false }
    yield { apiVersion: crd, kind: 'IPAMBlock', metadata: { name }, spec }
    for (const pod of pods) {
      const metadata = { name: pod.name, namespace: 'shop', uid: pod.name, creationTimestamp: created, annotations: annotationsOf(pod.address) }
      const status = { phase: 'Running', startTime: created, podIP: pod.address, podIPs: [{ ip: pod.address }] }
      yield { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: node }, status }
    }
  }
}

const annotationsOf = (address: string) => ({ 'cni.projectcalico.org/podIP': `${address}/32`, padding: 'x'.repeat(5000) }) // a real pod is 7 KB

/** Milliseconds that reading and analysis took. */
function measure(count: number): { readonly read: number; readonly analysed: number } {
  const texts = [...objects(count)].map((object) => JSON.stringify(object))
  const start = performance.now()
  const sink = documentSink(systems)
  for (const text of texts) {
    const object = JSON.parse(text) as Described & Record<string, unknown>
    sink.accept({ type: 'object', apiVersion: object.apiVersion, kind: object.kind, object, origin: 'cluster/objects.json' } satisfies ObjectDocument)
  }
  const { parts } = sink.finish()
  const middle = performance.now()
  const inventory = mergeInventory(parts, { cluster: 'bench', now: NOW, collectedAt: NOW, newestFile: undefined, coverage: [] })
  const { findings } = runRules(rules, inventory, { grace: 900_000 })
  inventory.usage()
  nodeUsage(inventory)
  if (findings.some(({ severity }) => severity === 'critical')) throw new Error('the cluster of this benchmark is healthy')
  return { read: middle - start, analysed: performance.now() - middle }
}

export function bench(): readonly { name: string; ours: number; other: number; ratio: number; budget: number }[] {
  measure(5_000) // warm
  const small = measure(10_000)
  const large = measure(100_000)
  const nanoseconds = (large.analysed * 1e6) / 100_000
  return [
    {
      name: 'analysis of 100,000 allocations / JSON.parse and parsing of their objects (ms)',
      ours: large.analysed,
      other: large.read,
      ratio: large.analysed / large.read,
      budget: 0.05,
    },
    {
      name: 'analysis of 100,000 allocations / of 10,000 (ms)',
      ours: large.analysed,
      other: small.analysed,
      ratio: large.analysed / small.analysed,
      budget: 12,
    },
    { name: 'nanoseconds a record at 100,000 allocations', ours: nanoseconds, other: 300, ratio: nanoseconds / 300, budget: 1 },
  ]
}
