// JSON laid out as CNI configuration is written by hand: two spaces, small objects of plain values on one line.

type JsonValue = string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

const LINE = 80

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

/** The one-line form, where a hand would choose it: plain values, lists and objects of such, a list in a list. */
function oneLine(value: JsonValue, inList: boolean): string | undefined {
  if (typeof value !== 'object') return JSON.stringify(value)
  if (isList(value)) {
    if (!inList && value.some((item) => typeof item === 'object')) return undefined
    const items = value.map((item) => oneLine(item, false))
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined)
  if (entries.some(([, item]) => typeof item === 'object')) return undefined
  return `{ ${entries.map(([key, item]) => `${JSON.stringify(key)}: ${JSON.stringify(item)}`).join(', ')} }`
}

function layOut(value: JsonValue, indent: string, inList: boolean): string {
  const short = oneLine(value, inList)
  if (short !== undefined && indent.length + short.length <= LINE) return short
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}  `
  const lines = isList(value)
    ? value.map((item) => layOut(item, inner, true))
    : Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [`${JSON.stringify(key)}: ${layOut(item, inner, false)}`]))
  const [open, close] = isList(value) ? '[]' : '{}'
  return `${open}\n${lines.map((line) => inner + line).join(',\n')}\n${indent}${close}`
}

/** The text of a file, final newline included; keys in the order given, without those that are undefined. */
export const writeJson = (value: JsonValue): string => `${layOut(value, '', false)}\n`
