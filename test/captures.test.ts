// State written by real software against the truth that was written down by whoever injected the faults (fixtures/captures/<system>/<case>/expected.json).
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import Audit from '../src/commands/audit.ts'
import { type CommandResult, runCommand } from './cli/run-command.ts'

const root = new URL('../fixtures/captures', import.meta.url).pathname

interface Fault {
  readonly kind: string
  readonly ip?: string
  readonly cidr?: string
  readonly node?: string
}
/** Captures of host-local write `cidr`, those of whereabouts `range`; pools that are cut into blocks are counted in blocks. */
interface PoolFact {
  readonly node?: string
  readonly network?: string
  readonly name?: string
  readonly cidr?: string
  readonly range?: string
  readonly capacity?: string
  readonly allocated?: number
  readonly free?: string
  readonly maskSize?: number
  readonly blocks?: number
  readonly blocksFree?: number
  /** Of Calico: what waits after a release. */
  readonly coolingDown?: number
}
interface Expected {
  readonly clean: boolean
  readonly faults: readonly Fault[]
  readonly args?: readonly string[]
  readonly facts?: {
    readonly pools?: readonly PoolFact[]
  }
}
interface Reported {
  readonly rule: string
  readonly severity: string
  readonly confidence: string
  readonly addresses: readonly string[]
  readonly nodes: readonly string[]
  readonly message: string
}

/** Which rules answer to which kind of injected fault. */
const RULES: Readonly<Record<string, readonly string[]>> = {
  'leaked-allocation': ['LEAK-201', 'LEAK-202', 'LEAK-204'],
  'orphan-block': ['LEAK-203'],
  'corrupt-record': ['CFG-603'],
  'duplicate-pod-ip': ['DUP-101'],
  'overlapping-pools': ['DUP-103', 'OVL-307'],
  'exhausted-range': ['CAP-401', 'CAP-405', 'CAP-406'],
}

const matches = (fault: Fault) => (finding: Reported) =>
  (RULES[fault.kind] ?? []).includes(finding.rule) &&
  finding.addresses.includes(fault.ip ?? fault.cidr ?? '') &&
  (fault.node ?? '')
    .split(',')
    .filter(Boolean)
    .every((node) => finding.nodes.includes(node))

/** A second rule may speak of the same fault (an empty file is a fault of the file and a leak), never of anything else. */
const concerns = (finding: Reported) => (fault: Fault) =>
  finding.addresses.includes(fault.ip ?? fault.cidr ?? '') &&
  (fault.node === undefined || fault.node.split(',').some((node) => finding.nodes.includes(node)))

const failing = (finding: Reported) => ['critical', 'high', 'medium'].includes(finding.severity) && finding.confidence !== 'possible'

const cases = readdirSync(root).flatMap((system) => readdirSync(join(root, system)).map((name) => `${system}/${name}`))

interface Audited {
  readonly result: CommandResult
  readonly report: {
    findings: Reported[]
    pools: { name: string; node: string | null; ranges: string[]; capacity: string; reserved: string; allocated: string; available: string }[]
  }
}

async function audited(name: string, expected: Expected): Promise<Audited> {
  const exhaustion = expected.faults.some((fault) => fault.kind === 'exhausted-range')
  const result = await runCommand(Audit, [
    '--from',
    join(root, name),
    '-o',
    'json',
    ...(expected.args ?? []),
    ...(exhaustion ? [] : ['--skip-rule', 'CAP']),
  ])
  return { result, report: JSON.parse(result.stdout) }
}

describe.each(cases)('%s', (name) => {
  const expected: Expected = JSON.parse(readFileSync(join(root, name, 'expected.json'), 'utf8'))
  let result: CommandResult
  let report: Audited['report']
  beforeAll(async () => {
    ;({ result, report } = await audited(name, expected))
  })

  test('every fault is found, nothing else fails, and the exit code says so', () => {
    expect(expected.faults.filter((fault) => !report.findings.filter(failing).some(matches(fault)))).toEqual([])
    expect(
      report.findings
        .filter((finding) => failing(finding) && !expected.faults.some(concerns(finding)))
        .map(({ rule, message }) => `${rule} ${message}`),
    ).toEqual([])
    expect(result.code).toBe(expected.clean ? 0 : 1)
    expect(result.stderr).toBe('')
  })

  if (expected.facts?.pools === undefined) return
  test('pools are counted to the last address', () => {
    const counted = (expected.facts?.pools ?? []).map((fact) => {
      const name = fact.network ?? fact.name
      const pool = report.pools.find(
        (candidate) =>
          candidate.node === (fact.node ?? null) &&
          (name === undefined || candidate.name === name) &&
          candidate.ranges.includes(fact.cidr ?? fact.range ?? ''),
      )
      const block = fact.maskSize === undefined ? 0n : 2n ** BigInt(32 - fact.maskSize)
      const shown = {
        capacity: pool?.capacity,
        allocated: Number(pool?.allocated),
        free: pool?.available,
        blocks: block === 0n ? undefined : Number(BigInt(pool?.capacity ?? 0) / block),
        blocksFree: block === 0n ? undefined : Number(BigInt(pool?.available ?? 0) / block),
        // No capture has reservations of another kind.
        coolingDown: Number(pool?.reserved),
      }
      return { ...fact, ...Object.fromEntries(Object.entries(shown).filter(([key]) => key in fact)), found: pool !== undefined }
    })
    expect(counted).toEqual(expected.facts?.pools?.map((fact) => ({ ...fact, found: true })))
  })
})
