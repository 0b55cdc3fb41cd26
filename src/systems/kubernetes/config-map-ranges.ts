// Ranges that well-known ConfigMaps state: kubeadm-config, kube-proxy, those of flannel, Canal and Antrea.
import type { DeclaredRange } from '../../model/inventory.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { rangesOfAntrea } from '../antrea/node-ipam.ts'
import { cidrList } from './controller-flags.ts'
import { embeddedYaml } from './embedded-yaml.ts'
import { listAt, textAt, valueAt } from './fields.ts'

/** kubeadm v1beta3 writes extraArgs as a map, v1beta4 as a list of {name, value}. */
function extraArg(config: unknown, name: string): string | undefined {
  const args = valueAt(config, 'controllerManager', 'extraArgs')
  if (Array.isArray(args))
    return textAt(
      args.find((arg) => textAt(arg, 'name') === name),
      'value',
    )
  const value = valueAt(args, name)
  return value === undefined ? undefined : String(value)
}

function kubeadm(document: ObjectDocument): DeclaredRange[] {
  const config = embeddedYaml(textAt(document.object, 'data', 'ClusterConfiguration'))
  const by = 'kubeadm-config'
  const pods = cidrList(textAt(config, 'networking', 'podSubnet')).map((cidr): DeclaredRange => {
    const mask =
      Number(extraArg(config, `node-cidr-mask-size-ipv${cidr.family}`) ?? extraArg(config, 'node-cidr-mask-size') ?? '') ||
      (cidr.family === 4 ? 24 : 64)
    return { role: 'pods', cidr, nodePrefix: mask, by: `${by} networking.podSubnet`, certainty: 'declared', origin: document.origin }
  })
  const services = cidrList(textAt(config, 'networking', 'serviceSubnet')).map(
    (cidr): DeclaredRange => ({ role: 'services', cidr, by: `${by} networking.serviceSubnet`, certainty: 'declared', origin: document.origin }),
  )
  return [...pods, ...services]
}

function flannel(document: ObjectDocument): DeclaredRange[] {
  const config = embeddedYaml(textAt(document.object, 'data', 'net-conf.json'))
  return cidrList([textAt(config, 'Network'), textAt(config, 'IPv6Network')].join(',')).map(
    (cidr): DeclaredRange => ({ role: 'pods', cidr, by: 'flannel net-conf.json', certainty: 'declared', origin: document.origin }),
  )
}

function kubeProxy(document: ObjectDocument): DeclaredRange[] {
  const config = embeddedYaml(textAt(document.object, 'data', 'config.conf'))
  return cidrList(textAt(config, 'clusterCIDR')).map(
    (cidr): DeclaredRange => ({ role: 'pods', cidr, by: 'kube-proxy clusterCIDR', certainty: 'declared', origin: document.origin }),
  )
}

export function rangesOfConfigMap(document: ObjectDocument): DeclaredRange[] {
  const name = textAt(document.object, 'metadata', 'name') ?? ''
  if (name === 'kubeadm-config') return kubeadm(document)
  if (name === 'kube-proxy') return kubeProxy(document)
  if (name.startsWith('antrea-config')) return rangesOfAntrea(document)
  return /flannel|canal/.test(name) ? flannel(document) : []
}

/** OpenShift's Network `cluster`: status wins over spec. */
export function rangesOfOpenShift(document: ObjectDocument): DeclaredRange[] {
  const status =
    valueAt(document.object, 'status', 'clusterNetwork') === undefined ? valueAt(document.object, 'spec') : valueAt(document.object, 'status')
  const pods = listAt(status, 'clusterNetwork').flatMap((entry) =>
    cidrList(textAt(entry, 'cidr')).map(
      (cidr): DeclaredRange => ({
        role: 'pods',
        cidr,
        nodePrefix: Number(valueAt(entry, 'hostPrefix')) || 23,
        by: 'OpenShift clusterNetwork',
        certainty: 'declared',
        origin: document.origin,
      }),
    ),
  )
  const services = listAt(status, 'serviceNetwork').flatMap((text) =>
    cidrList(String(text)).map(
      (cidr): DeclaredRange => ({ role: 'services', cidr, by: 'OpenShift serviceNetwork', certainty: 'declared', origin: document.origin }),
    ),
  )
  return [...pods, ...services]
}
