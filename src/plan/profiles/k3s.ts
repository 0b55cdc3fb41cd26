// k3s: kube-controller-manager inside one process, flannel with host-local on the nodes.
import { defineProfile } from './define-profile.ts'
import { kubeControllerManager } from './kube-controller-manager.ts'

export const k3s = defineProfile({
  ...kubeControllerManager,
  id: 'k3s',
  title: 'k3s: node-ipam controller, flannel',
  gap: { 4: [], 6: [{ bits: 16, severity: 'high', says: 'kube-controller-manager, which k3s contains, refuses more than 16' }] },
  irreversible: ['cluster-cidr and its order', 'the node prefixes', 'service-cidr, and with it the address of cluster-dns'],
  links: [...kubeControllerManager.links, 'https://docs.k3s.io/cli/server', 'https://github.com/k3s-io/k3s/issues/3967'],
})
