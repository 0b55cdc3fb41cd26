// Numbers that look random and are the same for the same seed, so that a failing run can be repeated.

export interface Random {
  /** 0 <= x < 1. */
  next(): number
  /** A whole number, 0 <= x < limit. */
  below(limit: number): number
  /** `length` hexadecimal digits, as in sandbox ids and uids. */
  hex(length: number): string
  /** @throws RangeError for an empty list */
  pick<T>(list: readonly T[]): T
}

/** mulberry32: 32 bits of state, good enough to choose actions. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    next,
    below,
    hex: (length) => Array.from({ length }, () => below(16).toString(16)).join(''),
    pick(list) {
      if (list.length === 0) throw new RangeError('nothing to pick from')
      return list[below(list.length)] as (typeof list)[number]
    },
  }
}
