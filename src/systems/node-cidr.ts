// Ranges that a controller cuts from the cluster CIDR, one per node and family (Node.spec.podCIDRs), and where that cluster CIDR is written down.
// Not visible from outside: ranges that the controller still holds for deleted nodes.
import type { Block, DeclaredRange, Pool } from '../model/inventory.ts'
import { asCidr, type Cidr, cidrCovers, compareCidrs, type Family, formatCidr, networkOf, rangeOf, readCidr } from '../net/index.ts'
import { defineSystem } from './define-system.ts'
import { rangesOfConfigMap, rangesOfOpenShift } from './kubernetes/config-map-ranges.ts'
import { rangesOfControlPlanePod } from './kubernetes/controller-flags.ts'
import { listAt, textAt, valueAt } from './kubernetes/fields.ts'

/** Two nodes at least: the common network of one range is the range itself. */
function guessedPool(blocks: readonly Block[], family: Family): DeclaredRange | undefined {
  const cidrs = blocks.map((block) => block.cidr).filter((cidr) => cidr.family === family)
  const first = cidrs[0]
  if (first === undefined || cidrs.length < 2) return undefined
  let common: Cidr = first
  for (const cidr of cidrs) while (!cidrCovers(common, cidr)) common = networkOf({ family, value: common.base }, common.prefix - 1)
  return {
    role: 'pods',
    cidr: common,
    nodePrefix: first.prefix,
    by: 'smallest network around the node ranges',
    certainty: 'inferred',
    origin: 'nodes',
  }
}

function poolsFrom(declared: readonly DeclaredRange[], blocks: readonly Block[]): Pool[] {
  const chosen = ([4, 6] as const).flatMap((family) => {
    const stated = declared.filter((range) => range.role === 'pods' && range.cidr.family === family && range.nodePrefix !== undefined)
    const best = stated.length > 0 ? stated : [guessedPool(blocks, family)].flatMap((guess) => guess ?? [])
    // One range can be stated in several places; each network counts once.
    return [...new Map(best.map((range) => [formatCidr(range.cidr), range])).values()].sort((a, b) => compareCidrs(a.cidr, b.cidr))
  })
  return chosen.map((range) => ({
    system: 'node-cidr',
    name: 'cluster',
    domain: 'default',
    family: range.cidr.family,
    ranges: [rangeOf(range.cidr)],
    blockPrefix: range.nodePrefix as number,
    certainty: range.certainty,
    origin: `${range.by} (${range.origin})`,
  }))
}

export const nodeCidr = defineSystem({
  id: 'node-cidr',
  title: 'Node ranges of the cluster CIDR',
  kinds: ['/Node', '/Pod', '/ConfigMap', 'config.openshift.io/Network', 'cluster.x-k8s.io/Cluster'],
  files: false,
  parser() {
    const blocks = new Map<string, Block[]>()
    const declared: DeclaredRange[] = []
    return {
      object(document) {
        if (document.kind === 'Pod') declared.push(...rangesOfControlPlanePod(document))
        else if (document.kind === 'ConfigMap') declared.push(...rangesOfConfigMap(document))
        else if (document.kind === 'Network') declared.push(...rangesOfOpenShift(document))
        else if (document.kind === 'Node') {
          const node = textAt(document.object, 'metadata', 'name') ?? '?'
          const listed = listAt(document.object, 'spec', 'podCIDRs')
          const texts = listed.length > 0 ? listed : [valueAt(document.object, 'spec', 'podCIDR')]
          // What cannot be read is reported by the workloads system, which reads the same objects.
          const cidrs = texts.flatMap((text) => (typeof text === 'string' ? (readCidr(text)?.value ?? []) : []))
          blocks.set(
            node,
            cidrs.map((cidr) => ({ system: 'node-cidr', pool: 'cluster', domain: 'default', cidr, node, origin: document.origin })),
          )
        }
      },
      finish() {
        const all = [...blocks.values()].flat()
        const sorted = declared.sort((a, b) => compareCidrs(a.cidr, b.cidr) || (a.by < b.by ? -1 : 1))
        return {
          blocks: all,
          declared: sorted,
          pools: poolsFrom(sorted, all).filter((pool) => pool.ranges.every((range) => asCidr(range) !== undefined)),
          signals:
            all.length === 0
              ? []
              : [{ mode: 'nodeipam+host-local', weight: 1, fact: `${blocks.size} nodes have podCIDRs`, origin: all[0]?.origin ?? 'nodes' }],
        }
      },
    }
  },
})
