// OpenShift with OVN-Kubernetes: hostPrefix of the cluster network.
import { parseCidr } from '../../net/index.ts'
import { nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

export const openshift = defineProfile({
  ...nodeRange,
  id: 'openshift',
  title: 'OpenShift, OVN-Kubernetes',
  prefixFor: (family) => (family === 6 ? 64 : 23), // hostPrefix
  prefixes: { 4: { shortest: 0, longest: 30 }, 6: { shortest: 64, longest: 64 } },
  maxPods: () => 250,
  lost: { 4: 2, 6: 2 }, // Red Hat's figure of 510 for a /23; gateway and management port are not counted there
  doubling: false,
  internal: [
    { cidr: parseCidr('100.64.0.0/16'), what: "OVN-Kubernetes' join network" },
    { cidr: parseCidr('fd98::/64'), what: "OVN-Kubernetes' join network" },
    { cidr: parseCidr('100.88.0.0/16'), what: "OVN-Kubernetes' transit network" },
    { cidr: parseCidr('fd97::/64'), what: "OVN-Kubernetes' transit network" },
    { cidr: parseCidr('169.254.0.0/17'), what: "OVN-Kubernetes' masquerade network" },
    { cidr: parseCidr('fd69::/112'), what: "OVN-Kubernetes' masquerade network" },
  ],
  serviceRange: 'high',
  irreversible: ['clusterNetwork and hostPrefix', 'the machine network'],
  links: [
    'https://docs.redhat.com/en/documentation/openshift_container_platform/4.15/html/networking/cidr-range-definitions',
    'https://docs.okd.io/latest/networking/networking_overview/cidr-range-definitions.html',
  ],
})
