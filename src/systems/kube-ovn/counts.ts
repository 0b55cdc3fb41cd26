// What a Subnet says of itself, against the objects that hold its addresses (kube-ovn #4922, #4539, #6003).
import type { Allocation, Inconsistency } from '../../model/inventory.ts'
import { addressKey, tryAddress } from '../../net/index.ts'
import { counterFault } from '../kubernetes/counters.ts'
import { textAt, valueAt } from '../kubernetes/fields.ts'
import type { Subnet } from './subnet.ts'

/** Pods come and go between the two lists. */
const SLACK = 2n

/** Addresses in a status text such as `10.16.0.2-10.16.0.5,10.16.0.9`; undefined for what is none. */
function sizeOfText(text: string): bigint | undefined {
  let size = 0n
  for (const part of text.split(',').filter(Boolean)) {
    const [first, last] = part.split('-').map((end) => tryAddress(end.trim()))
    if (first === undefined || (part.includes('-') && last === undefined)) return undefined
    size += (last ?? first).value - first.value + 1n
  }
  return size
}

interface Seen {
  /** Kinds other than IP were in the input too. */
  readonly virtual: boolean
}

export function subnetCounters(subnet: Subnet, allocations: readonly Allocation[], { virtual }: Seen): Inconsistency[] {
  if (subnet.unsettled || allocations.some(({ unsettled }) => unsettled === true)) return []
  return ([4, 6] as const).flatMap((family): Inconsistency[] => {
    if (!subnet.cidrs.some((cidr) => cidr.family === family)) return []
    const field = `v${family}usingIPs`
    const stated = valueAt(subnet.status, field)
    const facts = { system: 'kube-ovn', subject: `Subnet ${subnet.name}`, field, stated, origin: subnet.origin }
    const counted = BigInt(new Set(allocations.filter(({ address }) => address.family === family).map(({ address }) => addressKey(address))).size)
    const listed = textAt(subnet.status, `v${family}usingIPrange`)
    const size = listed === undefined ? undefined : sizeOfText(listed)
    const own = size === undefined ? [] : counterFault({ ...facts, what: `addresses in its v${family}usingIPrange`, counted: size })
    if (own.length > 0) return own
    // More than are recorded may be Vips and EIPs that the input does not hold.
    const minor = !virtual && Number(stated) > Number(counted)
    return counterFault({ ...facts, what: 'IP, Vip and EIP objects of this subnet', counted, slack: SLACK, minor })
  })
}
