// Kinds of OVN-Kubernetes (dist/templates of ovn-kubernetes/ovn-kubernetes) and IPAMClaim. Annotations of nodes and pods have no schema.
import { anything, cidr, list, object, type SystemSchemas, text, texts } from './parts.ts'

const layer3 = object(
  { role: { enum: ['Primary', 'Secondary'] }, subnets: list(object({ cidr, hostSubnet: { type: 'integer', minimum: 1, maximum: 127 } }, ['cidr'])) },
  ['role', 'subnets'],
)
const layer2 = object({ role: { enum: ['Primary', 'Secondary'] }, subnets: list(cidr), reservedSubnets: list(cidr), ipam: anything }, ['role'])
const network = { topology: { enum: ['Layer2', 'Layer3', 'Localnet'] }, layer2, layer3 }

export const schemas: SystemSchemas = {
  source: 'https://github.com/ovn-kubernetes/ovn-kubernetes/tree/master/dist/templates',
  kinds: {
    'k8s.ovn.org/UserDefinedNetwork': { required: ['spec'], properties: { spec: object(network, ['topology']) } },
    'k8s.ovn.org/ClusterUserDefinedNetwork': {
      required: ['spec'],
      properties: { spec: object({ namespaceSelector: anything, network: object(network, ['topology']) }, ['namespaceSelector', 'network']) },
    },
    'k8s.ovn.org/EgressIP': {
      required: ['spec'],
      properties: {
        spec: object({ egressIPs: texts, namespaceSelector: anything }, ['egressIPs', 'namespaceSelector']),
        status: object({ items: list(object({ node: text, egressIP: text }, ['node', 'egressIP'])) }, ['items']),
      },
    },
    'k8s.cni.cncf.io/IPAMClaim': {
      properties: {
        spec: object({ network: text, interface: text }, ['network', 'interface']),
        status: object({ ips: texts, ownerPod: object({ name: text }, ['name']) }, ['ips']),
      },
    },
  },
  malformed: ['UserDefinedNetwork malformed', 'ClusterUserDefinedNetwork malformed'],
}
