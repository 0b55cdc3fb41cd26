// One CiliumNode: its blocks, the addresses of the node itself, what it asked for and what the operator answered.
import type { Allocation } from '../../model/inventory.ts'
import { type Address, type Cidr, type Family, type Range, rangeOf, readAddress, readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { fieldsOf, listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface CiliumNodeRecord {
  readonly name: string
  readonly podCidrs: readonly Cidr[]
  /** multi-pool. */
  readonly allocated: readonly { readonly pool: string; readonly cidr: Cidr }[]
  readonly requested: readonly { readonly pool: string; readonly family: Family; readonly count: bigint }[]
  /** The node's own addresses inside the pod range. */
  readonly own: readonly { readonly purpose: string; readonly address: Address }[]
  readonly hostAddresses: readonly Address[]
  /** crd, eni, azure, alibabacloud: every address that the node may give out, and those given. */
  readonly available: readonly Address[]
  readonly used: readonly { readonly address: Address; readonly owner: string }[]
  /** Prefixes on the node's interfaces as the cloud lists them. */
  readonly prefixes: readonly Range[]
  readonly error: string
  readonly createdAt: number | undefined
  readonly unsettled: Allocation['unsettled'] | undefined
  readonly origin: string
}

const FAMILIES = { 'ipv4-addrs': 4, 'ipv6-addrs': 6 } as const

function requestedOf(object: unknown): CiliumNodeRecord['requested'] {
  return listAt(object, 'spec', 'ipam', 'pools', 'requested').flatMap((entry) =>
    Object.entries(FAMILIES).flatMap(([key, family]) => {
      const count = valueAt(entry, 'needed', key)
      return typeof count === 'number' && Number.isSafeInteger(count) && count > 0
        ? [{ pool: textAt(entry, 'pool') ?? '', family, count: BigInt(count) }]
        : []
    }),
  )
}

/** `status.eni.enis` by interface id; only ENI mode has it. */
const prefixesOf = (object: unknown): Range[] =>
  Object.values(fieldsOf(valueAt(object, 'status', 'eni', 'enis'))).flatMap((eni) =>
    listAt(eni, 'prefixes').flatMap((text) => {
      const cidr = typeof text === 'string' ? readCidr(text)?.value : undefined
      return cidr === undefined ? [] : [rangeOf(cidr)]
    }),
  )

export function readNode(document: ObjectDocument, reader: RecordReader<CiliumNodeRecord>): CiliumNodeRecord | undefined {
  const { object, origin } = document
  const name = textAt(object, 'metadata', 'name')
  if (name === undefined) return reader.unreadable(document, 'has no metadata.name')
  const ipam = valueAt(object, 'spec', 'ipam')
  const cidrs = (field: string, texts: readonly unknown[]) => texts.flatMap((text) => reader.cidr(document, field, text) ?? [])
  const addresses = (field: string, texts: readonly unknown[]) => texts.flatMap((text) => reader.address(document, field, text) ?? [])
  const listed = listAt(object, 'spec', 'addresses').map((entry) => ({ type: textAt(entry, 'type') ?? '', ip: valueAt(entry, 'ip') }))
  const routers = listed.filter(({ type }) => type === 'CiliumInternalIP').map(({ ip }) => ip)
  const hosts = listed.filter(({ type }) => type === 'InternalIP' || type === 'ExternalIP').map(({ ip }) => ip)
  const both = (path: string) => ['ipv4', 'ipv6'].map((key) => valueAt(object, 'spec', path, key)).filter((text) => text !== undefined && text !== '')
  const own = [
    ...addresses('spec.addresses CiliumInternalIP', routers).map((address) => ({ purpose: 'router', address })),
    ...addresses('spec.health', both('health')).map((address) => ({ purpose: 'health', address })),
    ...addresses('spec.ingress', both('ingress')).map((address) => ({ purpose: 'ingress', address })),
  ]
  return {
    name,
    own,
    podCidrs: cidrs('spec.ipam.podCIDRs', listAt(ipam, 'podCIDRs')),
    allocated: listAt(ipam, 'pools', 'allocated').flatMap((entry) =>
      cidrs('spec.ipam.pools.allocated.cidrs', listAt(entry, 'cidrs')).map((cidr) => ({ pool: textAt(entry, 'pool') ?? '', cidr })),
    ),
    requested: requestedOf(object),
    hostAddresses: hosts.flatMap((text) => (typeof text === 'string' ? (readAddress(text)?.value ?? []) : [])),
    available: addresses('spec.ipam.pool', Object.keys(fieldsOf(valueAt(ipam, 'pool')))),
    used: Object.entries(fieldsOf(valueAt(object, 'status', 'ipam', 'used'))).flatMap(([text, entry]) =>
      addresses('status.ipam.used', [text]).map((address) => ({ address, owner: textAt(entry, 'owner') ?? '' })),
    ),
    prefixes: prefixesOf(object),
    error: textAt(object, 'status', 'ipam', 'operator-status', 'error') ?? '',
    createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
    unsettled: document.unsettled,
    origin,
  }
}
