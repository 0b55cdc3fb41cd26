// OVN-Kubernetes: ranges of nodes and addresses of pods, both in annotations; user-defined networks, claims of virtual machines, egress addresses.
// Not visible from outside: what the controllers hold in memory; localnet segments outside of the cluster.
import type { Allocation, Block, Pool, Reservation } from '../model/inventory.ts'
import { type Address, type Cidr, rangeOfAddress } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { defined, idOf, listAt, textAt, timeAt, valueAt } from './kubernetes/fields.ts'
import { rangeReader } from './kubernetes/range-reader.ts'
import { recordReader } from './kubernetes/record-reader.ts'
import { annotationOf, NODE_SUBNETS, nodeSubnets, POD_NETWORKS, podNetworks } from './ovn-kubernetes/annotations.ts'
import { clusterPools, domainOf, networkOfKey, parseUserNetwork, SYSTEM, type UserNetwork } from './ovn-kubernetes/networks.ts'

interface Given extends Pick<Allocation, 'owner' | 'purpose' | 'node' | 'recordedAt' | 'unsettled' | 'origin'> {
  readonly key: string
  readonly addresses: readonly Address[]
}

interface NodeRanges {
  readonly node: string
  readonly subnets: readonly { readonly network: string; readonly cidrs: readonly Cidr[] }[]
  readonly origin: string
}

/** Finished pods keep the annotation, and their addresses are given to others (ovn-kubernetes #3919). */
const isFinished = (object: unknown): boolean => ['Succeeded', 'Failed'].includes(textAt(object, 'status', 'phase') ?? '')

/** In each node range the first address is the gateway's and the second the management port's. */
function reserved(node: string, network: string, cidr: Cidr, origin: string): Reservation[] {
  const at = (offset: bigint) => rangeOfAddress({ family: cidr.family, value: cidr.base + offset })
  const common = { system: SYSTEM, domain: domainOf(network), origin }
  return [
    { ...common, range: at(1n), why: `gateway of ${node}`, gateway: true },
    { ...common, range: at(2n), why: `management port of ${node}` },
  ]
}

