// DUP-103: host-local counts on every node alone, yet its range is one that other nodes hand out too.
import type { Evidence, Violation } from '../model/finding.ts'
import { networkOfDirectory } from '../model/host-local-ranges.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { type Address, addressKey, compareAddresses, formatAddress, formatCidr, holds } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { hostLocalAttachments } from './facts/host-local-attachments.ts'
import { counted, nameList } from './facts/name-list.ts'
import { needsConfiguration } from './facts/node-configuration.ts'
import { baseName, isRuntimeSample } from './facts/runtime-sample.ts'
import { type SharedRanges, sharedFixedRanges } from './facts/shared-fixed-ranges.ts'

const EVIDENCE = 5

interface Taken {
  readonly address: Address
  /** Node names, each with the directory of the file. */
  readonly places: Map<string, string>
}

/** Addresses of the shared ranges for which two nodes hold an allocation file. */
function takenTwice(inventory: Inventory, shared: SharedRanges): Taken[] {
  const taken = new Map<number | bigint, Taken>()
  for (const name of shared.nodes) {
    const state = inventory.stateOf.get(name)
    for (const directory of state?.directories ?? []) {
      if (state === undefined || networkOfDirectory(state, directory)?.order !== 0) continue
      for (const { address } of directory.files) {
        if (address === undefined || !holds(shared.set, address)) continue
        const entry = taken.get(addressKey(address)) ?? { address, places: new Map<string, string>() }
        taken.set(addressKey(address), entry)
        entry.places.set(name, directory.origin)
      }
    }
  }
  return [...taken.values()].filter(({ places }) => places.size > 1).sort((a, b) => compareAddresses(a.address, b.address))
}

function evidenceOf(shared: SharedRanges, twice: readonly Taken[]): Evidence[] {
  return [
    ...shared.holdings.slice(0, EVIDENCE).map(({ state, network, range }) => ({
      source: `${state.origin}/${network.file}`,
      fact: `${network.name} hands out ${formatCidr(range.subnet)}`,
    })),
    ...twice.slice(0, EVIDENCE).map(({ address, places }) => {
      const text = formatAddress(address)
      return { source: `${[...places.values()][0]}/${text}`, fact: `${text} is taken on ${nameList([...places.keys()])}` }
    }),
  ]
}

/** Part b of the rule: the default networks of two nodes. */
function* defaultNetworks(inventory: Inventory): Generator<Violation> {
  for (const shared of sharedFixedRanges(inventory)) {
    const twice = takenTwice(inventory, shared)
    const sample = shared.holdings.find(({ state, network }) => isRuntimeSample(network.file, state, inventory.nodeOf.get(state.node)))
    const addresses = shared.subnets.map(formatCidr)
    const why = sample === undefined ? '' : `; ${baseName(sample.network.file)} is a sample that sorts before the real configuration`
    const already = twice.length === 0 ? '' : `; ${counted(twice.length, 'address is', 'addresses are')} taken on two nodes already`
    yield {
      severity: twice.length === 0 ? 'high' : 'critical',
      cause: 'default-network',
      message: `${shared.nodes.length} nodes give pods addresses from one fixed range, each on its own: ${addresses.join(', ')} on ${nameList(shared.nodes)}${why}${already}`,
      addresses,
      nodes: shared.nodes,
      evidence: evidenceOf(shared, twice),
    }
  }
}

export const nodeLocalIpamOnSharedRange = defineRule({
  id: 'DUP-103',
  name: 'node-local-ipam-on-shared-range',
  title: 'Nodes hand out one fixed range, each on its own',
  severity: 'high',
  revision: 2,
  why: 'host-local knows only the files of its own node: with the same range on two nodes, the same address is given to two pods sooner or later.',
  predicate:
    'The default networks of two or more nodes have host-local ranges, written in their configuration, that overlap; or a network attachment gives host-local to a segment that all nodes share (macvlan, ipvlan, host-device, SR-IOV, a bridge with an uplink), and a pod uses it. High; critical when two of the nodes hold an allocation file for one address of these ranges; info for an attachment that no pod uses.',
  guards: [
    'T27: one node may have the whole range; attachments count with two schedulable Linux nodes or more.',
    'A bridge without a sign of an uplink (VLAN, gateway elsewhere) keeps to its node.',
    'Ranges that the API itself gave to each of the nodes: DUP-102 reports the overlap.',
    'Ranges that come from the node object (usePodCidr) or from flannel are not fixed; their overlap is DUP-102.',
    'T19: networks that are not the runtime’s default are not compared.',
  ],
  playbook: 'R17',
  links: [
    'https://github.com/flannel-io/flannel/issues/1437',
    'https://github.com/containernetworking/plugins/issues/629',
    'https://github.com/k8snetworkplumbingwg/multus-cni/issues/640',
  ],
  gaps(inventory) {
    const gaps = needsConfiguration(inventory, 'fixed ranges that several nodes hand out')
    return inventory.attachments.length === 0 ? gaps : gaps.map((gap) => ({ ...gap, whole: false }))
  },
  *check(inventory) {
    yield* defaultNetworks(inventory)
    yield* hostLocalAttachments(inventory)
  },
})
