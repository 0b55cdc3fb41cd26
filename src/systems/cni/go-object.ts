// Looking at decoded JSON the way Go's encoding/json does for a struct: keys match in any case, null counts as absent.

export type JsonObject = Readonly<Record<string, unknown>>

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value under `key`: the exact spelling first, else the last key that differs in case only; undefined for null. */
export function field(object: JsonObject, key: string): unknown {
  if (Object.hasOwn(object, key)) return object[key] ?? undefined
  const wanted = key.toLowerCase()
  const found = Object.keys(object).findLast((name) => name.toLowerCase() === wanted)
  return found === undefined ? undefined : (object[found] ?? undefined)
}

/** The text under `key`, or undefined when it is absent or no text. */
export function textField(object: JsonObject, key: string): string | undefined {
  const value = field(object, key)
  return typeof value === 'string' ? value : undefined
}

/** A value for a message; lists and objects are only named, since they may be nested deeper than JSON.stringify can go. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (isObject(value)) return 'an object'
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