export const ovnKubernetes = defineSystem({
  id: SYSTEM,
  title: 'OVN-Kubernetes networks',
  kinds: [
    '/Node',
    '/Pod',
    '/ConfigMap',
    'k8s.ovn.org/UserDefinedNetwork',
    'k8s.ovn.org/ClusterUserDefinedNetwork',
    'k8s.ovn.org/EgressIP',
    'k8s.cni.cncf.io/IPAMClaim',
  ],
  fields: {
    '/Pod': {
      fields: { metadata: { creationTimestamp: true, annotations: { [POD_NETWORKS]: true } }, spec: { nodeName: true }, status: { phase: true } },
    },
  },
  files: false,
  parser() {
    const nodes = recordReader<NodeRanges>('nodes (k8s.ovn.org/node-subnets)')
    const pods = recordReader<readonly Given[]>('pods (k8s.ovn.org/pod-networks)')
    const networks = recordReader<UserNetwork>('userdefinednetworks')
    const clusterNetworks = recordReader<UserNetwork>('clusteruserdefinednetworks')
    const claims = recordReader<Given>('ipamclaims')
    const egress = recordReader<readonly Given[]>('egressips')
    const maps = new Map<string, readonly Pool[]>()
    const ranges = { own: rangeReader('userdefinednetworks', networks), cluster: rangeReader('clusteruserdefinednetworks', clusterNetworks) }

    const facts = ({ object, origin, unsettled }: ObjectDocument) =>
      defined({ recordedAt: timeAt(object, 'metadata', 'creationTimestamp'), unsettled, origin }) as Pick<
        Given,
        'recordedAt' | 'unsettled' | 'origin'
      >

    function parsePod(document: ObjectDocument): readonly Given[] | undefined {
      const { object } = document
      const node = textAt(object, 'spec', 'nodeName')
      return podNetworks(document, pods)?.map(({ key, addresses }) => ({
        ...facts(document),
        key,
        addresses,
        owner: { kind: 'pod', id: idOf(object) },
        ...(node === undefined ? {} : { node }),
      }))
    }
    function parseClaim(document: ObjectDocument): Given {
      const { object } = document
      const texts = listAt(object, 'status', 'ips').map((text) => (typeof text === 'string' ? text.split('/')[0] : text))
      const addresses = texts.flatMap((text) => claims.address(document, 'status.ips', text) ?? [])
      const key = textAt(object, 'spec', 'network') ?? '?'
      return { ...facts(document), key, addresses, owner: { kind: 'machine', id: idOf(object) }, purpose: 'persistent address' }
    }
    const parseEgress = (document: ObjectDocument): readonly Given[] =>
      listAt(document.object, 'status', 'items').flatMap((item, i): Given[] => {
        const address = egress.address(document, `status.items[${i}].egressIP`, valueAt(item, 'egressIP'))
        const node = textAt(item, 'node')
        if (address === undefined) return []
        const owner = { kind: 'unknown', id: idOf(document.object) } as const
        return [{ ...facts(document), key: 'egress', addresses: [address], owner, purpose: 'egress', ...(node === undefined ? {} : { node }) }]
      })

    return {
      object(document) {
        const { kind, object, origin } = document
        if (kind === 'Pod') {
          // Most clusters have no such annotation, and none of their pods is kept.
          if (annotationOf(object, POD_NETWORKS) !== undefined && !isFinished(object)) pods.take(document, parsePod)
        } else if (kind === 'Node') {
          if (annotationOf(object, NODE_SUBNETS) !== undefined)
            nodes.take(document, (d) => {
              const subnets = nodeSubnets(d, nodes)
              return subnets === undefined ? undefined : { node: textAt(object, 'metadata', 'name') ?? '?', subnets, origin }
            })
        } else if (kind === 'ConfigMap') {
          if (textAt(object, 'metadata', 'name') === 'ovn-config') maps.set(idOf(object), clusterPools(document))
        } else if (kind === 'IPAMClaim') claims.take(document, parseClaim)
        else if (kind === 'EgressIP') egress.take(document, parseEgress)
        else if (kind === 'UserDefinedNetwork') networks.take(document, (d) => parseUserNetwork(d, networks, ranges.own))
        else clusterNetworks.take(document, (d) => parseUserNetwork(d, clusterNetworks, ranges.cluster))
      },
      finish() {
        const userNetworks = [...networks.records(), ...clusterNetworks.records()]
        const each = nodes
          .records()
          .flatMap(({ node, subnets, origin }) => subnets.flatMap(({ network, cidrs }) => cidrs.map((cidr) => ({ node, network, cidr, origin }))))
        const allocate = ({ key, addresses, ...rest }: Given, domain: string): Allocation[] =>
          addresses.map((address) => ({ system: SYSTEM, pool: key, domain, address, ...rest }))
        const byNetwork = (given: Given) => {
          const network = networkOfKey(given.key, userNetworks)
          return allocate({ ...given, key: network }, domainOf(network))
        }
        const readers = [nodes, pods, networks, clusterNetworks, claims, egress]
        return {
          pools: [...[...maps.values()].flat(), ...userNetworks.flatMap(({ pools }) => pools)],
          blocks: each.map(
            ({ node, network, cidr, origin }): Block => ({ system: SYSTEM, pool: network, domain: domainOf(network), cidr, node, origin }),
          ),
          allocations: [
            ...pods.records().flat().flatMap(byNetwork),
            ...claims.records().flatMap((given) => allocate(given, domainOf(given.key))),
            ...egress
              .records()
              .flat()
              .flatMap((given) => allocate(given, 'load-balancers')),
          ],
          reservations: [
            ...each.flatMap(({ node, network, cidr, origin }) => reserved(node, network, cidr, origin)),
            ...userNetworks.flatMap(({ reservations }) => reservations),
          ],
          signals: each.some(({ network }) => network === 'default')
            ? [
                {
                  mode: 'ovn-k',
                  weight: 2,
                  fact: `${nodes.records().length} nodes have ranges in ${NODE_SUBNETS}`,
                  origin: each[0]?.origin ?? 'nodes',
                },
              ]
            : [],
          problems: [...readers.flatMap(({ problems }) => problems), ...ranges.own.problems, ...ranges.cluster.problems],
          coverage: readers.flatMap((reader) => reader.coverage(false)),
        }
      },
    }
  },
})
