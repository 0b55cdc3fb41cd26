// Many names in one sentence: the first few, and how many more there are.

export function nameList(names: readonly string[], limit = 5): string {
  const first = names.slice(0, limit).join(', ')
  return names.length > limit ? `${first} and ${names.length - limit} more` : first
}

/** "1 pod", "3 pods". */
export const counted = (count: number | bigint, noun: string, plural = `${noun}s`): string => `${count} ${BigInt(count) === 1n ? noun : plural}`
