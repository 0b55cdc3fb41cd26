// Reads YAML or JSON that a person wrote, strictly, and knows line and column of everything in it. Loaded only when a file is given.
import type { GenericIssue, GenericSchema, InferOutput } from 'valibot'
import { safeParse } from 'valibot'
import { type Document, isMap, isNode, isPair, isScalar, Lexer, LineCounter, parseDocument } from 'yaml'
import { UsageError } from '../model/errors.ts'
import { describePath, type RequestPath } from '../plan/request-fault.ts'
import { didYouMean } from './did-you-mean.ts'

export interface ConfigDocument {
  readonly value: unknown
  /** `plan.yaml:3:5`, as near to the path as the text allows. */
  readonly where: (path: RequestPath) => string
}

/** Where the parser's own words say too little. */
const reasons: Readonly<Record<string, string>> = {
  MULTIPLE_DOCS: 'there is a second document; give each its own file',
  DUPLICATE_KEY: 'this key is there twice',
  TAB_AS_INDENT: 'there is a tab in the indentation; YAML wants spaces',
}

const position = (name: string, { line, col }: { line: number; col: number }): string => `${name}:${line}:${col}`

/** Start of the key or item at the path, else of the nearest thing above it. */
function offsetOf(document: Document, path: RequestPath): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true)
    const last = path[length - 1]
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(last))
      if (isScalar(pair?.key) && pair.key.range) return pair.key.range[0]
    }
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return 0
}

/** A request has five levels. */
const deepest = 50
/** Each level of block style costs a column at least, and nobody indents this far. */
const widest = 500

/**
 * True where the text nests deeper than anything that a person writes. Asked of the lexer, because the parser takes quadratic time over such text,
 * and what composes its result recurses: near the end of the stack V8 may abort the whole process (RegExpCompiler) instead of throwing.
 */
function isTooDeep(text: string): boolean {
  let brackets = 0
  let dashes = 0
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets++
    else if (token === ']' || token === '}') brackets--
    else if (token === '-' || token === '?') dashes++
    else if (token === '\n') dashes = 0
    else if (token.length > widest && token.trim() === '') return true
    if (brackets > deepest || dashes > deepest) return true
  }
  return false
}

/**
 * @param name shown in messages
 * @throws UsageError with line and column
 */
export function parseConfig(text: string, name: string): ConfigDocument {
  const lines = new LineCounter()
  if (isTooDeep(text)) throw new UsageError(`${name}: it is nested more than ${deepest} levels deep`)
  try {
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true })
    const [fault] = [...document.errors, ...document.warnings] // a warning is a tag that nobody knows
    if (fault !== undefined) {
      throw new UsageError(`${position(name, lines.linePos(fault.pos[0]))}: ${reasons[fault.code] ?? fault.message}`)
    }
    const value: unknown = document.toJS({ maxAliasCount: 100 })
    return { value, where: (path) => position(name, lines.linePos(offsetOf(document, path))) }
  } catch (cause) {
    if (cause instanceof ReferenceError) throw new UsageError(`${name}: its aliases (*name) multiply too often; write the values out`, { cause })
    throw cause
  }
}

/** JSON that this program wrote, which may be large: without positions. @throws UsageError */
export function parseLargeJson(text: string, name: string): ConfigDocument {
  try {
    return { value: JSON.parse(text) as unknown, where: () => name }
  } catch (cause) {
    throw new UsageError(`${name}: it is not JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** What people call keys who know other programs. */
type ForeignKeys = Readonly<Record<string, string>>

function reasonOf(issue: GenericIssue, path: RequestPath, keys: readonly string[], foreign: ForeignKeys): string {
  const last = path.at(-1)
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const near = Object.hasOwn(foreign, String(last)) ? foreign[String(last)] : didYouMean(String(last), keys)
    return `unknown key ${JSON.stringify(last)}${near === undefined ? '' : `; did you mean ${near}?`}`
  }
  const subject = path.length === 0 ? 'it' : describePath(path)
  return issue.received === 'undefined' ? `${subject} is missing` : `${subject} must be ${issue.message}, not ${issue.received}`
}

const pathOf = ({ path }: GenericIssue): RequestPath => (path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))

/** A value that may be one thing or another fails as a whole; what is wrong inside it says more. */
function innermost(issue: GenericIssue, path: RequestPath): { readonly issue: GenericIssue; readonly path: RequestPath } {
  const inner = issue.issues?.find((each) => (each.path ?? []).length > 0)
  return inner === undefined ? { issue, path } : innermost(inner, [...path, ...pathOf(inner)])
}

/**
 * The document's value, if the schema takes it; its messages are nouns ("a whole number").
 *
 * @param keys all keys that there are, for "did you mean"
 * @throws UsageError with line and column
 */
export function checkConfig<S extends GenericSchema>(
  { value, where }: ConfigDocument,
  schema: S,
  keys: readonly string[],
  foreign: ForeignKeys = {},
): InferOutput<S> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new UsageError(`${where([])}: it must hold keys and values, like "nodes: 3"`)
  const result = safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const { issue, path } = innermost(result.issues[0], pathOf(result.issues[0]))
  throw new UsageError(`${where(path)}: ${reasonOf(issue, path, keys, foreign)}`)
}
