// Turns the entries of a waiver file into waivers, and refuses those that would hide more than anybody can have meant.
import { UsageError } from '../model/errors.ts'
import { NetSyntaxError, parseRange, type Range, rangeSet } from '../net/index.ts'
import type { Waiver } from './waiver.ts'
import { subjectKeys, type WaiverInput } from './waivers-schema.ts'

type Path = readonly (string | number)[]

/** A rule as far as a waiver names it. */
export interface NamedRule {
  readonly id: string
  readonly name: string
}

export interface WaiverContext {
  readonly rules: readonly NamedRule[]
  /** `waivers.yaml:4:5` */
  readonly where: (path: Path) => string
  /** The rule that a mistyped word may have meant. */
  readonly near: (word: string, words: readonly string[]) => string | undefined
}

const listOf = (value: string | readonly string[]): readonly string[] => (typeof value === 'string' ? [value] : value)
const listed = (value: string | readonly string[] | undefined): readonly string[] | undefined => (value === undefined ? undefined : listOf(value))

function ruleOf(word: string, path: Path, { rules, where, near }: WaiverContext): string {
  const wanted = word.toLowerCase()
  const rule = rules.find(({ id, name }) => id.toLowerCase() === wanted || name === wanted)
  if (rule !== undefined) return rule.id
  const place = `${where(path)}: ${JSON.stringify(word)}`
  const ofClass = rules.filter(({ id }) => id.startsWith(`${word.toUpperCase()}-`))
  if (ofClass.length > 0) throw new UsageError(`${place} is a class of ${ofClass.length} rules; a waiver names one rule, like ${ofClass[0]?.id}`)
  if (/[*?]/.test(word)) throw new UsageError(`${place} is a pattern; a waiver names one rule, like ${rules[0]?.id}`)
  const meant = near(
    word,
    rules.flatMap(({ id, name }) => (word.includes('-') && /\d$/.test(word) ? [id.toLowerCase()] : [name])),
  )
  throw new UsageError(
    `${place} is no rule of the audit${meant === undefined ? '' : `; did you mean ${meant}?`} (\`ipam rules\` lists ids and names)`,
  )
}

const isWholeSpace = ({ family, first, last }: Range): boolean => first === 0n && last === (1n << (family === 4 ? 32n : 128n)) - 1n

function rangesOf(value: string | readonly string[], path: Path, { where }: WaiverContext): readonly Range[] {
  return listOf(value).map((text, index) => {
    const place = `${where(typeof value === 'string' ? path : [...path, index])}: ${JSON.stringify(text)}`
    try {
      const range = parseRange(text)
      if (isWholeSpace(range)) throw new UsageError(`${place} is every address; name those that the finding is about`)
      return range
    } catch (cause) {
      if (!(cause instanceof NetSyntaxError)) throw cause
      const hint = /[*?]/.test(text) ? '; addresses have no wildcards, write a CIDR' : ''
      throw new UsageError(`${place} ${cause.message}${hint}`, { cause })
    }
  })
}

function waiverOf(input: WaiverInput, index: number, context: WaiverContext): Waiver {
  const path = ['waivers', index]
  const rule = ruleOf(input.rule, [...path, 'rule'], context)
  if (!subjectKeys.some((key) => input[key] !== undefined))
    throw new UsageError(
      `${context.where(path)}: the waiver of ${rule} takes in everything that the rule can find; say what of it: ${subjectKeys.slice(0, -1).join(', ')} or ${subjectKeys.at(-1)}`,
    )
  return {
    rule,
    addresses: input.address === undefined ? undefined : rangeSet(rangesOf(input.address, [...path, 'address'], context)),
    pools: listed(input.pool),
    nodes: listed(input.node),
    namespaces: listed(input.namespace),
    owners: listed(input.owner),
    fingerprints: listed(input.fingerprint),
    clusters: listed(input.cluster),
    reason: input.reason.trim(),
    until: input.until,
    approvedBy: input.approvedBy,
    source: context.where(path),
  }
}

/** @throws UsageError with file, line and column */
export const readWaivers = (inputs: readonly WaiverInput[], context: WaiverContext): readonly Waiver[] =>
  inputs.map((input, index) => waiverOf(input, index, context))
