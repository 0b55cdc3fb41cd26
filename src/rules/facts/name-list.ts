// Many names in one sentence: the first few, and how many more there are.

const SHOWN = 5

export function nameList(names: readonly string[]): string {
  const first = names.slice(0, SHOWN).join(', ')
  return names.length > SHOWN ? `${first} and ${names.length - SHOWN} more` : first
}

/** "1 pod", "3 pods". */
export const counted = (count: number, noun: string, plural = `${noun}s`): string => `${count} ${count === 1 ? noun : plural}`
