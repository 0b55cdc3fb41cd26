// Spiderpool's kinds: charts/spiderpool/crds of spidernet-io/spiderpool. Ranges and the records in status are plain text to the API server.
import { count, family, flag, list, object, type SystemSchemas, text, texts } from './parts.ts'

const pool = { ipVersion: family, subnet: text, ips: texts, excludeIPs: texts, gateway: text }

export const schemas: SystemSchemas = {
  source: 'https://github.com/spidernet-io/spiderpool/tree/main/charts/spiderpool/crds',
  kinds: {
    'spiderpool.spidernet.io/SpiderIPPool': {
      properties: {
        spec: object({ ...pool, default: flag, disable: flag, multusName: texts, nodeName: texts, namespaceName: texts }, ['subnet']),
        status: object({ totalIPCount: count, allocatedIPCount: count, allocatedIPs: text }),
      },
    },
    'spiderpool.spidernet.io/SpiderSubnet': {
      properties: { spec: object(pool, ['subnet']), status: object({ totalIPCount: count, allocatedIPCount: count, controlledIPPools: text }) },
    },
    'spiderpool.spidernet.io/SpiderReservedIP': { properties: { spec: object({ ipVersion: family, ips: texts }) } },
    'spiderpool.spidernet.io/SpiderEndpoint': {
      properties: {
        status: object({
          current: object(
            {
              uid: text,
              node: text,
              ips: list(object({ interface: text, ipv4: text, ipv6: text, ipv4Pool: text, ipv6Pool: text, vlan: count }, ['interface'])),
            },
            ['ips', 'node', 'uid'],
          ),
          ownerControllerType: text,
          ownerControllerName: text,
        }),
      },
    },
  },
  malformed: [],
}
