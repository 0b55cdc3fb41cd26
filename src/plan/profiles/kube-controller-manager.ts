// Upstream node ranges: kube-controller-manager's node-ipam controller gives each node a block, host-local takes addresses from it.

import { nodeRange } from './base/node-range.ts'
import { defineProfile } from './define-profile.ts'

export const kubeControllerManager = defineProfile({
  ...nodeRange, // 24 and 64 are the defaults of --node-cidr-mask-size-ipv4 and --node-cidr-mask-size-ipv6
  id: 'kube-controller-manager',
  title: 'node-ipam controller of kube-controller-manager, host-local on the nodes',
  gap: {
    4: [{ bits: 16, severity: 'low', says: 'kubeadm refuses more than 16, kube-controller-manager does not mind' }],
    6: [{ bits: 16, severity: 'high', says: 'kube-controller-manager and kubeadm refuse more than 16' }],
  },
  serviceRange: 'medium',
  irreversible: ['the cluster CIDRs and their order', 'the node prefixes'],
  links: [
    'https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/nodeipam/ipam/cidrset/cidr_set.go',
    'https://github.com/containernetworking/plugins/blob/main/plugins/ipam/host-local/backend/allocator/range.go',
  ],
})
