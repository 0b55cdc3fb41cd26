// MetalLB's IPAddressPool: charts/metallb/charts/crds of metallb/metallb.
import { anything, count, flag, object, type SystemSchemas, texts } from './parts.ts'

export const schemas: SystemSchemas = {
  source: 'https://github.com/metallb/metallb/blob/main/charts/metallb/charts/crds/templates/crds.yaml',
  kinds: {
    'metallb.io/IPAddressPool': {
      required: ['spec'],
      properties: {
        spec: object({ addresses: { ...texts, minItems: 1 }, autoAssign: flag, avoidBuggyIPs: flag, serviceAllocation: anything }, ['addresses']),
        status: object({ assignedIPv4: count, assignedIPv6: count, availableIPv4: count, availableIPv6: count }),
      },
    },
  },
  malformed: ['IPAddressPool malformed'],
}
