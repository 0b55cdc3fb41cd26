// Ranges in custom resources: `first-last`, `first..last`, CIDRs and single addresses, with a note of those that cannot work.
import type { Problem } from '../../model/inventory.ts'
import { type Address, formatAddress, type Range, rangeBetween, rangeOf, rangeOfAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { idOf } from './fields.ts'
import type { RecordReader } from './record-reader.ts'

type Parts = Pick<RecordReader<unknown>, 'address' | 'cidr' | 'unreadable'>

export interface RangeReader {
  /** One entry of a list. Undefined where it cannot be read or cannot work; a problem was noted. */
  range(document: ObjectDocument, field: string, value: unknown): Range | undefined
  /** Both ends in fields of their own. */
  between(document: ObjectDocument, field: string, first: unknown, last: unknown): Range | undefined
  /** Notes a range that was read and cannot work as it stands (CFG-602). */
  wrong(document: ObjectDocument, message: string, addresses: readonly string[]): void
  readonly problems: readonly Problem[]
}

/** A dash with spaces around it (MetalLB), or two dots (Kube-OVN). */
const SEPARATOR = / *(?:-|\.\.) */

export function rangeReader(source: string, parts: Parts): RangeReader {
  const problems: Problem[] = []
  const reader: RangeReader = {
    problems,
    range(document, field, value) {
      if (typeof value !== 'string') return parts.unreadable(document, `${field} is ${JSON.stringify(value) ?? 'missing'}, not a range`)
      if (value.includes('/')) {
        const cidr = parts.cidr(document, field, value)
        return cidr === undefined ? undefined : rangeOf(cidr)
      }
      const [first, last, more] = value.split(SEPARATOR)
      if (more !== undefined) return parts.unreadable(document, `${field} is ${JSON.stringify(value)}, not a range`)
      if (last !== undefined) return reader.between(document, field, first, last)
      const address = parts.address(document, field, value)
      return address === undefined ? undefined : rangeOfAddress(address)
    },
    between(document, field, start, end) {
      const first = parts.address(document, field, start)
      const last = parts.address(document, field, end)
      if (first === undefined || last === undefined) return undefined
      const fault = inverted(first, last)
      if (fault === undefined) return rangeBetween(first, last)
      reader.wrong(document, `${field} ${formatAddress(first)}-${formatAddress(last)} ${fault}`, [formatAddress(first), formatAddress(last)])
      return undefined
    },
    wrong(document, message, addresses) {
      const subject = idOf(document.object)
      problems.push({
        kind: 'wrong-range',
        source,
        subject,
        message: `${document.kind} ${subject}: ${message}`,
        origin: document.origin,
        addresses,
      })
    },
  }
  return reader
}

function inverted(first: Address, last: Address): string | undefined {
  if (first.family !== last.family) return 'has ends of two address families: nothing can be handed out of it'
  return first.value > last.value ? 'starts after it ends: nothing can be handed out of it' : undefined
}
