// Reading fields of objects that anybody may have written: the wrong type is undefined, never a crash.

export type Fields = Readonly<Record<string, unknown>>

const none: Fields = {}

export const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : none)

/** The value below a path of keys. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let current = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = (current as Fields)[key]
  }
  return current
}

export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = valueAt(value, ...path)
  return typeof found === 'string' ? found : undefined
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = valueAt(value, ...path)
  return Array.isArray(found) ? found : []
}

/** Milliseconds of an RFC 3339 text. */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const text = textAt(value, ...path)
  const time = text === undefined ? Number.NaN : Date.parse(text)
  return Number.isNaN(time) ? undefined : time
}

/** `namespace/name` of a namespaced object, `name` of others. */
export function idOf(object: unknown): string {
  const namespace = textAt(object, 'metadata', 'namespace')
  const name = textAt(object, 'metadata', 'name') ?? '?'
  return namespace === undefined ? name : `${namespace}/${name}`
}

/** Copies without keys whose value is undefined, as exactOptionalPropertyTypes wants them. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> }
}

export type Types = readonly { readonly path: string; readonly keys: readonly string[]; readonly type: 'object' | 'string' }[]

/** @param expected path with dots -> type */
export const typesOf = (expected: Readonly<Record<string, 'object' | 'string'>>): Types =>
  Object.entries(expected).map(([path, type]) => ({ path, keys: path.split('.'), type }))

/** What keeps an object from being read at all: a field of another type than its API has. Null is the same as nothing, as Go writes it. */
export function wrongField(object: unknown, types: Types): string | undefined {
  for (const { path, keys, type } of types) {
    const value = valueAt(object, ...keys)
    if (value !== undefined && value !== null && (typeof value !== type || Array.isArray(value)))
      return `${path} is ${JSON.stringify(value)}, not ${type === 'object' ? 'an object' : 'a text'}`
  }
  return undefined
}
