// Every profile; the first is the default. A new one is a new file and a line here.
import { aksFlat } from './aks-flat.ts'
import { aksKubenet } from './aks-kubenet.ts'
import { aksOverlay } from './aks-overlay.ts'
import { antrea } from './antrea.ts'
import { calico } from './calico.ts'
import { cilium } from './cilium.ts'
import { ciliumMultiPool } from './cilium-multi-pool.ts'
import type { Profile } from './define-profile.ts'
import { eks } from './eks.ts'
import { gke } from './gke.ts'
import { hostLocal } from './host-local.ts'
import { k3s } from './k3s.ts'
import { kubeControllerManager } from './kube-controller-manager.ts'
import { kubeOvn } from './kube-ovn.ts'
import { kubeadm } from './kubeadm.ts'
import { openshift } from './openshift.ts'
import { rke2 } from './rke2.ts'
import { whereabouts } from './whereabouts.ts'

export const profiles: readonly [Profile, ...Profile[]] = [
  kubeControllerManager,
  kubeadm,
  k3s,
  rke2,
  hostLocal,
  antrea,
  gke,
  eks,
  aksOverlay,
  aksFlat,
  aksKubenet,
  openshift,
  calico,
  cilium,
  ciliumMultiPool,
  kubeOvn,
  whereabouts,
]
