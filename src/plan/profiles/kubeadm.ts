// A cluster made by kubeadm: kube-controller-manager's numbers, and kubeadm's own validation before it.
import { defineProfile } from './define-profile.ts'
import { kubeControllerManager } from './kube-controller-manager.ts'

export const kubeadm = defineProfile({
  ...kubeControllerManager,
  id: 'kubeadm',
  title: 'kubeadm: node-ipam controller, with its masks validated at init',
  gap: {
    4: [{ bits: 16, severity: 'high', says: 'kubeadm refuses more than 16' }],
    6: [{ bits: 16, severity: 'high', says: 'kubeadm and kube-controller-manager refuse more than 16' }],
  },
  links: [
    ...kubeControllerManager.links,
    'https://github.com/kubernetes/kubernetes/blob/master/cmd/kubeadm/app/apis/kubeadm/validation/validation.go',
  ],
})
