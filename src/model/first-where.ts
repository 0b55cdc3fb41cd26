// Bisection: where a condition that stays true once it is true begins to be so.

/** The lowest index below `length` for which it holds, else `length`. */
export function firstWhere(length: number, holds: (index: number) => boolean): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
