// Pools, claims and addresses of machines: config/crd of kubernetes-sigs/cluster-api-ipam-provider-in-cluster, cluster-api and metal3-io/ip-address-manager.
import { address, anything, cidr, integer, list, map, object, type SystemSchemas, text, texts } from './parts.ts'

const prefix = { type: 'integer', maximum: 128 } as const
const poolRef = object({ name: text, kind: text, apiGroup: text }, ['name', 'kind'])
const pool = {
  required: ['spec'],
  properties: {
    spec: object({ addresses: texts, prefix, gateway: text, excludedAddresses: texts }, ['addresses', 'prefix']),
    status: object({
      ipAddresses: object({ total: integer, free: integer, used: integer, outOfRange: integer }, ['total', 'free', 'used', 'outOfRange']),
    }),
  },
}

export const schemas: SystemSchemas = {
  source: 'https://github.com/kubernetes-sigs/cluster-api-ipam-provider-in-cluster/tree/main/config/crd',
  kinds: {
    'ipam.cluster.x-k8s.io/InClusterIPPool': pool,
    'ipam.cluster.x-k8s.io/GlobalInClusterIPPool': pool,
    'ipam.cluster.x-k8s.io/IPAddress': {
      required: ['spec'],
      properties: {
        spec: object({ claimRef: object({ name: text }, ['name']), poolRef, address, prefix, gateway: text }, ['address', 'claimRef', 'poolRef']),
      },
    },
    'ipam.cluster.x-k8s.io/IPAddressClaim': {
      required: ['spec'],
      properties: { spec: object({ clusterName: text, poolRef }, ['poolRef']), status: anything },
    },
    'ipam.metal3.io/IPPool': {
      properties: {
        spec: object(
          {
            clusterName: text,
            namePrefix: { type: 'string', minLength: 1 },
            prefix,
            gateway: address,
            pools: list(object({ start: address, end: address, subnet: cidr, prefix, gateway: address })),
            preAllocations: map(address),
          },
          ['namePrefix'],
        ),
        status: object({ indexes: map(address), lastUpdated: text }),
      },
    },
  },
  malformed: ['InClusterIPPool malformed', 'IPPool malformed', 'IPAddress malformed'],
}
