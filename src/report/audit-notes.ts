// What was not looked at, in as few lines as tell a person what to add.
import { groupBy } from '../model/group-by.ts'
import type { Coverage } from '../model/inventory.ts'
import type { NotEvaluated } from '../rules/run-rules.ts'

const MISSING = /^(?:.*: )?the input holds no (.+)$/
/** A part that was left out, and the rest looked at: "..., so only ... were looked at". */
const inParts = (reason: string): boolean => reason.includes(': only ')

/** A rule about node ranges has nothing to look at where nodes have none: nothing is missing that somebody could add. */
const otherMode = (reason: string): boolean => /(?:^|: )mode \S+ (?:does not take|takes none)\b/.test(reason)

/** Lists under a name that says whose they are. */
const NAMES: Readonly<Record<string, string>> = { ipamblocks: 'blocks of Calico' }

/** So many reasons are worth reading one by one where nothing at all was looked at. */
const FEW = 5

const listed = (rules: Iterable<string>): string => [...new Set(rules)].sort().join(', ')

/**
 * Rules that lack the same input are named together; other reasons are said once, with the rules that they hold up.
 *
 * @param evaluated ids of rules that looked at something; the ones about the input itself always do
 */
export function* notEvaluatedNotes(notEvaluated: readonly NotEvaluated[], evaluated: readonly string[]): Generator<string> {
  const rules = new Set(notEvaluated.map(({ rule }) => rule))
  if (rules.size > FEW && evaluated.every((id) => id.startsWith('SRC-'))) {
    yield `not evaluated: none of ${rules.size} rules had anything to look at; -o json says what each one lacks`
    return
  }
  const lacking = notEvaluated.filter(({ reason }) => MISSING.test(reason) && !inParts(reason))
  for (const [input, entries] of groupBy(lacking, ({ reason }) => MISSING.exec(reason)?.[1] ?? ''))
    yield `not evaluated, for the input holds no ${NAMES[input] ?? input}: ${listed(entries.map(({ rule }) => rule))}`
  const others = notEvaluated.filter((entry) => !lacking.includes(entry))
  for (const [reason, entries] of groupBy(others, ({ reason }) => reason))
    yield `${otherMode(reason) ? 'does not apply' : 'not evaluated'}: ${listed(entries.map(({ rule }) => rule))}: ${reason}`
}

export function* coverageNotes(coverage: readonly Coverage[]): Generator<string> {
  for (const { status, source, error } of coverage)
    if (status !== 'complete' && status !== 'absent') yield `${status}: ${source}${error === null ? '' : `: ${error}`}`
}
