// What a system said, one line each, so that a test can state it.
import type { InventoryPart } from '../../src/model/inventory.ts'
import { formatAddress, formatCidr, formatRange } from '../../src/net/index.ts'

const words = (...parts: readonly (string | number | bigint | boolean | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '' && part !== false).join(' ')

export const poolsOf = (part: InventoryPart): readonly string[] =>
  (part.pools ?? []).map(({ name, domain, ranges, use, capacity, blockPrefix, blockSize, disabled }) =>
    words(
      name,
      `in ${domain}:`,
      ranges.map(formatRange).join(','),
      use === undefined ? '' : `for ${use}`,
      capacity === undefined ? '' : `capacity ${capacity}`,
      blockPrefix === undefined ? '' : `/${blockPrefix} each`,
      blockSize === undefined ? '' : `${blockSize} each`,
      disabled === true && 'disabled',
    ),
  )

export const allocationsOf = (part: InventoryPart): readonly string[] =>
  (part.allocations ?? []).map(({ pool, domain, address, owner, purpose, node }) =>
    words(
      formatAddress(address),
      `of ${pool}`,
      domain === 'default' ? '' : `in ${domain}`,
      `for ${owner.kind} ${owner.id}`,
      node === undefined ? '' : `on ${node}`,
      purpose === undefined ? '' : `(${purpose})`,
    ),
  )

export const reservationsOf = (part: InventoryPart): readonly string[] =>
  (part.reservations ?? []).map(({ domain, range, why, gateway }) => words(formatRange(range), `in ${domain}:`, why, gateway === true && '!'))

export const blocksOf = (part: InventoryPart): readonly string[] =>
  (part.blocks ?? []).map(({ pool, domain, cidr, node }) => `${formatCidr(cidr)} of ${pool} in ${domain} on ${node}`)

export const nodeRecordsOf = (part: InventoryPart): readonly string[] =>
  (part.nodeRecords ?? []).map(({ node, what, ranges }) => `${node}: ${what} ${ranges.map(formatRange).join(',')}`)

/** `~` marks a minor one. */
export const inconsistenciesOf = (part: InventoryPart): readonly string[] =>
  (part.inconsistencies ?? []).map(({ cause, message, minor }) => `${minor === true ? '~' : ''}${cause}: ${message}`)

export const problemsOf = (part: InventoryPart): readonly string[] => (part.problems ?? []).map(({ kind, message }) => `${kind}: ${message}`)
