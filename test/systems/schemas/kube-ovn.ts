// Kube-OVN's kinds. Counts have no bound in the schema: those of IPv6 are larger than any machine word. Addresses are plain text there: what is no address is
// refused by the controller, not by the API server.
import { flag, object, type SystemSchemas, text, texts } from './parts.ts'

const number = { type: 'number' } as const
const eip = (field: string) => ({ properties: { spec: object({ externalSubnet: text }), status: object({ [field]: text }) } })

export const schemas: SystemSchemas = {
  source: 'https://github.com/kubeovn/kube-ovn/blob/master/dist/images/install.sh',
  kinds: {
    'kubeovn.io/Subnet': {
      properties: {
        spec: object({
          protocol: { enum: ['IPv4', 'IPv6', 'Dual', 'Mac'] },
          cidrBlock: text,
          gateway: text,
          excludeIps: texts,
          vpc: text,
          provider: text,
          vlan: text,
          default: flag,
        }),
        status: object({
          v4usingIPs: number,
          v4availableIPs: number,
          v6usingIPs: number,
          v6availableIPs: number,
          v4usingIPrange: text,
          v6usingIPrange: text,
        }),
      },
    },
    'kubeovn.io/IP': {
      properties: {
        spec: object({
          podName: text,
          namespace: text,
          subnet: text,
          attachSubnets: texts,
          nodeName: text,
          ipAddress: text,
          v4IpAddress: text,
          v6IpAddress: text,
          podType: text,
        }),
      },
    },
    'kubeovn.io/Vip': { properties: { spec: object({ subnet: text }), status: object({ v4ip: text, v6ip: text }) } },
    'kubeovn.io/IPPool': {
      required: ['spec'],
      properties: {
        spec: object({ subnet: text, ips: { ...texts, minItems: 1 }, namespaces: texts }, ['subnet', 'ips']),
        status: object({ v4AvailableIPs: number, v4UsingIPs: number }),
      },
    },
    'kubeovn.io/Vpc': { properties: { spec: object({ namespaces: texts }) } },
    'kubeovn.io/OvnEip': eip('v4Ip'),
    'kubeovn.io/IptablesEIP': eip('ip'),
  },
  malformed: ['Subnet malformed', 'IPPool malformed'],
}
