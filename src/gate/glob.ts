// Names with wildcards, matched letter by letter: no expression that a user wrote is ever compiled, so none can take exponential time.

/** True when the text is the pattern: `*` stands for any letters but "/", `?` for one of them; everything else is itself, case included. */
export function matchesGlob(pattern: string, text: string): boolean {
  let [at, next] = [0, 0]
  // Where the last star stands, and up to where it has been stretched.
  let [star, stretched] = [-1, 0]
  while (at < text.length) {
    const wanted = pattern[next]
    if (wanted === '*') {
      star = next++
      stretched = at
    } else if (wanted === text[at] || (wanted === '?' && text[at] !== '/')) {
      next++
      at++
    } else {
      // Only the last star need give way: what stands before it has been found as early as can be.
      if (star < 0 || text[stretched] === '/') return false
      next = star + 1
      at = ++stretched
    }
  }
  while (pattern[next] === '*') next++
  return next === pattern.length
}

/** A pattern of nothing but wildcards says nothing. */
export const isOnlyWild = (pattern: string): boolean => /^[*?/]*$/.test(pattern)
