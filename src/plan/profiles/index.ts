// Every profile; the first is the default. A new one is a new file and a line here.
import type { Profile } from './define-profile.ts'
import { hostLocal } from './host-local.ts'
import { kubeControllerManager } from './kube-controller-manager.ts'
import { kubeadm } from './kubeadm.ts'

export const profiles: readonly [Profile, ...Profile[]] = [kubeControllerManager, kubeadm, hostLocal]
