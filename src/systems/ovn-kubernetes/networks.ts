// Pools of OVN-Kubernetes: the cluster network of its own ConfigMap, and user-defined networks (k8s.ovn.org/v1).
import type { Pool, Reservation } from '../../model/inventory.ts'
import { type Range, rangeOf, readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { familyPools } from '../kubernetes/family-pools.ts'
import { idOf, listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import type { RangeReader } from '../kubernetes/range-reader.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export const SYSTEM = 'ovn-kubernetes'

/** Node ranges without a host prefix in the setting (ovn-kubernetes config: 24, and always 64 for IPv6). */
const HOST_PREFIX = { 4: 24, 6: 64 } as const

/** `net_cidr` of the ConfigMap ovn-config: a comma list of `CIDR` or `CIDR/hostPrefix`. */
export function clusterPools(document: ObjectDocument): Pool[] {
  const texts = (textAt(document.object, 'data', 'net_cidr') ?? '').split(',').map((text) => text.trim())
  return texts.filter(Boolean).flatMap((text): Pool[] => {
    const [address, prefix, host] = text.split('/')
    const cidr = readCidr(`${address}/${prefix}`)?.value
    if (cidr === undefined) return []
    const base = { system: SYSTEM, name: 'default', domain: 'default', family: cidr.family, ranges: [rangeOf(cidr)] } as const
    return [{ ...base, blockPrefix: Number(host ?? '') || HOST_PREFIX[cidr.family], certainty: 'declared', origin: document.origin }]
  })
}

export interface UserNetwork {
  /** As annotations of nodes name it. */
  readonly network: string
  /** The network attachments of it: one, or one of this name in each namespace. */
  readonly attachment: { readonly namespace: string | undefined; readonly name: string }
  readonly pools: readonly Pool[]
  readonly reservations: readonly Reservation[]
}

/** Key of a domain: networks with equal subnets are legal, so each is a domain of its own. */
export const domainOf = (network: string): string => (network === 'default' ? 'default' : `network ${network}`)

export function parseUserNetwork(document: ObjectDocument, reader: RecordReader<UserNetwork>, ranges: RangeReader): UserNetwork | undefined {
  const { object, kind, origin } = document
  const name = textAt(object, 'metadata', 'name')
  if (name === undefined) return reader.unreadable(document, 'has no metadata.name')
  const namespace = kind === 'UserDefinedNetwork' ? (textAt(object, 'metadata', 'namespace') ?? 'default') : undefined
  const network = namespace === undefined ? `cluster_udn_${name}` : `${namespace}_${name}`
  const spec = kind === 'UserDefinedNetwork' ? valueAt(object, 'spec') : valueAt(object, 'spec', 'network')
  const layer2 = valueAt(spec, 'layer2') ?? valueAt(spec, 'localnet')
  const layer3 = listAt(spec, 'layer3', 'subnets')
  const base = { system: SYSTEM, name: network, domain: domainOf(network), use: 'attachments', certainty: 'declared', origin } as const
  const read = (field: string, value: unknown) => ranges.range(document, field, value) ?? []
  const kept = (field: string) => listAt(layer2, field).flatMap((text, i): Range[] => [read(`${field}[${i}]`, text)].flat())
  const excluded = [...kept('reservedSubnets'), ...kept('excludeSubnets')]
  const pools = [
    ...layer3.flatMap((entry, i): Pool[] => {
      const own = [read(`spec.layer3.subnets[${i}].cidr`, valueAt(entry, 'cidr'))].flat()
      const host = valueAt(entry, 'hostSubnet')
      return own.flatMap((range) => familyPools({ ...base, blockPrefix: typeof host === 'number' ? host : HOST_PREFIX[range.family] }, [range]))
    }),
    ...familyPools(
      base,
      listAt(layer2, 'subnets').flatMap((text, i) => read(`spec.layer2.subnets[${i}]`, text)),
      excluded,
    ),
  ]
  const reservations = excluded.map((range) => ({
    system: SYSTEM,
    domain: domainOf(network),
    range,
    why: `kept back by ${kind} ${idOf(object)}`,
    origin,
  }))
  return { network, attachment: { namespace, name }, pools, reservations }
}

/** The network that a pod's key `namespace/name` means: one of the cluster where there is one of that name, else the namespace's own. */
export function networkOfKey(key: string, networks: readonly UserNetwork[]): string {
  if (key === 'default') return key
  const [namespace, name] = key.split('/')
  const own = networks.find(({ attachment }) => attachment.namespace === namespace && attachment.name === name)
  const shared = networks.find(({ attachment }) => attachment.namespace === undefined && attachment.name === name)
  return own?.network ?? shared?.network ?? key
}
