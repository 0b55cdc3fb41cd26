// Every bundle of the corpus, subject by subject: each system is heard without a line about it, and what a finding names is explained with that finding.
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/explain/explain.ts'
import type { Explanation, Subject } from '../../src/explain/explanation.ts'
import { isFailing } from '../../src/model/finding.ts'
import { mergeInventory } from '../../src/model/merge-inventory.ts'
import { podId } from '../../src/model/pod-state.ts'
import { formatAddress, tryAddress } from '../../src/net/index.ts'
import { rules } from '../../src/rules/index.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import { directorySource } from '../../src/sources/directory.ts'
import { documentSink } from '../../src/systems/document-sink.ts'
import { systems } from '../../src/systems/index.ts'
import { readCases } from '../corpus/read-cases.ts'

const GRACE = 900_000

/** What `ipam explain` is given, with the time of the corpus. */
async function judged(path: string) {
  const sink = documentSink(systems)
  await directorySource({ from: [path], hostLocal: [] }).read(sink.accept)
  const now = Date.parse('2026-11-23T12:00:00Z')
  const inventory = mergeInventory(sink.finish().parts, { cluster: 'x', now, collectedAt: undefined, newestFile: undefined, coverage: [] })
  const { findings } = runRules(rules, inventory, { grace: GRACE })
  const about = (subject: Subject): Explanation => explain(inventory, subject, { findings, fails: (finding) => isFailing(finding, 'medium') }, GRACE)
  return { inventory, findings, about }
}

const paths = readCases().flatMap(({ name, paths: { faulty, silent } }) =>
  [faulty, silent].flatMap((path) => (path === undefined ? [] : [[`${name} ${path === faulty ? 'faulty' : 'silent'}`, path] as const])),
)

/** Enough of each bundle to meet all of its kinds. */
const MOST = 8

describe.each(paths)('%s', (_name, path) => {
  test('every subject has an answer that fits what was found', async () => {
    const { inventory, findings, about } = await judged(path)
    for (const { name } of inventory.nodes.slice(0, MOST)) expect(about({ kind: 'node', name }).verdict.text).toContain(name)
    for (const pod of inventory.pods.slice(0, MOST)) expect(about({ kind: 'pod', id: podId(pod) }).verdict.text).toContain(podId(pod))
    const seen = new Map<string, number>()
    for (const { system, domain, address } of inventory.allocations) {
      seen.set(system, (seen.get(system) ?? 0) + 1)
      if ((seen.get(system) ?? 0) > MOST) continue
      const { sources, verdict } = about({ kind: 'address', address })
      expect(sources.map(({ source }) => source)).toContain(domain === 'services' ? 'allocations of Services' : system)
      expect(['free', 'nobody', 'unknown']).not.toContain(verdict.state)
    }
    const named = new Set(findings.filter((finding) => isFailing(finding, 'medium')).flatMap(({ addresses }) => addresses.slice(0, MOST)))
    for (const text of named) {
      const address = tryAddress(text)
      if (address === undefined) continue
      const { findings: own, verdict } = about({ kind: 'address', address })
      expect(own.some((finding) => finding.addresses.includes(formatAddress(address)))).toBe(true)
      expect(verdict.state, verdict.text).not.toBe('free')
    }
  })
})
