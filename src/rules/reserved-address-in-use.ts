// DRF-507: an address that must not be given out is given out.
import type { Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Reservation } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { showTime } from '../model/show-time.ts'
import {
  compareAddresses,
  formatAddress,
  formatRange,
  holds,
  overlappingPairs,
  type Range,
  type RangeSet,
  rangeOfAddress,
  rangeSet,
} from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { needs } from './facts/gaps.ts'
import { counted, nameList } from './facts/name-list.ts'
import { type AddressUse, addressUses } from './facts/pod-uses.ts'

interface Item {
  readonly range: Range
  readonly reservation?: Reservation
  readonly use?: AddressUse
}

type PoolSpace = ReadonlyMap<string, RangeSet>

/** Pools of each system and domain. */
function spaces(inventory: Inventory): PoolSpace {
  const groups = groupBy(inventory.pools, ({ system, domain }) => `${system}\0${domain}`)
  return new Map([...groups].map(([key, pools]) => [key, rangeSet(pools.flatMap(({ ranges }) => ranges))]))
}

/** A reservation binds the allocator that has it; what a pod merely shows counts where that allocator's pools have the address. */
function isBound({ system, domain }: Reservation, use: AddressUse, space: PoolSpace): boolean {
  if (use.domain !== domain) return false
  if (use.system !== undefined) return use.system === system
  const pools = space.get(`${system}\0${domain}`)
  return pools !== undefined && holds(pools, use.address)
}

const isOlder = ({ since }: Reservation, use: AddressUse): boolean => since !== undefined && use.since !== undefined && use.since < since

/** The record knows better than the pod since when. */
function recordedFirst(uses: readonly AddressUse[]): readonly AddressUse[] {
  const recorded = new Set(uses.filter(({ system }) => system !== undefined).map(({ address }) => formatAddress(address)))
  return uses.filter(({ system, address }) => system !== undefined || !recorded.has(formatAddress(address)))
}

function violationOf(reservation: Reservation, uses: readonly AddressUse[], older: boolean): Violation {
  const sorted = [...uses].sort((a, b) => compareAddresses(a.address, b.address) || (a.owner < b.owner ? -1 : 1))
  const addresses = [...new Set(sorted.map(({ address }) => formatAddress(address)))]
  const owners = [...new Set(sorted.map(({ owner }) => owner))]
  const text = formatRange(reservation.range)
  const history = older && reservation.since !== undefined ? `; it was taken before the reservation was made (${showTime(reservation.since)})` : ''
  return {
    message: `${nameList(addresses)} of ${nameList(owners)} ${addresses.length === 1 ? 'is' : 'are'} reserved: ${text} is ${reservation.why} (${reservation.system})${history}`,
    severity: older ? 'low' : reservation.gateway === true ? 'high' : 'medium',
    domain: reservation.domain,
    addresses,
    nodes: [...new Set(sorted.flatMap(({ node }) => node ?? []))].sort(),
    owners,
    subject: [reservation.system, text],
    evidence: [
      { source: reservation.origin, fact: `${text} must not be given out: ${reservation.why}` },
      ...sorted.slice(0, 10).map((use) => ({
        source: use.origin,
        fact: `${formatAddress(use.address)} ${use.system === undefined ? `is shown by ${use.owner}` : `is given to ${use.owner}`}`,
      })),
    ],
    cause: older ? 'older-than-reservation' : reservation.gateway === true ? 'gateway' : 'reserved',
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  if (inventory.reservations.length === 0) return [{ reason: 'no reservation, exclusion or gateway is known', whole: true }]
  return needs(inventory, 'pods', `${counted(inventory.reservations.length, 'reservation')} held against records only`).map((gap) => ({
    ...gap,
    whole: false,
  }))
}

export const reservedAddressInUse = defineRule({
  id: 'DRF-507',
  name: 'reserved-address-in-use',
  title: 'A reserved address is in use',
  severity: 'medium',
  revision: 1,
  why: 'Whoever reserved the address has it too: a router, a device, another allocator. Two owners of a gateway cut off all pods of the network.',
  predicate:
    'An allocation, or an address that a live pod shows inside the pools of the same allocator, lies in a reservation, an exclusion or a gateway of that allocator. Medium; high for a gateway; low where the store says that the address was taken before the reservation was made. One finding for each reservation.',
  guards: [
    'Addresses that the allocator itself keeps (tunnels, routers, placeholders).',
    'T24: addresses are compared inside one routing domain, and against the reservations of their own allocator.',
    'T17: a network or broadcast address that the allocator gives out on purpose is no reservation.',
    'Records that changed during the scan.',
  ],
  playbook: 'R16',
  links: ['https://docs.tigera.io/calico/latest/reference/resources/ipreservation', 'https://github.com/metallb/metallb/issues/772'],
  gaps,
  *check(inventory) {
    const space = spaces(inventory)
    const items: Item[] = [
      ...inventory.reservations.map((reservation) => ({ range: reservation.range, reservation })),
      ...[...addressUses(inventory)].map((use) => ({ range: rangeOfAddress(use.address), use })),
    ]
    const found = new Map<Reservation, AddressUse[]>()
    for (const [a, b] of overlappingPairs(items, ({ range }) => range)) {
      const reservation = a.reservation ?? b.reservation
      const use = a.use ?? b.use
      if (reservation === undefined || use === undefined || !isBound(reservation, use, space)) continue
      if (found.get(reservation)?.push(use) === undefined) found.set(reservation, [use])
    }
    for (const [reservation, uses] of found)
      for (const [older, group] of groupBy(recordedFirst(uses), (use) => isOlder(reservation, use))) yield violationOf(reservation, group, older)
  },
})
