// Ranges that a controller cuts from the cluster CIDR, one per node and family (Node.spec.podCIDRs), and where that cluster CIDR is written down.
// Not visible from outside: ranges that the controller still holds for deleted nodes.
import type { Block, DeclaredRange, ModeSignal, Pool } from '../model/inventory.ts'
import { asCidr, type Cidr, cidrCovers, compareCidrs, type Family, formatCidr, networkOf, rangeOf, readCidr } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { rangesOfConfigMap, rangesOfOpenShift } from './kubernetes/config-map-ranges.ts'
import { isControlPlanePod, rangesOfControlPlanePod } from './kubernetes/controller-flags.ts'
import { fieldsOf, textAt, valueAt } from './kubernetes/fields.ts'
import { rangesOfK3sServer } from './kubernetes/k3s-arguments.ts'
import { nodeRangeTexts } from './kubernetes/node-range-texts.ts'

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

/** Daemons that write onto nodes whose pods draw from the node's range, by the prefix of their annotations. */
const DAEMONS = { flannel: 'flannel.alpha.coreos.com/', 'kube-router': 'kube-router.io/' }

function daemonOf({ object }: ObjectDocument): string | undefined {
  const keys = Object.keys(fieldsOf(valueAt(object, 'metadata', 'annotations')))
  return Object.entries(DAEMONS).find(([, prefix]) => keys.some((key) => key.startsWith(prefix)))?.[0]
}

/** A default is no statement: where node ranges lie elsewhere, something else was said that is not in the input. */
const plausible = (defaults: readonly DeclaredRange[], blocks: readonly Block[]): readonly DeclaredRange[] =>
  defaults.filter(({ role, cidr }) => role !== 'pods' || blocks.every((block) => block.cidr.family !== cidr.family || cidrCovers(cidr, block.cidr)))

function signalsOf(blocks: readonly Block[], nodes: number, daemons: ReadonlyMap<string, readonly string[]>): ModeSignal[] {
  const origin = blocks[0]?.origin
  if (origin === undefined) return []
  const annotated = [...daemons].sort().map(([daemon, names]): ModeSignal => {
    const fact = `${daemon} annotates ${names.length === 1 ? '1 node' : `${names.length} nodes`} (${names[0]})`
    return { mode: 'nodeipam+host-local', weight: 1, fact, origin }
  })
  return [
    { mode: 'nodeipam+host-local', weight: 1, fact: nodes === 1 ? '1 node has podCIDRs' : `${nodes} nodes have podCIDRs`, origin },
    ...annotated,
  ]
}

export const nodeCidr = defineSystem({
  id: 'node-cidr',
  title: 'Node ranges of the cluster CIDR',
  kinds: ['/Node', '/Pod', '/ConfigMap', 'config.openshift.io/Network', 'cluster.x-k8s.io/Cluster'],
  fields: { '/Pod': { fields: { metadata: { labels: { component: true } } }, whole: isControlPlanePod } },
  files: false,
  parser() {
    const blocks = new Map<string, Block[]>()
    const declared: DeclaredRange[] = []
    const defaults: DeclaredRange[] = []
    const daemons = new Map<string, string[]>()
    return {
      object(document) {
        if (document.kind === 'Pod') declared.push(...rangesOfControlPlanePod(document))
        else if (document.kind === 'ConfigMap') declared.push(...rangesOfConfigMap(document))
        else if (document.kind === 'Network') declared.push(...rangesOfOpenShift(document))
        else if (document.kind === 'Node') {
          const node = textAt(document.object, 'metadata', 'name') ?? '?'
          const k3s = rangesOfK3sServer(document)
          declared.push(...k3s.stated)
          defaults.push(...k3s.defaults)
          const daemon = daemonOf(document)
          if (daemon !== undefined) daemons.set(daemon, [...(daemons.get(daemon) ?? []), node])
          // What cannot be read is reported by the workloads system, which reads the same objects.
          const cidrs = nodeRangeTexts(document.object).texts.flatMap((text) => (typeof text === 'string' ? (readCidr(text)?.value ?? []) : []))
          blocks.set(
            node,
            cidrs.map((cidr) => ({ system: 'node-cidr', pool: 'cluster', domain: 'default', cidr, node, origin: document.origin })),
          )
        }
      },
      finish() {
        const all = [...blocks.values()].flat()
        const sorted = [...declared, ...plausible(defaults, all)].sort((a, b) => compareCidrs(a.cidr, b.cidr) || (a.by < b.by ? -1 : 1))
        return {
          blocks: all,
          declared: sorted,
          pools: poolsFrom(sorted, all).filter((pool) => pool.ranges.every((range) => asCidr(range) !== undefined)),
          signals: signalsOf(all, blocks.size, daemons),
        }
      },
    }
  },
})
