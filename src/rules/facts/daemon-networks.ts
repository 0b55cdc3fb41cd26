// What flannel and kube-proxy take for the pods' range, held against the cluster CIDR, or against the node ranges where that is not known.
import type { Evidence, Severity, Violation } from '../../model/finding.ts'
import { groupBy } from '../../model/group-by.ts'
import type { Block, DeclaredRange } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import { type Cidr, cidrCovers, compareCidrs, formatCidr } from '../../net/index.ts'
import { cidrTexts } from './canonical-text.ts'
import type { PodRangeStatements } from './cluster-cidr.ts'
import { fixBy } from './fix-by.ts'
import { nameList } from './name-list.ts'
import { byNodeName } from './node-configuration.ts'

export const declaredFacts = (ranges: readonly DeclaredRange[]): Evidence[] =>
  ranges.map((range) => ({ source: range.origin, fact: `${range.by} says ${formatCidr(range.cidr)}` })).sort((a, b) => (a.fact < b.fact ? -1 : 1))

export interface Comparison {
  readonly inventory: Inventory
  readonly statements: PodRangeStatements
  readonly blocks: readonly Block[]
  /** Node ranges outside of the cluster CIDR, reported already. */
  readonly outside: readonly Block[]
  /** Nobody uses node ranges in this mode. */
  readonly unused: boolean
}

/** With the cluster CIDR edited under running nodes, whoever still says the old one is right about the nodes: one cause, reported once. */
function rated({ outside, unused }: Comparison, cidr: Cidr, usual: Severity): { severity: Severity; because: string } {
  const same = outside.filter((block) => block.cidr.family === cidr.family)
  if (same.length > 0 && same.every((block) => cidrCovers(cidr, block.cidr)))
    return { severity: 'low', because: '; it fits the node ranges that lie outside of the cluster CIDR, which is a finding of its own' }
  return { severity: unused ? 'low' : usual, because: '' }
}

/** A ConfigMap is corrected, the nodes stay. */
const CORRECT = fixBy('R17')

interface Statement {
  readonly cidr: Cidr
  readonly facts: readonly Evidence[]
  readonly nodes: readonly string[]
}

/** From the ConfigMap and from every node's subnet.env, each network once. */
function flannelNetworks(inventory: Inventory, declared: readonly DeclaredRange[]): Statement[] {
  const onNodes = byNodeName(inventory.nodeStates).flatMap((state) =>
    (state.flannel?.networks ?? []).map((cidr) => ({
      cidr,
      node: state.node,
      fact: { source: state.flannel?.origin ?? state.origin, fact: `FLANNEL_NETWORK on ${state.node} is ${formatCidr(cidr)}` },
    })),
  )
  const inMaps = declared.map((range) => ({ cidr: range.cidr, node: undefined, fact: declaredFacts([range])[0] as Evidence }))
  return [...groupBy([...inMaps, ...onNodes], ({ cidr }) => formatCidr(cidr)).values()]
    .map((group) => ({
      cidr: (group[0] as (typeof group)[number]).cidr,
      facts: group.map(({ fact }) => fact),
      nodes: [...new Set(group.flatMap(({ node }) => node ?? []))].sort(),
    }))
    .sort((a, b) => compareCidrs(a.cidr, b.cidr))
}

export function* wrongFlannelNetworks(comparison: Comparison): Generator<Violation> {
  const { inventory, statements, blocks } = comparison
  for (const { cidr, facts, nodes } of flannelNetworks(inventory, statements.flannel)) {
    const own = statements.allocator.filter((range) => range.cidr.family === cidr.family)
    const inside = own.length === 0 || own.some((range) => cidrCovers(range.cidr, cidr))
    const missed = inside ? blocks.filter((block) => block.cidr.family === cidr.family && !cidrCovers(cidr, block.cidr)) : []
    if (inside && missed.length === 0) continue
    const { severity, because } = rated(comparison, cidr, 'high')
    const against = inside
      ? `does not hold the ranges of ${nameList([...new Set(missed.map((block) => block.node))].sort())}`
      : `is not in the cluster CIDR ${cidrTexts(own.map((range) => range.cidr)).join(', ')}`
    yield {
      severity,
      cause: 'flannel-network',
      ...CORRECT,
      message: `flannel's Network ${formatCidr(cidr)} ${against}${because}`,
      addresses: cidrTexts([cidr, ...(inside ? missed : own).map((item) => item.cidr)]),
      nodes,
      evidence: [...facts.slice(0, 5), ...declaredFacts(own)],
    }
  }
}

export function* wrongKubeProxyRanges(comparison: Comparison): Generator<Violation> {
  const { statements, blocks } = comparison
  for (const family of [4, 6] as const) {
    const said = statements.kubeProxy.filter((range) => range.cidr.family === family)
    const own = statements.allocator.filter((range) => range.cidr.family === family)
    const wanted = (own.length > 0 ? own : blocks.filter((block) => block.cidr.family === family)).map((item) => item.cidr)
    const missed = wanted.filter((cidr) => !said.some((range) => cidrCovers(range.cidr, cidr)))
    const first = said[0]
    if (first === undefined || missed.length === 0) continue
    const { severity, because } = rated(comparison, first.cidr, 'medium')
    const ranges = cidrTexts(said.map((range) => range.cidr))
    yield {
      severity,
      cause: 'kube-proxy-cluster-cidr',
      ...CORRECT,
      message: `kube-proxy takes ${ranges.join(', ')} for the pods' range, which does not hold ${nameList(cidrTexts(missed))}: Service traffic of those pods is masqueraded as if it came from outside${because}`,
      addresses: cidrTexts([...said.map((range) => range.cidr), ...missed]),
      evidence: [...declaredFacts(said), ...declaredFacts(own)],
    }
  }
}
