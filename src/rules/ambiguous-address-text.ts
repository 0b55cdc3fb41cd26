// CFG-604: addresses in live data written in a form that another reader may take for something else.
import type { Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Problem } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { defineRule } from './define-rule.ts'
import { canonicalText, oddityOf } from './facts/canonical-text.ts'
import { nameList } from './facts/name-list.ts'

/** Above this many objects of one kind with one oddity they are one finding: somebody's program writes them all. */
const MANY = 20

/** Names that the API server itself writes. */
const WRITTEN_BY_SERVER = new Set(['ipaddresses'])

interface Odd {
  readonly problem: Problem
  readonly oddity: string
}

const canonical = (problems: readonly Problem[]): string[] => [
  ...new Set(problems.flatMap((problem) => (problem.addresses ?? []).flatMap((text) => canonicalText(text) ?? []))),
]

const nodesOf = (problems: readonly Problem[]): string[] => [...new Set(problems.flatMap((problem) => problem.node ?? []))].sort()

function one(problems: readonly Problem[], subject: string): Violation {
  const [first, ...rest] = problems
  return {
    message: `${first?.message}${rest.length === 0 ? '' : `, and ${rest.length} more in the same object`}`,
    addresses: canonical(problems),
    nodes: nodesOf(problems),
    subject: [first?.source ?? '', subject],
    evidence: problems.slice(0, 5).map((problem) => ({ source: problem.origin, fact: problem.message })),
  }
}

function many(source: string, oddity: string, odd: readonly Odd[], subjects: readonly string[]): Violation {
  const problems = odd.map(({ problem }) => problem)
  return {
    cause: 'many',
    message: `${subjects.length} ${source} hold address text that is ambiguous (${oddity}): ${nameList(subjects)}`,
    addresses: canonical(problems),
    nodes: nodesOf(problems),
    subject: [source, oddity],
    evidence: problems.slice(0, 5).map((problem) => ({ source: problem.origin, fact: problem.message })),
  }
}

function* check(inventory: Inventory): Generator<Violation> {
  const odd = inventory.problems
    .filter((problem) => problem.kind === 'ambiguous' && !WRITTEN_BY_SERVER.has(problem.source))
    .map((problem) => ({ problem, oddity: (problem.addresses ?? []).map(oddityOf).find((text) => text !== undefined) ?? 'not in canonical text' }))
  for (const group of groupBy(odd, ({ problem, oddity }) => `${problem.source}\0${oddity}`).values()) {
    const bySubject = groupBy(group, ({ problem }) => problem.subject)
    const [first] = group
    if (first === undefined) continue
    if (bySubject.size > MANY) yield many(first.problem.source, first.oddity, group, [...bySubject.keys()].sort())
    else
      for (const [subject, list] of bySubject)
        yield one(
          list.map(({ problem }) => problem),
          subject,
        )
  }
}

const gaps = (inventory: Inventory): readonly Gap[] =>
  inventory.coverage.some((coverage) => coverage.read > 0) || inventory.nodeStates.length > 0 || inventory.problems.length > 0
    ? []
    : [{ reason: 'ambiguous address text: nothing was read', whole: true }]

export const ambiguousAddressText = defineRule({
  id: 'CFG-604',
  name: 'ambiguous-address-text',
  title: 'Address text that readers take differently',
  severity: 'low',
  revision: 1,
  why: 'Leading zeros are octal to one parser and decimal to the next, an IPv4-mapped address slips past a comparison of text: two programs see two addresses.',
  predicate:
    'An address or CIDR in what was read has leading zeros, the IPv4-mapped form, a zone, host bits where a network is meant, or is not in canonical text. One finding for each object; one for all when more than twenty objects of a kind have the same oddity.',
  guards: ['Forms that the API server itself writes: IPAddress names, Calico’s /32 annotations, OVN’s subnet masks, FLANNEL_SUBNET.'],
  playbook: 'R17',
  links: ['https://nvd.nist.gov/vuln/detail/CVE-2021-29923', 'https://nvd.nist.gov/vuln/detail/CVE-2024-29415'],
  gaps,
  check,
})
