// Finds what a mistyped word was meant to be.

/** Edits (insert, delete, replace) that lead from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [line, letter] of [...from].entries()) {
    const next = [line + 1]
    for (const [column, other] of [...to].entries()) {
      next.push(Math.min((row[column] ?? 0) + (letter === other ? 0 : 1), (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The nearest of the words, where one is near enough to be a slip of the finger. */
export function didYouMean(word: string, words: readonly string[]): string | undefined {
  if (word.length > 64) return undefined
  const near = words
    .map((candidate) => ({ candidate, edits: candidate.startsWith(word) && word.length > 1 ? 1 : distance(word.toLowerCase(), candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.ceil(Math.min(word.length, candidate.length) / 3))
  return near.sort((one, other) => one.edits - other.edits)[0]?.candidate
}
