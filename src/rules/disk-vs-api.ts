// DRF-503: the files on a node say other ranges than its node object.

import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { podId } from '../model/pod-state.ts'
import { compareAddresses, formatAddress, formatCidr } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { cidrTexts } from './facts/canonical-text.ts'
import { type DiskDrift, diskDrifts } from './facts/disk-drift.ts'
import { nodesWithWrongFirst } from './facts/first-configuration.ts'
import { needs } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'
import { needsConfiguration } from './facts/node-configuration.ts'

const nodeFact = ({ node }: DiskDrift): Evidence => ({
  source: node.origin,
  fact: `Node ${node.name} has podCIDRs ${node.podCidrs.map(formatCidr).join(', ')}`,
})

function configuredRanges(drift: DiskDrift, followsFirst: boolean): Violation | undefined {
  const { node, network, state, ranges } = drift
  if (ranges.length === 0 || network === undefined) return undefined
  const subnets = cidrTexts(ranges.map(({ subnet }) => subnet))
  const follows = followsFirst ? ' (follows from CFG-601: the wrong configuration comes first there)' : ''
  return {
    severity: followsFirst ? 'low' : 'high',
    cause: 'configured-range',
    message: `${node.name} hands out ${subnets.join(', ')}, and its node object says ${node.podCidrs.map(formatCidr).join(', ')}${follows}`,
    addresses: subnets,
    nodes: [node.name],
    evidence: [{ source: `${state.origin}/${network.file}`, fact: `network ${network.name} has ${subnets.join(', ')}` }, nodeFact(drift)],
  }
}

function flannelSubnets(drift: DiskDrift): Violation | undefined {
  const { node, state, flannel } = drift
  if (flannel.length === 0) return undefined
  const subnets = cidrTexts(flannel)
  return {
    cause: 'flannel-subnet',
    message: `flannel works with ${subnets.join(', ')} on ${node.name}, and its node object says ${node.podCidrs.map(formatCidr).join(', ')}`,
    addresses: subnets,
    nodes: [node.name],
    evidence: [{ source: state.flannel?.origin ?? state.origin, fact: `subnet.env has ${subnets.join(', ')}` }, nodeFact(drift)],
  }
}

/** Only with a live pod behind the file; without one it is LEAK-201's. */
function* strayFiles(drift: DiskDrift, followsFirst: boolean): Generator<Violation> {
  const reported = drift.ranges.length + drift.flannel.length > 0
  for (const [directory, strays] of groupBy(drift.strays, (stray) => stray.directory)) {
    const addresses = [...strays].sort((a, b) => compareAddresses(a.address, b.address)).map((stray) => formatAddress(stray.address))
    const owners = [...new Set(strays.flatMap((stray) => stray.pods.map(podId)))].sort()
    const follows = reported ? ' (follows from the range that the node works with)' : followsFirst ? ' (follows from CFG-601)' : ''
    yield {
      severity: reported || followsFirst ? 'low' : 'high',
      cause: 'outside-configured-ranges',
      message: `${counted(owners.length, 'live pod')} on ${drift.node.name} ${owners.length === 1 ? 'has an address' : 'have addresses'} outside of every range configured for network ${directory.network}: ${nameList(addresses)}${follows}`,
      addresses,
      nodes: [drift.node.name],
      owners,
      subject: [directory.network],
      evidence: [{ source: directory.origin, fact: `allocation files for ${nameList(addresses)}` }],
    }
  }
}

function* check(inventory: Inventory): Generator<Violation> {
  const wrongFirst = nodesWithWrongFirst(inventory)
  for (const [name, drift] of diskDrifts(inventory)) {
    const follows = wrongFirst.has(name)
    for (const violation of [configuredRanges(drift, follows), flannelSubnets(drift)]) if (violation !== undefined) yield violation
    yield* strayFiles(drift, follows)
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'ranges on disk against node objects'
  const whole = [...needsConfiguration(inventory, what), ...needs(inventory, 'nodes', what)].filter((gap) => gap.whole)
  if (whole.length > 0) return whole.slice(0, 1)
  const unused = usesNodeRanges(inventory.mode)
    ? []
    : [{ reason: `${what}: mode ${inventory.mode} takes no addresses from podCIDRs; only allocation files were compared`, whole: false }]
  return [...needsConfiguration(inventory, what), ...needs(inventory, 'pods', what).map((gap) => ({ ...gap, whole: false })), ...unused]
}

export const diskVsApi = defineRule({
  id: 'DRF-503',
  name: 'disk-vs-api',
  title: 'A node works with another range than its node object says',
  severity: 'high',
  revision: 1,
  why: 'Routes to pods follow the node object, addresses follow the files on the node: pods there are unreachable from other nodes, or answer for somebody else’s address.',
  predicate:
    'In modes that use node ranges: a host-local range of the default network lies in none of the node’s podCIDRs, or flannel’s subnet.env has another subnet than they say. In any mode: an allocation file outside of every range configured for its network, whose address a live pod on the node has. High; low where it follows from CFG-601 or from the node’s own wrong range.',
  guards: [
    'Ranges that are filled in at run time (usePodCidr, flannel) are not compared.',
    'A range inside the podCIDR, cut out of a larger subnet, is fine.',
    'Nodes without podCIDRs are CAP-401’s; nodes with a range that others hand out too are DUP-103’s.',
    'A file outside of every range without a live pod is LEAK-201’s.',
  ],
  playbook: 'R9',
  links: [
    'https://github.com/cloudnativelabs/kube-router/issues/496',
    'https://github.com/flannel-io/flannel/issues/1850',
    'https://github.com/lf-edge/eve/issues/6613',
  ],
  gaps,
  check,
})
