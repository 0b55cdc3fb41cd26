// OpenShift SDN (before 4.17): its own node ranges in HostSubnet objects, cut from ClusterNetwork, and egress addresses. Node.spec.podCIDRs stay empty.
// Not visible: addresses of single pods; the daemon called host-local itself (state in var/lib/cni/networks/openshift-sdn).
import type { Allocation, Block, DeclaredRange, NodeRecord, Pool } from '../model/inventory.ts'
import { bitsOf, type Cidr, rangeOf } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { idOf, listAt, textAt, timeAt, valueAt } from './kubernetes/fields.ts'
import { type RecordReader, recordReader } from './kubernetes/record-reader.ts'

const SYSTEM = 'openshift-sdn'

interface HostSubnet {
  readonly block: Block
  readonly record: NodeRecord
}

/** An egress address is asked for by a namespace and carried by a node: the namespace is whose it is. */
const egressOf = (document: ObjectDocument, reader: RecordReader<readonly Allocation[]>): readonly Allocation[] =>
  listAt(document.object, 'egressIPs').flatMap((text) => {
    const address = reader.address(document, 'egressIPs', text)
    if (address === undefined) return []
    const owner = { kind: 'unknown', id: textAt(document.object, 'netname') ?? idOf(document.object) } as const
    return [{ system: SYSTEM, pool: 'egress', domain: 'egress', address, owner, purpose: 'egress', origin: document.origin }]
  })

function parseHostSubnet(document: ObjectDocument, reader: RecordReader<HostSubnet>): HostSubnet | undefined {
  const { object, origin } = document
  const cidr = reader.cidr(document, 'subnet', valueAt(object, 'subnet'))
  if (cidr === undefined) return undefined
  const node = textAt(object, 'host') ?? idOf(object)
  const created = timeAt(object, 'metadata', 'creationTimestamp')
  return {
    block: { system: SYSTEM, pool: 'cluster', domain: 'default', cidr, node, origin },
    record: {
      system: SYSTEM,
      node,
      what: 'HostSubnet',
      ranges: [rangeOf(cidr)],
      ...(created === undefined ? {} : { recordedAt: created }),
      // Subnets of hosts outside the cluster (F5) are assigned by hand.
      ...(textAt(object, 'metadata', 'annotations', 'pod.network.openshift.io/assign-subnet') === undefined ? {} : { foreign: true as const }),
      origin,
    },
  }
}

/** Length of a node's part in host bits, as OpenShift writes it: 9 is a /23. */
function nodePrefix(cidr: Cidr, hostBits: unknown): { nodePrefix?: number } {
  const bits = Number(hostBits)
  return Number.isSafeInteger(bits) && bits > 0 && bits <= bitsOf(cidr.family) - cidr.prefix ? { nodePrefix: bitsOf(cidr.family) - bits } : {}
}

function parseNetwork(document: ObjectDocument, reader: RecordReader<readonly DeclaredRange[]>): readonly DeclaredRange[] {
  const { object, origin } = document
  const entries = listAt(object, 'clusterNetworks')
  const single = { CIDR: valueAt(object, 'network'), hostSubnetLength: valueAt(object, 'hostsubnetlength') }
  const pods = (entries.length > 0 ? entries : [single]).flatMap((entry): DeclaredRange[] => {
    const cidr = reader.cidr(document, 'clusterNetworks', valueAt(entry, 'CIDR'))
    if (cidr === undefined) return []
    return [
      { role: 'pods', cidr, ...nodePrefix(cidr, valueAt(entry, 'hostSubnetLength')), by: 'OpenShift ClusterNetwork', certainty: 'declared', origin },
    ]
  })
  const service = valueAt(object, 'serviceNetwork')
  const cidr = service === undefined ? undefined : reader.cidr(document, 'serviceNetwork', service)
  if (cidr === undefined) return pods
  return [...pods, { role: 'services', cidr, by: 'OpenShift ClusterNetwork', certainty: 'declared', origin }]
}

const poolOf = ({ cidr, nodePrefix, origin }: DeclaredRange): Pool => ({
  system: SYSTEM,
  name: 'cluster',
  domain: 'default',
  family: cidr.family,
  ranges: [rangeOf(cidr)],
  ...(nodePrefix === undefined ? {} : { blockPrefix: nodePrefix }),
  certainty: 'declared',
  origin,
})

export const openshiftSdn = defineSystem({
  id: SYSTEM,
  title: 'OpenShift SDN',
  kinds: ['network.openshift.io/HostSubnet', 'network.openshift.io/ClusterNetwork', 'network.openshift.io/NetNamespace'],
  files: false,
  parser() {
    const subnets = recordReader<HostSubnet>('hostsubnets')
    const networks = recordReader<readonly DeclaredRange[]>('clusternetworks')
    const namespaces = recordReader<readonly Allocation[]>('netnamespaces')
    return {
      object(document) {
        if (document.kind === 'HostSubnet') subnets.take(document, (d) => parseHostSubnet(d, subnets))
        else if (document.kind === 'ClusterNetwork') networks.take(document, (d) => parseNetwork(d, networks))
        else namespaces.take(document, (d) => egressOf(d, namespaces))
      },
      finish() {
        const hosts = subnets.records()
        const declared = networks.records().flat()
        return {
          blocks: hosts.map(({ block }) => block),
          nodeRecords: hosts.map(({ record }) => record),
          allocations: namespaces.records().flat(),
          declared,
          pools: declared.filter(({ role }) => role === 'pods').map(poolOf),
          problems: [...subnets.problems, ...networks.problems, ...namespaces.problems],
          coverage: [...subnets.coverage(false), ...networks.coverage(false), ...namespaces.coverage(false)],
        }
      },
    }
  },
})
