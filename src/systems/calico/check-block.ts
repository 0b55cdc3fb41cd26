// What makes an IPAMBlock contradict itself: the "invalid blocks" of `calicoctl ipam check`, one fault by one.
import type { Inconsistency } from '../../model/inventory.ts'
import { cidrSize, formatAddress, formatCidr } from '../../net/index.ts'
import type { BlockRecord } from './read-block.ts'

export const addressAt = ({ cidr }: BlockRecord, ordinal: number) => ({ family: cidr.family, value: cidr.base + BigInt(ordinal) })

/** Ordinals of one list that come up more than once. */
const repeated = (ordinals: readonly number[]): number[] => {
  const seen = new Set<number>()
  return [...new Set(ordinals.filter((ordinal) => seen.has(ordinal) || !seen.add(ordinal)))]
}

export function* checkBlock(block: BlockRecord): Generator<Inconsistency> {
  const { cidr, slots, free, attributes, origin } = block
  if (block.unsettled) return
  const text = formatCidr(cidr)
  const size = Number(cidrSize(cidr))
  const inBlock = (ordinal: number) => ordinal >= 0 && ordinal < size
  const fault = (cause: string, what: string, ordinals: readonly number[] = [], rest: Partial<Inconsistency> = {}): Inconsistency => ({
    system: 'calico',
    subject: `block ${text}`,
    cause,
    message: `block ${text}: ${what}`,
    addresses: [...new Set([text, ...ordinals.filter(inBlock).map((ordinal) => formatAddress(addressAt(block, ordinal)))])],
    ...(block.host === undefined ? {} : { node: block.host }),
    origin,
    ...rest,
  })
  const taken = slots.flatMap((slot, ordinal) => (slot === null ? [] : [{ slot, ordinal }]))
  const outside = taken.filter(({ slot }) => slot < 0 || slot >= attributes.length)
  if (outside.length > 0) {
    const which = outside.map(({ slot, ordinal }) => `ordinal ${ordinal} names ${slot}`).join(', ')
    yield fault(
      'index-out-of-range',
      `${which}, and there are ${attributes.length} attributes`,
      outside.map(({ ordinal }) => ordinal),
    )
  }
  const used = new Set(taken.map(({ slot }) => slot))
  const unused = attributes.flatMap((attribute, i) => (used.has(i) ? [] : [{ attribute, i }]))
  if (unused.length > 0) {
    const which = unused.map(({ attribute, i }) => `${i} (${attribute.handle ?? 'without a handle'})`).join(', ')
    yield fault('unused-attribute', `no address has attribute ${which}`, [], { owners: unused.flatMap(({ attribute }) => attribute.handle ?? []) })
  }
  for (const { slot, ordinal } of taken) {
    const released = attributes[slot]?.releasedAt
    if (released !== undefined)
      yield fault('released-in-future', `${formatAddress(addressAt(block, ordinal))} is marked as released at a time to come`, [ordinal], {
        mustBePast: released,
      })
  }
  const beyond = free.filter((ordinal) => !inBlock(ordinal))
  if (beyond.length > 0) yield fault('ordinal-out-of-range', `the list of free ordinals holds ${beyond.join(', ')}, and the block has ${size}`)
  const twice = repeated(free)
  if (twice.length > 0) yield fault('twice-free', `the list of free ordinals holds ${twice.join(', ')} more than once`, twice)
  const both = [...new Set(free)].filter((ordinal) => (slots[ordinal] ?? null) !== null)
  if (both.length > 0) yield fault('free-and-allocated', `ordinal ${both.join(', ')} is free and allocated at once: it will be given out again`, both)
  const explained = beyond.length > 0 || twice.length > 0 || both.length > 0
  if (!explained && (slots.length !== size || taken.length + free.length !== size))
    yield fault('counts', `${taken.length} allocated and ${free.length} free ordinals of ${slots.length} entries do not add up to ${size} addresses`)
}
