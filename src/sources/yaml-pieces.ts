// Cuts kubectl's YAML where documents and list items begin: the parser takes a hundred bytes of memory for every byte of one document.

/** Text to parse, and how many lines of the file come before it. */
export interface YamlText {
  readonly text: string
  readonly line: number
}

/** A list cut up: its object with `items: []`, and sequences of one item each. */
export interface YamlList {
  readonly head: YamlText
  readonly items: readonly YamlText[]
}

/** Documents below this size stay whole. */
const SMALL_DOCUMENT = 256 << 10

/** `---` in the first column begins a document wherever it stands, block scalars included (YAML 1.2, 9.1.2). */
export function* yamlDocuments(text: string): Generator<YamlText> {
  const marker = /^---(?=\s|$)/gm
  const withDirectives = /^%/m.test(text)
  let start = 0
  let line = 0
  for (let found = marker.exec(text); found && !withDirectives; found = marker.exec(text)) {
    if (found.index === start) continue
    yield { text: text.slice(start, found.index), line }
    line += countLines(text, start, found.index)
    start = found.index
  }
  yield { text: text.slice(start), line }
}

/** The pieces of a large document whose `items` are a block sequence; undefined where it must be parsed whole (small, another shape, anchors). */
export function cutYamlList(document: YamlText, smallest = SMALL_DOCUMENT): YamlList | undefined {
  const { text } = document
  if (text.length < smallest || /[-:][ \t]+&\S/.test(text)) return undefined
  const key = /^items:[ \t]*(?:#.*)?\r?\n/m.exec(text)
  if (!key) return undefined
  const begin = key.index + key[0].length
  const indent = /^(?:[ \t]*(?:#.*)?\r?\n)*( *)-[ \r\n]/.exec(text.slice(begin, begin + 65_536))?.[1]
  if (indent === undefined) return undefined
  const items: YamlText[] = []
  let start = begin
  let line = document.line + countLines(text, 0, begin)
  let number = line
  let end = begin
  let within = false // what comes before the first dash belongs to the first item
  for (let at = begin; at < text.length; number++) {
    const feed = text.indexOf('\n', at)
    const next = feed === -1 ? text.length : feed + 1
    const dash = text.startsWith(`${indent}-`, at) && /[ \r\n]/.test(text[at + indent.length + 1] ?? '\n')
    if (dash && within) {
      items.push({ text: text.slice(start, at), line })
      start = at
      line = number
    } else if (dash) within = true
    else if (/[^\s#]/.test(text[at] ?? ' ')) break
    end = at = next
  }
  items.push({ text: text.slice(start, end), line })
  const gap = '\n'.repeat(countLines(text, key.index, end) - 1)
  return { head: { text: `${text.slice(0, key.index)}items: []${gap}\n${text.slice(end)}`, line: document.line }, items }
}

function countLines(text: string, from: number, to: number): number {
  let count = 0
  for (let at = text.indexOf('\n', from); at !== -1 && at < to; at = text.indexOf('\n', at + 1)) count++
  return count
}
