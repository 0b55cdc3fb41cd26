// RKE2: like k3s, with Canal (Calico's plugin over host-local and the node's range) by default.
import { defineProfile } from './define-profile.ts'
import { k3s } from './k3s.ts'

export const rke2 = defineProfile({
  ...k3s,
  id: 'rke2',
  title: 'RKE2: node-ipam controller, Canal',
  gap: { 4: [], 6: [{ bits: 16, severity: 'high', says: 'kube-controller-manager, which RKE2 runs, refuses more than 16' }] },
  links: [...k3s.links, 'https://docs.rke2.io/reference/server_config', 'https://github.com/rancher/rke2/issues/2326'],
})
