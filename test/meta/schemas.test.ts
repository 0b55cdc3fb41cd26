// The committed schemas are valid, and real output has every key that they name and no other.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv, type AnySchemaObject, type ValidateFunction } from 'ajv'
import { describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const root = new URL('../../', import.meta.url)
const schemaOf = (name: string): AnySchemaObject => JSON.parse(readFileSync(new URL(`schemas/${name}.json`, root), 'utf8'))

/** The same schema with nothing more allowed than what it names, so that a new key that nobody has described fails. */
function closed(schema: AnySchemaObject): AnySchemaObject {
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key !== 'properties' && value !== null && typeof value === 'object' && value.properties !== undefined && value.additionalProperties === undefined
      ? { ...value, additionalProperties: false }
      : value,
  )
}

const compile = (schema: AnySchemaObject): ValidateFunction => new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema)

test.each(readdirSync(new URL('schemas', root)))('%s is a valid schema with a name of its own', (file) => {
  const schema = schemaOf(file.replace('.json', ''))
  compile(schema)
  expect(schema['$id']).toBe(`urn:kube-ipam:v1:${file.replace('.json', '')}`)
})

/** Commands and the schema of what they write; those that come with another part of the work are run when they are there. */
const cases = [
  { command: 'audit', args: ['audit', '--from', 'fixtures/demo', '-o', 'json'], schema: 'audit-report' },
  { command: 'audit', args: ['audit', '--from', 'fixtures/captures/host-local', '-o', 'json'], schema: 'audit-report' },
  { command: 'explain', args: ['explain', '10.42.2.2', '--from', 'fixtures/demo', '-o', 'json'], schema: 'explanation' },
  { command: 'explain', args: ['explain', '10.42.0.0/16', '--from', 'fixtures/demo', '-o', 'json'], schema: 'explanation' },
  { command: 'explain', args: ['explain', 'shop/api-0', '--from', 'fixtures/demo', '-o', 'json'], schema: 'explanation' },
  { command: 'explain', args: ['explain', 'node-b', '--from', 'fixtures/demo', '-o', 'json'], schema: 'explanation' },
  { command: 'explain', args: ['explain', 'nobody-knows-it', '--from', 'fixtures/demo', '-o', 'json'], schema: 'error' },
  { command: 'rules', args: ['rules', '-o', 'json'], schema: 'rule-list' },
  { command: 'rules', args: ['rules', 'no-such-rule', '-o', 'json'], schema: 'error' },
  { command: 'plan', args: ['plan', '--no-such-flag', '--json'], schema: 'error' },
  {
    command: 'plan',
    args: [
      'plan',
      '--cluster-cidr',
      '10.42.0.0/16,fd00:42::/48',
      '--service-cidr',
      '10.43.0.0/20',
      '--nodes',
      '4',
      '--max-pods',
      '110',
      '-o',
      'json',
    ],
    schema: 'address-plan',
  },
  {
    command: 'plan',
    args: ['plan', '--from', 'fixtures/demo', '--nodes', '6', '--what-if', 'node-prefix=25', '--fail-on', 'never', '-o', 'json'],
    schema: 'address-plan',
  },
  {
    command: 'plan',
    args: ['plan', '--within', '10.128.0.0/12', '--nodes', '6', '-o', 'json'],
    schema: 'address-plan',
  },
].filter(
  ({ command, schema }) =>
    existsSync(new URL(`src/commands/${command}.ts`, root)) && (schema !== 'address-plan' || existsSync(new URL('src/plan/plan-pools.ts', root))),
)

describe('real output', () => {
  test.each(cases)('$args is $schema', async ({ args, schema }) => {
    const { stdout, stderr } = await runCli(args, { cwd: root.pathname })
    const isValid = compile(closed(schemaOf(schema)))
    isValid(JSON.parse(stdout === '' ? `"nothing; ${stderr}"` : stdout))
    expect(isValid.errors ?? []).toEqual([])
  })
})

test('reports that other reports went into', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-schemas-'))
  try {
    const [base, later, waivers] = ['base.json', 'later.json', 'waivers.yaml'].map((name) => join(folder, name)) as [string, string, string]
    writeFileSync(
      waivers,
      'waivers: [{rule: LEAK-201, node: node-b, reason: r, until: 2026-12-01, approvedBy: a}, {rule: DUP-101, address: 10.9.9.9, reason: r}]',
    )
    const audit = ['audit', '--from', 'fixtures/demo', '--fail-on', 'never']
    await runCli([...audit, '--skip-rule', 'CAP-405', '-o', `json=${base}`], { cwd: root.pathname })
    await runCli([...audit, '--waivers', waivers, '--baseline', base, '-o', `json=${later}`], { cwd: root.pathname })
    const { stdout } = await runCli(['diff', base, later, '-o', 'json'], { cwd: root.pathname })
    const texts = { 'audit-report': readFileSync(later, 'utf8'), 'diff-report': stdout }
    for (const [schema, text] of Object.entries(texts)) {
      const isValid = compile(closed(schemaOf(schema)))
      isValid(JSON.parse(text))
      expect(isValid.errors ?? []).toEqual([])
    }
    expect(JSON.parse(texts['audit-report'])).toMatchObject({
      waivers: [{ status: 'used', findings: 6 }, { status: 'stale' }],
      summary: { waived: 6, known: 4 },
    })
    expect(JSON.parse(stdout).summary.changes).toMatchObject({ new: 1, waived: 6, unchanged: 4 })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
