// How the run itself went: what could not be read or evaluated, and what was left out.
import type { Invocation, Notification } from 'sarif'
import type { Judgement } from '../../report/judgement.ts'
import { numberOf } from '../machine/judged-findings.ts'
import { incompleteText, unreadSources } from '../machine/shortfalls.ts'
import { messageText } from './message.ts'

/** More of them help nobody, and the first line says it all. */
const mostNotifications = 1_000

const note = (level: Notification['level'], id: string, text: string, more: Partial<Notification> = {}): Notification => ({
  descriptor: { id },
  level,
  message: { text: messageText(text) },
  ...more,
})

function* notifications(judgement: Judgement, places: ReadonlyMap<string, number>, left: number): Generator<Notification> {
  const { subjects, complete } = judgement
  if (!complete) yield note('error', 'incomplete', incompleteText)
  if (left > 0) yield note('error', 'cut-off', `${numberOf(left, 'finding')} beyond the 25,000 worst are left out here; -o json has all`)
  for (const { subject, source, text } of unreadSources(judgement))
    yield note('error', `source/${messageText(source, 200)}`, `${subject.name}: ${text}`)
  for (const { name, rules } of subjects) {
    for (const { rule, evaluated, gaps } of rules) {
      const index = places.get(rule.id)
      const associatedRule = { id: rule.id, ...(index === undefined ? {} : { index }) }
      for (const { reason, incomplete } of gaps)
        yield note(incomplete ? 'error' : 'note', 'not-evaluated', `${name}: ${rule.id} ${evaluated ? 'in part ' : ''}not evaluated: ${reason}`, {
          associatedRule,
        })
    }
  }
}

/** @param left findings that are not in the run */
export function invocationOf(judgement: Judgement, places: ReadonlyMap<string, number>, left: number): Invocation {
  const all = [...notifications(judgement, places, left)]
  return {
    executionSuccessful: judgement.complete,
    endTimeUtc: judgement.generatedAt,
    toolExecutionNotifications: all.slice(0, mostNotifications),
  }
}
