// Words that several verdicts share.
import type { Finding } from '../model/finding.ts'
import type { Holder } from './explanation.ts'
import { nameOf } from './mentions.ts'

export const counted = (count: number | bigint, one: string, many = `${one}s`): string => `${count} ${BigInt(count) === 1n ? one : many}`

/** `a, b and c`; a long list ends in a count. */
export function listed(items: readonly string[], most = 6): string {
  if (items.length > most) return `${items.slice(0, most).join(', ')} and ${items.length - most} more`
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
}

/** `pod shop/web-0 on node-1`. */
export const placed = (holder: Holder): string =>
  `${nameOf(holder)}${holder.node === undefined || holder.kind === 'node' ? '' : ` on ${holder.node}`}`

export const sameHolder = (a: Holder, b: Holder): boolean => a.kind === b.kind && a.id === b.id

/** Each once, in the order in which they were named. */
export function distinct(holders: Iterable<Holder>): Holder[] {
  const kept = new Map<string, Holder>()
  for (const holder of holders) {
    const key = `${holder.kind} ${holder.id} ${holder.kind === 'unknown' ? holder.node : ''}`
    if (!kept.has(key)) kept.set(key, holder)
  }
  return [...kept.values()]
}

/** What else is wrong, in a verdict that tells something else: the rules to look at. */
export function pointer(findings: readonly Finding[]): string {
  const rules = [...new Set(findings.map(({ rule, name }) => `${rule} ${name}`))]
  return rules.length === 0 ? '' : `; see ${listed(rules, 3)} below`
}
