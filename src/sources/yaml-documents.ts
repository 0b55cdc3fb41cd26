// Parses YAML strictly: what the parser merely warns about is an error here.
import type { Document as YamlDocument } from 'yaml'
import { SourceError } from '../model/errors.ts'
import { DEEPEST } from './json-extent.ts'
import { isJsonObject, type Unwrapper } from './unwrap-lists.ts'
import { cutYamlList, type YamlText, yamlDocuments } from './yaml-pieces.ts'

const OPTIONS = { schema: 'core', strict: true, uniqueKeys: true, version: '1.2', logLevel: 'error' } as const
/** kubectl writes no aliases; this many bound what a "billion laughs" file can grow to. */
const MAX_ALIASES = 20

/**
 * @param smallest size in characters from which a list is parsed item by item
 * @throws SourceError with line and column at the first fault; what came before has been delivered
 */
export async function readYaml(text: string, into: Unwrapper, pause: () => Promise<void>, smallest?: number): Promise<void> {
  const { parseAllDocuments } = await import('./yaml-parser.ts') // the largest import of this folder, and most dumps are JSON

  function parse(piece: YamlText): unknown[] {
    const parsed = parseAllDocuments(piece.text, OPTIONS)
    return 'empty' in parsed ? [] : parsed.map((document) => toPlain(document, piece.line))
  }

  for (const document of yamlDocuments(text)) {
    const list = cutYamlList(document, smallest)
    if (list) {
      const [head] = parse(list.head)
      const object = isJsonObject(head) ? head : undefined
      into.open(object)
      for (const item of list.items) {
        for (const value of parse(item)) into.element(Array.isArray(value) ? value[0] : value, 0)
        await pause()
      }
      into.close(object)
    } else for (const value of parse(document)) into.whole(value, document.line === 0 ? 'the document' : `the document at line ${document.line + 1}`)
    await pause()
  }
}

function toPlain(document: YamlDocument, line: number): unknown {
  const fault = document.errors[0] ?? document.warnings[0]
  if (fault) {
    if (fault.code === 'RESOURCE_EXHAUSTION') throw new SourceError(`is nested more than ${DEEPEST} levels deep`)
    const position = fault.linePos?.[0]
    const where = position ? ` at line ${position.line + line}, column ${position.col}` : ''
    const message = fault.message.split('\n', 1)[0]?.replace(/ at line \d+, column \d+:?$/, '')
    throw new SourceError(`is not valid YAML: ${message}${where}`)
  }
  const value = expanded(document)
  if (isDeeper(value, DEEPEST)) throw new SourceError(`is nested more than ${DEEPEST} levels deep`)
  return value
}

function expanded(document: YamlDocument): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES })
  } catch (cause) {
    // Aliases are resolved only here: an unknown one and too many of them are ReferenceErrors.
    throw new SourceError(`is not valid YAML: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1))
}
