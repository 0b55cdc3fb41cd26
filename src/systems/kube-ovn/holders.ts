// Objects of Kube-OVN that hold addresses: IP (pods, nodes, virtual machines, the system itself), Vip, OvnEip, IptablesEIP.
import type { Owner } from '../../model/inventory.ts'
import type { Address } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { fieldsOf, idOf, listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'
import { bothFamilies } from './subnet.ts'

export interface Holder {
  readonly name: string
  readonly subnets: readonly string[]
  readonly addresses: readonly Address[]
  readonly owner: Owner
  readonly purpose: string | undefined
  readonly node: string | undefined
  readonly sandbox: string | undefined
  readonly recordedAt: number | undefined
  readonly unsettled: true | undefined
  readonly origin: string
}

const NODE_PREFIX = 'node-'

/** Who keeps it. A StatefulSet and a virtual machine keep their addresses while no pod runs (trap T21, kube-ovn #2486): no pod is missing then. */
function ownerOf(object: unknown): { owner: Owner; purpose?: string; node?: string } {
  const spec = valueAt(object, 'spec')
  const name = idOf(object)
  const node = textAt(spec, 'nodeName') || undefined
  const pod = textAt(spec, 'podName') ?? ''
  const namespace = textAt(spec, 'namespace') ?? ''
  const at = node === undefined ? {} : { node }
  if (namespace === '' && name.startsWith(NODE_PREFIX)) {
    const id = node ?? name.slice(NODE_PREFIX.length)
    return { owner: { kind: 'node', id }, purpose: 'node in the join network', node: id }
  }
  if (namespace === '' || pod === '') return { owner: { kind: 'unknown', id: name }, purpose: 'of Kube-OVN itself', ...at }
  const id = `${namespace}/${pod}`
  if (Object.hasOwn(fieldsOf(valueAt(object, 'metadata', 'labels')), 'ovn.kubernetes.io/ip_reserved'))
    return { owner: { kind: 'unknown', id }, purpose: 'kept by label', ...at }
  const type = textAt(spec, 'podType') ?? ''
  if (type === 'VirtualMachine') return { owner: { kind: 'machine', id }, purpose: 'virtual machine', ...at }
  if (type !== '') return { owner: { kind: 'unknown', id }, purpose: `kept for ${type}`, ...at }
  return { owner: { kind: 'pod', id }, ...at }
}

function common(document: ObjectDocument): Pick<Holder, 'name' | 'recordedAt' | 'unsettled' | 'origin'> {
  const { object, origin, unsettled } = document
  return { name: idOf(object), recordedAt: timeAt(object, 'metadata', 'creationTimestamp'), unsettled, origin }
}

export function parseIp(document: ObjectDocument, reader: RecordReader<Holder>): Holder | undefined {
  const { object } = document
  const spec = valueAt(object, 'spec')
  const joined = bothFamilies(valueAt(spec, 'ipAddress'))
  const texts = joined.length > 0 ? joined : [...bothFamilies(valueAt(spec, 'v4IpAddress')), ...bothFamilies(valueAt(spec, 'v6IpAddress'))]
  if (texts.length === 0) return reader.unreadable(document, 'has no spec.ipAddress')
  const addresses = texts.flatMap((text) => reader.address(document, 'spec.ipAddress', text) ?? [])
  if (addresses.length < texts.length) return undefined
  const { owner, purpose, node } = ownerOf(object)
  return {
    ...common(document),
    subnets: [textAt(spec, 'subnet') ?? '', ...listAt(spec, 'attachSubnets').map(String)].filter(Boolean),
    addresses,
    owner,
    purpose,
    node,
    sandbox: textAt(spec, 'containerID') || undefined,
  }
}

/** Where each kind keeps what it was given; empty until then. */
const EXTERNAL: Readonly<Record<string, { readonly fields: readonly string[]; readonly subnet: string; readonly purpose: string }>> = {
  Vip: { fields: ['v4ip', 'v6ip'], subnet: 'subnet', purpose: 'virtual address' },
  OvnEip: { fields: ['v4Ip', 'v6Ip'], subnet: 'externalSubnet', purpose: 'external address' },
  IptablesEIP: { fields: ['ip'], subnet: 'externalSubnet', purpose: 'external address' },
}

export function parseVirtual(document: ObjectDocument, reader: RecordReader<Holder>): Holder | undefined {
  const { object, kind } = document
  const { fields, subnet, purpose } = EXTERNAL[kind] ?? { fields: [], subnet: 'subnet', purpose: 'address' }
  const texts = fields.flatMap((field) => bothFamilies(valueAt(object, 'status', field)))
  const addresses = texts.flatMap((text) => reader.address(document, `status.${fields[0]}`, text) ?? [])
  if (addresses.length < texts.length) return undefined
  return {
    ...common(document),
    subnets: bothFamilies(valueAt(object, 'spec', subnet)),
    addresses,
    owner: { kind: 'unknown', id: idOf(object) },
    purpose,
    node: undefined,
    sandbox: undefined,
  }
}
