// Antrea's pool kinds: build/charts/antrea/crds of antrea-io/antrea.
import { address, anything, cidr, integer, list, object, type SystemSchemas, text } from './parts.ts'

const range = {
  type: 'object',
  properties: { cidr, start: address, end: address },
  oneOf: [{ required: ['cidr'] }, { required: ['start', 'end'] }],
}
const subnetInfo = object(
  { gateway: address, prefixLength: { type: 'integer', minimum: 1, maximum: 128 }, vlan: { type: 'integer', minimum: 0, maximum: 4094 } },
  ['gateway', 'prefixLength'],
)
const usage = object({ total: integer, used: integer })
const owner = object({
  pod: object({ name: text, namespace: text, containerID: text, ifName: text }),
  statefulSet: object({ name: text, namespace: text, index: integer }),
})

export const schemas: SystemSchemas = {
  source: 'https://github.com/antrea-io/antrea/tree/main/build/charts/antrea/crds',
  kinds: {
    'crd.antrea.io/IPPool': {
      required: ['spec'],
      properties: {
        spec: object({ ipRanges: list(range), subnetInfo }, ['ipRanges', 'subnetInfo']),
        status: object({ ipAddresses: list(object({ ipAddress: text, phase: text, owner })), usage }),
      },
    },
    'crd.antrea.io/ExternalIPPool': {
      required: ['spec'],
      properties: {
        spec: object({ ipRanges: { ...list(range), minItems: 1 }, subnetInfo, nodeSelector: anything }, ['ipRanges', 'nodeSelector']),
        status: object({ usage }),
      },
    },
    'crd.antrea.io/Egress': {
      required: ['spec'],
      properties: { spec: object({ egressIP: address, externalIPPool: text, appliedTo: anything }, ['appliedTo']) },
    },
  },
  malformed: ['IPPool malformed', 'ExternalIPPool outward-broken', 'Egress egress-broken'],
}
