// Long lists in messages: the first few by name, the rest by number.

export function someOf(names: readonly string[], limit = 3): string {
  const shown = names.slice(0, limit).join(', ')
  return names.length <= limit ? shown : `${shown} and ${names.length - limit} more`
}

export const plural = (count: number | bigint, one: string, many = `${one}s`): string => `${count} ${BigInt(count) === 1n ? one : many}`
