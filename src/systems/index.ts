// Every address system, in the order in which they are shown. A new one is a new file and a line here.
import { antrea } from './antrea.ts'
import { awsVpc } from './aws-vpc.ts'
import { azure } from './azure.ts'
import { calico } from './calico.ts'
import { cilium } from './cilium.ts'
import { cloudSubnets } from './cloud-subnets.ts'
import { clusterApi } from './cluster-api-ipam.ts'
import type { System } from './define-system.ts'
import { external } from './external.ts'
import { gke } from './gke.ts'
import { hostLocal } from './host-local.ts'
import { kubeOvn } from './kube-ovn.ts'
import { kubeVip } from './kube-vip.ts'
import { metallb } from './metallb.ts'
import { multus } from './multus.ts'
import { nodeCidr } from './node-cidr.ts'
import { nvIpam } from './nv-ipam.ts'
import { openshiftSdn } from './openshift-sdn.ts'
import { ovnKubernetes } from './ovn-kubernetes.ts'
import { services } from './services.ts'
import { spiderpool } from './spiderpool.ts'
import { weave } from './weave.ts'
import { whereabouts } from './whereabouts.ts'
import { workloads } from './workloads.ts'

export const systems: readonly System[] = [
  workloads,
  nodeCidr,
  hostLocal,
  calico,
  cilium,
  antrea,
  awsVpc,
  azure,
  cloudSubnets,
  clusterApi,
  gke,
  kubeOvn,
  kubeVip,
  metallb,
  multus,
  nvIpam,
  openshiftSdn,
  ovnKubernetes,
  spiderpool,
  weave,
  whereabouts,
  services,
  external,
]
