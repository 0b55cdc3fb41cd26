// Where and why a text is not JSON. JSON.parse gives no position for short texts, and its wording differs between Node versions.

interface Fault {
  /** 1-based; columns in UTF-16 units. */
  readonly line: number
  readonly column: number
  readonly reason: string
}

const TOKEN = /[{}[\],:"]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

const EXPECTED = {
  value: 'a value',
  valueOrEnd: 'a value or ]',
  key: 'a key in double quotes',
  keyOrEnd: 'a key in double quotes or }',
  colon: 'a colon',
  commaOrBrace: 'a comma or }',
  commaOrBracket: 'a comma or ]',
  end: 'nothing more',
} as const
type State = keyof typeof EXPECTED

function afterValue(open: readonly string[]): State {
  const top = open.at(-1)
  if (top === undefined) return 'end'
  return top === '{' ? 'commaOrBrace' : 'commaOrBracket'
}

/** The state after `token`, or undefined when it does not fit. Keeps the stack of `open` brackets. */
function step(state: State, token: string, open: string[]): State | undefined {
  const closes =
    token === '}' ? state === 'keyOrEnd' || state === 'commaOrBrace' : token === ']' && (state === 'valueOrEnd' || state === 'commaOrBracket')
  if (closes) {
    open.pop()
    return afterValue(open)
  }
  if (state === 'commaOrBrace') return token === ',' ? 'key' : undefined
  if (state === 'commaOrBracket') return token === ',' ? 'value' : undefined
  if (state === 'colon') return token === ':' ? 'value' : undefined
  if (state === 'key' || state === 'keyOrEnd') return token === '"' ? 'colon' : undefined
  if (state === 'end' || '}],:'.includes(token)) return undefined
  if (token !== '{' && token !== '[') return afterValue(open)
  open.push(token)
  return token === '{' ? 'keyOrEnd' : 'valueOrEnd'
}

function match(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset
  return pattern.exec(text)?.[0]
}

function faultAt(text: string, offset: number, reason: string): Fault {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n'), reason }
}

/** Where the string that opens at `offset` closes, and whether it does. A loop: one regular expression for it is exponential or eats the stack. */
function scanString(text: string, offset: number): { readonly end: number; readonly closed: boolean } {
  let at = offset + 1
  while (at < text.length && text.charCodeAt(at) >= 32) {
    if (text.charAt(at) === '"') return { end: at + 1, closed: true }
    if (text.charAt(at) !== '\\') at++
    else {
      const sequence = match(ESCAPE, text, at)
      if (sequence === undefined) break
      at += sequence.length
    }
  }
  return { end: at, closed: false }
}

/** The first fault of a text that JSON.parse refuses; undefined when there is none. */
export function findJsonFault(text: string): Fault | undefined {
  const open: string[] = []
  let state: State = 'value'
  let offset = 0
  for (;;) {
    while (offset < text.length && ' \t\r\n'.includes(text.charAt(offset))) offset++
    if (offset === text.length) return state === 'end' ? undefined : faultAt(text, offset, `expected ${EXPECTED[state]}, and the text ends`)
    const token = match(TOKEN, text, offset)
    const next: State | undefined = token === undefined ? undefined : step(state, token, open)
    if (token === undefined || next === undefined) {
      const found = token ?? match(/[\w.+-]+/y, text, offset) ?? text.charAt(offset)
      return faultAt(text, offset, `expected ${EXPECTED[state]}, found ${JSON.stringify(found.slice(0, 30))}`)
    }
    state = next
    if (token !== '"') offset += token.length
    else {
      const { end, closed } = scanString(text, offset)
      if (!closed) return faultAt(text, end, 'text in double quotes ends here, or holds a line break or a wrong \\ escape')
      offset = end
    }
  }
}
