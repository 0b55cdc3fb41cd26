// Addresses and claims of Cluster API: a claim asks a pool for an address, an IPAddress is the answer (ipam.cluster.x-k8s.io).
import type { Allocation, Inconsistency, Shortage } from '../../model/inventory.ts'
import { formatAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { defined, idOf, listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'
import { domainOf, SYSTEM } from './pool.ts'

export interface MachineAddress {
  readonly allocation: Allocation
  readonly claim: string
  /** Held until the reuse grace of the pool is over. */
  readonly leaving: boolean
}

export interface Claim {
  readonly id: string
  readonly pool: string
  readonly shortage: Shortage | undefined
}

const GLOBAL = /^Global/

/** `null` for an address of a pool that gives out whole prefixes: its address is the base of one. */
export function parseMachineAddress(document: ObjectDocument, reader: RecordReader<MachineAddress | null>): MachineAddress | null | undefined {
  const { object, origin, unsettled } = document
  const poolRef = valueAt(object, 'spec', 'poolRef')
  if (/PrefixPool$/.test(textAt(poolRef, 'kind') ?? '')) return null
  const address = reader.address(document, 'spec.address', valueAt(object, 'spec', 'address'))
  if (address === undefined) return undefined
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default'
  const pool = poolId(poolRef, namespace)
  const claim = `${namespace}/${textAt(object, 'spec', 'claimRef', 'name') ?? '?'}`
  const allocation = defined({
    system: SYSTEM,
    pool,
    domain: domainOf(pool),
    address,
    owner: { kind: 'machine', id: claim },
    handle: idOf(object),
    recordedAt: timeAt(object, 'metadata', 'creationTimestamp'),
    unsettled,
    origin,
  }) as Allocation
  return { allocation, claim, leaving: textAt(object, 'metadata', 'deletionTimestamp') !== undefined }
}

const poolId = (poolRef: unknown, namespace: string): string => {
  const name = textAt(poolRef, 'name') ?? '?'
  return GLOBAL.test(textAt(poolRef, 'kind') ?? '') ? name : `${namespace}/${name}`
}

/** Reasons with which a provider says that it could not serve a claim; others pass by themselves. */
const REFUSALS = new Set(['PoolExhausted', 'AllocationFailed'])

export function parseClaim(document: ObjectDocument): Claim {
  const { object, origin } = document
  const id = idOf(object)
  const pool = poolId(valueAt(object, 'spec', 'poolRef'), textAt(object, 'metadata', 'namespace') ?? 'default')
  const ready = listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready')
  const refused = textAt(ready, 'status') === 'False' && REFUSALS.has(textAt(ready, 'reason') ?? '')
  const error = `IPAddressClaim ${id}: ${[textAt(ready, 'reason'), textAt(ready, 'message')].filter(Boolean).join(': ')}`
  return { id, pool, shortage: refused ? { system: SYSTEM, pool, error, origin } : undefined }
}

/** Nothing frees an address whose claim is gone. One that is being deleted waits for its reuse grace. */
export function withoutClaim(addresses: readonly MachineAddress[], claims: readonly Claim[]): Inconsistency[] {
  if (claims.length === 0) return []
  const known = new Set(claims.map(({ id }) => id))
  return addresses.flatMap(({ allocation, claim, leaving }): Inconsistency[] => {
    if (leaving || known.has(claim) || allocation.unsettled === true) return []
    const text = formatAddress(allocation.address)
    const message = `${text} of ${allocation.pool} is held for the claim ${claim}, which does not exist: no machine uses it, and nothing frees it`
    const facts = { system: SYSTEM, subject: `IPAddress ${allocation.handle}`, cause: 'no-claim', message, addresses: [text], owners: [claim] }
    return [defined({ ...facts, recordedAt: allocation.recordedAt, origin: allocation.origin }) as Inconsistency]
  })
}

/** One address given twice by one pool. */
export function givenTwice(addresses: readonly MachineAddress[]): Inconsistency[] {
  const first = new Map<string, MachineAddress>()
  return addresses.flatMap((one): Inconsistency[] => {
    const text = formatAddress(one.allocation.address)
    const key = `${one.allocation.pool}\0${text}`
    const before = first.get(key)
    if (before === undefined) first.set(key, one)
    if (before === undefined || before.claim === one.claim) return []
    const owners = [before.claim, one.claim].sort()
    const message = `${text} of ${one.allocation.pool} is recorded for ${owners.join(' and ')}: two machines get one address`
    return [
      {
        system: SYSTEM,
        subject: `${one.allocation.pool} ${text}`,
        cause: 'two-owners',
        message,
        addresses: [text],
        owners,
        origin: one.allocation.origin,
      },
    ]
  })
}
