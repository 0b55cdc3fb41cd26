// SpiderEndpoint: the addresses that one pod was given, and by which pools. It and the pool's record must agree both ways (spiderpool #412, #2526).
import type { Inconsistency, Time } from '../../model/inventory.ts'
import { type Address, formatAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { defined, idOf, listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'
import type { SpiderPool } from './pool.ts'

export interface SpiderEndpoint {
  readonly pod: string
  readonly uid: string | undefined
  readonly node: string | undefined
  readonly given: readonly { readonly address: Address; readonly pool: string }[]
  /** StatefulSets and virtual machines keep their addresses while no pod runs. */
  readonly keptFor: string | undefined
  readonly createdAt: Time | undefined
  readonly unsettled: boolean
  readonly origin: string
}

const KEEPERS = new Set(['StatefulSet', 'VirtualMachineInstance', 'VirtualMachine'])

export function parseEndpoint(document: ObjectDocument, reader: RecordReader<SpiderEndpoint>): SpiderEndpoint | undefined {
  const { object, origin } = document
  const given: { address: Address; pool: string }[] = []
  for (const entry of listAt(object, 'status', 'current', 'ips')) {
    for (const family of [4, 6]) {
      const text = valueAt(entry, `ipv${family}`)
      if (text === undefined || text === null || text === '') continue
      // Written with the prefix length of the subnet.
      const address = reader.address(document, `status.current.ips ipv${family}`, typeof text === 'string' ? text.split('/')[0] : text)
      if (address === undefined) return undefined
      given.push({ address, pool: textAt(entry, `ipv${family}Pool`) ?? '?' })
    }
  }
  const keeper = textAt(object, 'status', 'ownerControllerType')
  return {
    pod: idOf(object),
    uid: textAt(object, 'status', 'current', 'uid'),
    node: textAt(object, 'status', 'current', 'node') || undefined,
    given,
    keptFor: keeper !== undefined && KEEPERS.has(keeper) ? `${keeper} ${textAt(object, 'status', 'ownerControllerName') ?? ''}`.trim() : undefined,
    createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
    unsettled: document.unsettled === true,
    origin,
  }
}

/** What pools and endpoints say of each other. Pools whose endpoints were not read say nothing. */
export function disagreements(pools: readonly SpiderPool[], endpoints: readonly SpiderEndpoint[]): Inconsistency[] {
  if (endpoints.length === 0) return []
  const poolOf = new Map(pools.map((pool) => [pool.name, pool]))
  const endpointOf = new Map(endpoints.map((endpoint) => [endpoint.pod, endpoint]))
  const found: Inconsistency[] = []
  for (const { pod, given, createdAt, unsettled, origin } of endpoints) {
    for (const { address, pool } of given) {
      const record = poolOf.get(pool)
      const text = formatAddress(address)
      if (unsettled || record === undefined || record.unsettled) continue
      const owner = record.allocations.find((allocation) => formatAddress(allocation.address) === text)?.owner.id
      if (owner === pod) continue
      const says = owner === undefined ? 'does not record it, and can give it out again' : `records it for ${owner}`
      const message = `SpiderEndpoint ${pod} has ${text} of ${pool}, and that pool ${says}`
      const cause = owner === undefined ? 'no-pool-record' : 'two-owners'
      const owners = owner === undefined ? [pod] : [pod, owner]
      found.push(
        defined({
          system: 'spiderpool',
          subject: `${pool} ${text}`,
          cause,
          message,
          addresses: [text],
          owners,
          recordedAt: createdAt,
          origin,
        }) as Inconsistency,
      )
    }
  }
  for (const pool of pools) {
    for (const { address, owner } of pool.unsettled ? [] : pool.allocations) {
      const text = formatAddress(address)
      const endpoint = endpointOf.get(owner.id)
      const uid = pool.uids.get(text)
      if (endpoint === undefined || endpoint.unsettled || uid === undefined || endpoint.uid === undefined || endpoint.uid === uid) continue
      // The address of an earlier incarnation under the same name (trap T6, spiderpool #2526).
      const message = `SpiderIPPool ${pool.name} records ${text} for ${owner.id} with uid ${uid}, and its SpiderEndpoint has uid ${endpoint.uid}`
      found.push(
        defined({
          system: 'spiderpool',
          subject: `${pool.name} ${text} uid`,
          cause: 'other-incarnation',
          message,
          addresses: [text],
          owners: [owner.id],
          recordedAt: endpoint.createdAt,
          origin: pool.origin,
        }) as Inconsistency,
      )
    }
  }
  return found
}
