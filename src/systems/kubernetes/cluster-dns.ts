// Which addresses kubelet tells pods to ask for names: the ConfigMap kubelet-config that kubeadm writes, and kubelet's own file on a node
// (k8s.io/kubelet config/v1beta1, KubeletConfiguration.clusterDNS).
import type { ClusterDns, Origin } from '../../model/inventory.ts'
import { readAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { embeddedYaml } from './embedded-yaml.ts'
import { listAt, textAt } from './fields.ts'

/** Path below a node's root. */
export const kubeletFile = 'var/lib/kubelet/config.yaml'

export function dnsOfKubelet(text: string | undefined, by: string, origin: Origin): ClusterDns[] {
  return listAt(embeddedYaml(text), 'clusterDNS').flatMap((value) => {
    const address = typeof value === 'string' ? readAddress(value)?.value : undefined
    return address === undefined ? [] : [{ address, by, origin }]
  })
}

/** kubeadm before 1.24 named the map after the minor version: kubelet-config-1.23. */
export function dnsOfConfigMap({ object, origin }: ObjectDocument): ClusterDns[] {
  const name = textAt(object, 'metadata', 'name') ?? ''
  return name.startsWith('kubelet-config') ? dnsOfKubelet(textAt(object, 'data', 'kubelet'), `ConfigMap ${name}`, origin) : []
}
