// JSON laid out as CNI configuration is written by hand: two spaces, small objects of plain values on one line.

type JsonValue = string | number | boolean | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined }

const LINE = 80

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value)

/** On one line where a hand would choose it, if it fits. `isPlain`: holds no objects, or is a list in a list. */
function place(pieces: readonly string[], brackets: string, space: string, indent: string, isPlain: boolean): string {
  const [open, close] = brackets
  if (isPlain) {
    const line = `${open}${space}${pieces.join(', ')}${space}${close}`
    if (indent.length + line.length <= LINE && !line.includes('\n')) return line
  }
  const inner = `\n${indent}  `
  return `${open}${inner}${pieces.join(`,${inner}`)}\n${indent}${close}`
}

function layOut(value: JsonValue, indent: string, inList: boolean): string {
  if (typeof value !== 'object') return JSON.stringify(value)
  const inner = `${indent}  `
  let isPlain = true
  if (isList(value)) {
    if (!inList) isPlain = value.every((item) => typeof item !== 'object')
    const items = value.map((item) => layOut(item, inner, true))
    return place(items, '[]', '', indent, isPlain)
  }
  const lines: string[] = []
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue
    if (typeof item === 'object') isPlain = false
    lines.push(`${JSON.stringify(key)}: ${layOut(item, inner, false)}`)
  }
  return place(lines, '{}', ' ', indent, isPlain)
}

/** The text of a file, final newline included; keys in the order given, without those that are undefined. */
export const writeJson = (value: JsonValue): string => `${layOut(value, '', false)}\n`
