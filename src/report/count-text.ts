// Counts of addresses as people read them.

/** As many digits as an IPv4 count can have, and some more: longer ones push everything else off the line. */
const LONGEST = 10n ** 15n

/** All digits of a count that fits into a table; 2^64, else 5.5e19 beyond that. The machine formats have every digit. */
export function countText(count: bigint): string {
  if (count < LONGEST) return count.toString()
  const bits = count.toString(2)
  return bits.lastIndexOf('1') === 0 ? `2^${bits.length - 1}` : Number(count).toExponential(1).replace('+', '')
}

/** `1 pod`, `2 pods`. */
export const countOf = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
