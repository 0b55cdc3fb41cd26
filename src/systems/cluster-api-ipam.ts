// Addresses of machines in a Cluster API management cluster: the in-cluster provider's pools and metal3's, the claims and the addresses given to them.
// Not visible from outside: whether a machine still uses the address; pools that give out whole IPv6 prefixes are not read.
import type { Inconsistency } from '../model/inventory.ts'
import { type Claim, givenTwice, type MachineAddress, parseClaim, parseMachineAddress, withoutClaim } from './cluster-api-ipam/claim.ts'
import { type MachinePool, parseInClusterPool, parseMetal3Pool, SYSTEM } from './cluster-api-ipam/pool.ts'
import { defineSystem } from './define-system.ts'
import { counterFault } from './kubernetes/counters.ts'
import { outsideTheirPools } from './kubernetes/outside-pool.ts'
import { rangeReader } from './kubernetes/range-reader.ts'
import { recordReader } from './kubernetes/record-reader.ts'

/** Counts above this are written as this (Go's math.MaxInt). */
const LARGEST = 2n ** 63n - 1n
/** Claims are answered between the two lists. */
const SLACK = 2n

function counters(pool: MachinePool, addresses: readonly MachineAddress[]): Inconsistency[] {
  const own = addresses.filter(({ allocation }) => allocation.pool === pool.name)
  if (pool.unsettled || own.some(({ allocation }) => allocation.unsettled === true)) return []
  const counted = BigInt(own.length) > LARGEST ? LARGEST : BigInt(own.length)
  const facts = { system: SYSTEM, subject: `pool ${pool.name}`, field: 'status.ipAddresses.used', stated: pool.used, origin: pool.origin }
  return counterFault({ ...facts, what: 'IPAddress objects of it', counted, slack: SLACK })
}

export const clusterApi = defineSystem({
  id: SYSTEM,
  title: 'Cluster API machine pools',
  kinds: [
    'ipam.cluster.x-k8s.io/InClusterIPPool',
    'ipam.cluster.x-k8s.io/GlobalInClusterIPPool',
    'ipam.cluster.x-k8s.io/IPAddress',
    'ipam.cluster.x-k8s.io/IPAddressClaim',
    'ipam.metal3.io/IPPool',
  ],
  files: false,
  parser() {
    const local = recordReader<MachinePool>('inclusterippools')
    const global = recordReader<MachinePool>('globalinclusterippools')
    const metal3 = recordReader<MachinePool>('ippools.ipam.metal3.io')
    const addresses = recordReader<MachineAddress | null>('ipaddresses.ipam.cluster.x-k8s.io')
    const claims = recordReader<Claim>('ipaddressclaims')
    const ranges = {
      local: rangeReader('inclusterippools', local),
      global: rangeReader('globalinclusterippools', global),
      metal3: rangeReader('ippools.ipam.metal3.io', metal3),
    }
    return {
      object(document) {
        const { kind } = document
        if (kind === 'InClusterIPPool') local.take(document, (d) => parseInClusterPool(d, local, ranges.local))
        else if (kind === 'GlobalInClusterIPPool') global.take(document, (d) => parseInClusterPool(d, global, ranges.global))
        else if (kind === 'IPPool') metal3.take(document, (d) => parseMetal3Pool(d, metal3, ranges.metal3))
        else if (kind === 'IPAddress') addresses.take(document, (d) => parseMachineAddress(d, addresses))
        else claims.take(document, parseClaim)
      },
      finish() {
        const records = [...local.records(), ...global.records(), ...metal3.records()]
        const given = addresses.records().filter((address) => address !== null)
        const allocations = [...given.map(({ allocation }) => allocation), ...metal3.records().flatMap((pool) => pool.allocations)]
        const pools = records.flatMap((record) => record.pools)
        const readers = [local, global, metal3, addresses, claims]
        return {
          pools,
          allocations,
          reservations: records.flatMap((record) => record.reservations),
          shortages: claims.records().flatMap(({ shortage }) => shortage ?? []),
          inconsistencies: [
            ...givenTwice(given),
            ...withoutClaim(given, claims.records()),
            ...(given.length === 0 ? [] : [...local.records(), ...global.records()].flatMap((pool) => counters(pool, given))),
            // A pool that was made smaller keeps what it gave out before, and counts it as outOfRange.
            ...outsideTheirPools(pools, allocations, true),
          ],
          problems: [...readers, ...Object.values(ranges)].flatMap(({ problems }) => problems),
          coverage: readers.flatMap((reader) => reader.coverage(false)),
        }
      },
    }
  },
})
