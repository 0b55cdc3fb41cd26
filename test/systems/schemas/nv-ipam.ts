// Kinds of nvidia-k8s-ipam: deploy/crds of Mellanox/nvidia-k8s-ipam.
import { anything, flag, integer, list, object, type SystemSchemas, text } from './parts.ts'

const exclusions = list(object({ startIP: text, endIP: text }, ['startIP', 'endIP']))
const common = { exclusions, defaultGateway: flag, nodeSelector: anything }

export const schemas: SystemSchemas = {
  source: 'https://github.com/Mellanox/nvidia-k8s-ipam/tree/main/deploy/crds',
  kinds: {
    'nv-ipam.nvidia.com/IPPool': {
      required: ['spec'],
      properties: {
        spec: object({ ...common, subnet: text, perNodeBlockSize: integer, gateway: text }, ['subnet', 'perNodeBlockSize']),
        status: object({ allocations: list(object({ nodeName: text, startIP: text, endIP: text }, ['nodeName', 'startIP', 'endIP'])) }, [
          'allocations',
        ]),
      },
    },
    'nv-ipam.nvidia.com/CIDRPool': {
      required: ['spec'],
      properties: {
        spec: object({ ...common, cidr: text, perNodeNetworkPrefix: integer, gatewayIndex: integer }, ['cidr', 'perNodeNetworkPrefix']),
        status: object({ allocations: list(object({ nodeName: text, prefix: text, gateway: text }, ['nodeName', 'prefix'])) }, ['allocations']),
      },
    },
  },
  malformed: ['IPPool malformed', 'CIDRPool malformed'],
}
