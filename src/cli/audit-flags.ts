// Text of the audit's flags -> values; every refusal names the flag and says what would be right.
import { UsageError } from '../model/errors.ts'
import type { Rule } from '../rules/define-rule.ts'
import { matchesRule } from '../rules/run-rules.ts'

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A span like Go's and kubectl's: 90s, 15m, 1h30m, 0; in milliseconds. @throws UsageError */
export function parseSpan(flag: string, text: string): number {
  const parts = text === '0' ? [] : [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  if (text !== '0' && (parts.length === 0 || parts.map(([part]) => part).join('') !== text))
    throw new UsageError(`${flag} "${text}" is not a span of time; write 90s, 15m or 2h`)
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0), 0)
}

/** @throws UsageError */
export function parseTime(flag: string, text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?)?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time)) throw new UsageError(`${flag} "${text}" is not a time; write it as 2026-11-23T12:00:00Z`)
  return time
}

/** `[NODE=]DIR`. @throws UsageError */
export function parseHostLocal(text: string): { node: string | undefined; dir: string } {
  const equals = text.indexOf('=')
  const slash = text.indexOf('/')
  // A `=` after the first slash belongs to the path.
  if (equals < 0 || (slash >= 0 && slash < equals)) return { node: undefined, dir: text }
  const node = text.slice(0, equals)
  const dir = text.slice(equals + 1)
  if (node === '' || dir === '') throw new UsageError(`--host-local "${text}" has no ${node === '' ? 'node' : 'directory'}; write NODE=DIR or DIR`)
  return { node, dir }
}

/** @throws UsageError for a selector that no rule answers to, or when no rule is left */
export function selectRules(rules: readonly Rule[], only: readonly string[], without: readonly string[]): Rule[] {
  const split = (values: readonly string[]) => values.flatMap((value) => value.split(',')).filter((value) => value !== '')
  const check = (flag: string, selectors: readonly string[]) => {
    for (const selector of selectors) {
      if (!rules.some((rule) => matchesRule(rule, selector)))
        throw new UsageError(`${flag} "${selector}" is no rule; \`ipam rules\` lists ids, names and classes`)
    }
    return selectors
  }
  const [wanted, unwanted] = [check('--rule', split(only)), check('--skip-rule', split(without))]
  const chosen = rules.filter(
    (rule) =>
      (wanted.length === 0 || wanted.some((selector) => matchesRule(rule, selector))) && !unwanted.some((selector) => matchesRule(rule, selector)),
  )
  if (chosen.length === 0) throw new UsageError('--rule and --skip-rule leave no rule to run')
  return chosen
}
