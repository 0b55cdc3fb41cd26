// What was not looked at, in as few lines as tell a person what to add.
import type { Coverage } from '../model/inventory.ts'
import type { NotEvaluated } from '../rules/run-rules.ts'

const MISSING = /^(?:.*: )?the input holds no (.+)$/
/** A part that was left out, and the rest looked at: "..., so only ... were looked at". */
const inParts = (reason: string): boolean => reason.includes(': only ')

const listed = (rules: Iterable<string>): string => [...new Set(rules)].sort().join(', ')

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

/** Rules that lack the same input are named together; other reasons are said once, with the rules that they hold up. */
export function* notEvaluatedNotes(notEvaluated: readonly NotEvaluated[]): Generator<string> {
  const lacking = notEvaluated.filter(({ reason }) => MISSING.test(reason) && !inParts(reason))
  for (const [input, entries] of grouped(lacking, ({ reason }) => MISSING.exec(reason)?.[1] ?? ''))
    yield `not evaluated, for the input holds no ${input}: ${listed(entries.map(({ rule }) => rule))}`
  const others = notEvaluated.filter((entry) => !lacking.includes(entry))
  for (const [reason, entries] of grouped(others, ({ reason }) => reason))
    yield `not evaluated: ${listed(entries.map(({ rule }) => rule))}: ${reason}`
}

export function* coverageNotes(coverage: readonly Coverage[]): Generator<string> {
  for (const { status, source, error } of coverage)
    if (status !== 'complete' && status !== 'absent') yield `${status}: ${source}${error === null ? '' : `: ${error}`}`
}
