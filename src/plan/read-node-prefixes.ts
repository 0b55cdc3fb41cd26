// Reads the sizes of node blocks: one number where its family is clear, or one for each range in the same order.
import { bitsOf, type Cidr, type Family, formatCidr } from '../net/index.ts'
import { quote } from './read-values.ts'
import { RequestFault, type RequestPath } from './request-fault.ts'
import type { RequestInput } from './request-schema.ts'

function readNumbers(value: NonNullable<RequestInput['nodePrefixes']>, path: RequestPath): readonly number[] {
  if (typeof value === 'number') return [value]
  if (typeof value !== 'string') return value
  return value.split(',').map((part) => {
    const [, digits] = /^ *\/?(0|[1-9]\d{0,2}) *$/.exec(part) ?? []
    if (digits === undefined) throw new RequestFault(path, `${quote(part)} is not a prefix length; write 24, or 24,64`)
    return Number(digits)
  })
}

function checkPrefix(prefix: number, cidr: Cidr, path: RequestPath): number {
  if (prefix > bitsOf(cidr.family)) throw new RequestFault(path, `/${prefix} is longer than an IPv${cidr.family} address (${formatCidr(cidr)})`)
  if (prefix < cidr.prefix) {
    throw new RequestFault(
      path,
      `contradiction: a block of /${prefix} for each node is larger than the whole range ${formatCidr(cidr)}; use ${cidr.prefix} or more, or a range of /${prefix} or shorter`,
    )
  }
  return prefix
}

/**
 * One number with two ranges is for IPv4 up to 32 and for IPv6 above; the other family keeps its default.
 *
 * @throws RequestFault
 */
export function readNodePrefixes(value: RequestInput['nodePrefixes'], cidrs: readonly Cidr[], path: RequestPath): ReadonlyMap<Family, number> {
  if (value === undefined) return new Map()
  const numbers = readNumbers(value, path)
  const [only] = numbers
  if (only === undefined || numbers.length > 2) throw new RequestFault(path, 'needs one prefix length, or one for each range')
  if (numbers.length === 2 && cidrs.length === 1)
    throw new RequestFault(path, `has two prefix lengths for one range, ${cidrs.map(formatCidr).join()}`)
  if (numbers.length === 1 && cidrs.length === 2) {
    const cidr = cidrs.find(({ family }) => family === (only <= 32 ? 4 : 6)) as Cidr
    return new Map([[cidr.family, checkPrefix(only, cidr, path)]])
  }
  return new Map(cidrs.map((cidr, index) => [cidr.family, checkPrefix(numbers[index] ?? only, cidr, path)]))
}
