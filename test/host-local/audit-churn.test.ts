// Stories told with the real host-local (kills, reboots, lost state, copied ranges), audited and held against what the plugin answered.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import Audit from '../../src/commands/audit.ts'
import { runCommand } from '../cli/run-command.ts'
import { describeReal } from '../needs.ts'
import { pluginsMissing } from '../plugins.ts'
import { buildScenario, type Scenario, type ScenarioOptions } from './scenario.ts'

interface Finding {
  readonly rule: string
  readonly severity: string
  readonly addresses: readonly string[]
  readonly nodes: readonly string[]
  readonly message: string
}

const stories: readonly (readonly [string, number, ScenarioOptions])[] = [
  ['healthy churn', 11, { faults: false, steps: 300 }],
  ['healthy churn with reboots that heal', 12, { faults: false, steps: 200, inFlight: 2 }],
  ['kills, forgotten pods and reboots', 21, { steps: 400 }],
  ['the same with sandbox listings', 22, { steps: 300, sandboxes: true }],
  ['dual stack', 23, { steps: 200, families: 'dual' }],
  ['IPv6 alone', 24, { steps: 200, families: '6' }],
  ['one conflist on two nodes', 25, { steps: 200, copiedRange: true }],
  ['a state directory lost under running pods', 26, { steps: 200, lostState: true }],
  ['pods that are just starting', 27, { steps: 200, inFlight: 3 }],
]

async function findingsOf(folder: string): Promise<{ findings: Finding[]; code: number | null; text: string }> {
  const result = await runCommand(Audit, ['--from', folder, '-o', 'json'])
  const report = JSON.parse(result.stdout)
  return { findings: report.findings, code: result.code, text: JSON.stringify(report.findings) }
}

const failing = (finding: Finding) => ['critical', 'high', 'medium'].includes(finding.severity) && !finding.rule.startsWith('CAP')
const key = (node: string, address: string) => `${node} ${address}`
const keysOf = (findings: readonly Finding[]) =>
  new Set(findings.flatMap((finding) => finding.nodes.flatMap((node) => finding.addresses.map((address) => key(node, address)))))

/** What must be found, by the rules that may say it. */
function unfound({ expected }: Scenario, findings: readonly Finding[]): string[] {
  const found = (rules: readonly string[]) => keysOf(findings.filter((finding) => rules.includes(finding.rule)))
  const leaks = found(['LEAK-201', 'LEAK-205'])
  const missing = found(['DRF-506'])
  const duplicates = found(['DUP-101'])
  const shared = found(['DUP-103'])
  return [
    ...expected.leaked
      .filter((leak) => !leaks.has(key(leak.node, leak.address)))
      .map((leak) => `leak ${key(leak.node, leak.address)} (${leak.cause})`),
    ...expected.missing
      .filter((one) => !one.fileOfOther && !missing.has(key(one.node, one.address)))
      .map((one) => `missing ${key(one.node, one.address)}`),
    ...expected.duplicates.flatMap(({ address, nodes }) =>
      nodes.filter((node) => !duplicates.has(key(node, address))).map((node) => `duplicate ${key(node, address)}`),
    ),
    ...expected.sharedRanges.flatMap(({ cidr, nodes }) =>
      nodes.filter((node) => !shared.has(key(node, cidr))).map((node) => `shared range ${key(node, cidr)}`),
    ),
  ]
}

/** Nothing that fails a run may be said of anything but the truth. */
function falseAlarms({ expected }: Scenario, findings: readonly Finding[]): string[] {
  const known = new Set([
    ...expected.leaked.map((leak) => key(leak.node, leak.address)),
    ...expected.shadowed.map((one) => key(one.node, one.address)),
    ...expected.missing.map((one) => key(one.node, one.address)),
    ...expected.duplicates.flatMap(({ address, nodes }) => nodes.map((node) => key(node, address))),
    ...expected.sharedRanges.flatMap(({ cidr, nodes }) => nodes.map((node) => key(node, cidr))),
  ])
  return findings
    .filter((finding) => failing(finding) && ![...keysOf([finding])].some((one) => known.has(one)))
    .map(({ rule, message }) => `${rule}: ${message}`)
}

describeReal('an audit of what the real host-local left behind', pluginsMissing(), () => {
  test.each(stories)('%s', async (_, seed, options) => {
    const scenario = await buildScenario(seed, options)
    const { findings, code } = await findingsOf(scenario.folder)
    expect(unfound(scenario, findings)).toEqual([])
    expect(falseAlarms(scenario, findings)).toEqual([])
    const { leaked, missing, duplicates, sharedRanges } = scenario.expected
    const capacity = findings.some((finding) => finding.rule.startsWith('CAP') && finding.severity !== 'low')
    if (leaked.some((leak) => leak.shownBy === undefined) || missing.length + duplicates.length + sharedRanges.length > 0) expect(code).toBe(1)
    else if (!capacity && leaked.length === 0) expect(code).toBe(0)
    scenario.dispose()
  })

  test('the order of items, and a file given twice, change nothing', async () => {
    const scenario = await buildScenario(31, { steps: 200 })
    const first = await findingsOf(scenario.folder)
    const folder = join(scenario.folder, 'cluster')
    for (const name of readdirSync(folder)) {
      const list = JSON.parse(readFileSync(join(folder, name), 'utf8'))
      writeFileSync(join(folder, name), JSON.stringify({ ...list, items: [...list.items, ...list.items].reverse() }))
    }
    expect(first.findings.length).toBeGreaterThan(0)
    expect((await findingsOf(scenario.folder)).text).toBe(first.text)
    scenario.dispose()
  })
})
