// No miss and no false alarm in any case of the corpus; and the corpus covers every incident and every trap.
import { describe, expect, test } from 'vitest'
import { systems } from '../../src/systems/index.ts'
import { runCli } from '../run-cli.ts'
import { readCases } from './read-cases.ts'
import { falseAlarms, findingsIn, missed, unexpected } from './run-case.ts'

const cases = readCases()

const brief = ({ rule, addresses, nodes, message }: { rule: string; addresses: readonly string[]; nodes: readonly string[]; message: string }) =>
  `${rule} ${addresses.join(' ')} ${nodes.join(' ')}: ${message}`

describe.each(cases.filter(({ notVisible }) => notVisible === undefined).map((each) => [each.name, each] as const))(
  '%s',
  (_name, { paths, args, faulty, silent }) => {
    if (paths.faulty !== undefined && faulty !== undefined) {
      test(`the fault is found: ${faulty.findings.map(({ rule }) => rule).join(', ')}`, async () => {
        const findings = await findingsIn(paths.faulty as string, args)
        expect(missed(findings, faulty.findings), `found: ${findings.map(brief).join('; ')}`).toEqual([])
        expect(unexpected(findings, faulty.findings).map(brief)).toEqual([])
      })
    }
    if (paths.silent !== undefined && silent !== undefined) {
      test(`its twin is silent: ${silent.why}`, async () => {
        expect(falseAlarms(await findingsIn(paths.silent as string, args)).map(brief)).toEqual([])
      })
    }
  },
)

test('the built program says the same of a file of YAML', async () => {
  const [faulty, silent] = await Promise.all(
    ['faulty', 'silent'].map((side) =>
      runCli([
        'audit',
        '--from',
        `fixtures/corpus/003-range-reissued-before-node-is-gone/${side}.yaml`,
        '--now',
        '2026-11-23T12:00:00Z',
        '-o',
        'name',
      ]),
    ),
  )
  expect(faulty?.code).toBe(1)
  expect(faulty?.stdout).toContain('DUP-102')
  expect(silent).toMatchObject({ code: 0, stdout: '' })
})

test('cases name systems that exist', () => {
  const known = [...systems.map(({ id }) => id), 'input']
  expect(cases.flatMap((each) => each.systems.filter((system) => !known.includes(system)).map((system) => `${each.name}: ${system}`))).toEqual([])
})
