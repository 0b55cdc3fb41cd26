// Cilium: cilium-config, CiliumNodes, pod and load-balancer pools, endpoints (cilium.io v2 and v2alpha1).
// Not visible through the API in cluster-pool, kubernetes and multi-pool mode: what each agent really gave out; endpoints are what it told.
import { formatCidr, readCidr } from '../net/index.ts'
import { clusterPools, joinRecords } from './cilium/join-records.ts'
import { ipamOf, signalsOf } from './cilium/mode.ts'
import { type CiliumConfig, readConfig } from './cilium/read-config.ts'
import { type CiliumEndpointRecord, readEndpoint, readEndpointSlice } from './cilium/read-endpoint.ts'
import { type CiliumNodeRecord, readNode } from './cilium/read-node.ts'
import { type PoolReading, readLoadBalancerPool, readPodPool } from './cilium/read-pools.ts'
import { defineSystem } from './define-system.ts'
import { listAt, textAt } from './kubernetes/fields.ts'
import { recordReader } from './kubernetes/record-reader.ts'

export const cilium = defineSystem({
  id: 'cilium',
  title: 'Cilium',
  kinds: [
    '/ConfigMap',
    '/Node',
    'cilium.io/CiliumNode',
    'cilium.io/CiliumPodIPPool',
    'cilium.io/CiliumLoadBalancerIPPool',
    'cilium.io/CiliumEndpoint',
    'cilium.io/CiliumEndpointSlice',
  ],
  files: false,
  parser() {
    let config: CiliumConfig | undefined
    const podCidrs = new Map<string, readonly string[]>()
    const nodes = recordReader<CiliumNodeRecord>('ciliumnodes')
    const podPools = recordReader<PoolReading>('ciliumpodippools')
    const loadBalancerPools = recordReader<PoolReading>('ciliumloadbalancerippools')
    const endpoints = recordReader<readonly CiliumEndpointRecord[]>('ciliumendpoints')
    const slices = recordReader<readonly CiliumEndpointRecord[]>('ciliumendpointslices')
    return {
      object(document) {
        const { kind, object } = document
        if (kind === 'ConfigMap') config = readConfig(document) ?? config
        else if (kind === 'CiliumNode') nodes.take(document, (d) => readNode(d, nodes))
        else if (kind === 'CiliumPodIPPool') podPools.take(document, (d) => readPodPool(d, podPools))
        else if (kind === 'CiliumLoadBalancerIPPool') loadBalancerPools.take(document, (d) => readLoadBalancerPool(d, loadBalancerPools))
        else if (kind === 'CiliumEndpoint') endpoints.take(document, (d) => readEndpoint(d, endpoints))
        else if (kind === 'CiliumEndpointSlice') slices.take(document, (d) => readEndpointSlice(d, slices))
        else {
          const cidrs = listAt(object, 'spec', 'podCIDRs').flatMap((text) => (typeof text === 'string' ? (readCidr(text)?.value ?? []) : []))
          podCidrs.set(textAt(object, 'metadata', 'name') ?? '?', cidrs.map(formatCidr))
        }
      },
      finish() {
        const records = nodes.records()
        const ipam = ipamOf(config, records, podCidrs)
        const joined = joinRecords(records, [...endpoints.records().flat(), ...slices.records().flat()], ipam)
        const readings = [...podPools.records(), ...loadBalancerPools.records()]
        const readers = [nodes, podPools, loadBalancerPools, endpoints, slices]
        return {
          ...joined,
          pools: [...clusterPools(config), ...(joined.pools ?? []), ...readings.flatMap(({ pools }) => pools)],
          reservations: readings.flatMap(({ reservations }) => reservations),
          signals: signalsOf(ipam, config, records, joined),
          problems: readers.flatMap(({ problems }) => problems),
          coverage: readers.flatMap((reader) => reader.coverage(false)),
        }
      },
    }
  },
})
