// The list of targets: a new one is a file here and a line in this list.
import { antrea } from './antrea.ts'
import { calico } from './calico.ts'
import { cilium } from './cilium.ts'
import { conflist } from './conflist.ts'
import type { Target } from './define-target.ts'
import { k3s } from './k3s.ts'
import { kubeControllerManager } from './kube-controller-manager.ts'
import { kubeOvn } from './kube-ovn.ts'
import { kubeadm } from './kubeadm.ts'
import { metallb } from './metallb.ts'
import { nad } from './nad.ts'
import { spiderpool } from './spiderpool.ts'
import { terraform } from './terraform.ts'
import { whereabouts } from './whereabouts.ts'

/** The first is the default. */
export const targets: readonly [Target, ...Target[]] = [
  conflist,
  nad,
  whereabouts,
  calico,
  cilium,
  kubeadm,
  kubeControllerManager,
  k3s,
  kubeOvn,
  antrea,
  spiderpool,
  metallb,
  terraform,
]

/** @throws Error for an id that the list does not have; flags are checked against it */
export function targetOf(id: string): Target {
  const target = targets.find((known) => known.id === id)
  if (target === undefined) throw new Error(`no target ${id}`)
  return target
}
