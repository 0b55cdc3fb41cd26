// Waiver files: what is refused, with line and column, and that the committed schema refuses the same shapes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readWaiversFile } from '../../src/cli/waivers-file.ts'
import { UsageError } from '../../src/model/errors.ts'
import { rules } from '../../src/rules/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-waivers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const read = (text: string) => {
  const path = join(folder, 'w.yaml')
  writeFileSync(path, text)
  return readWaiversFile(path, rules)
}

async function faultOf(text: string): Promise<string> {
  try {
    await read(text)
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message.replaceAll(`${folder}/`, '')
  }
  return 'no fault'
}

const one = (lines: string) => `waivers:\n  - rule: LEAK-201\n    reason: r\n    node: n1\n${lines}`

describe('what is taken', () => {
  test.each([
    ['nothing waived yet', 'waivers: []'],
    ['an envelope', 'apiVersion: ipam/v1\nkind: Waivers\nwaivers: []'],
    ['JSON', '{"waivers": [{"rule": "DUP-101", "address": "10.0.0.7", "reason": "r"}]}'],
    ['CRLF', 'waivers:\r\n  - rule: DUP-101\r\n    address: 10.0.0.7\r\n    reason: r\r\n'],
    ['a rule by its name', one('').replace('LEAK-201', 'stale-allocation-file')],
    ['a rule in small letters', one('').replace('LEAK-201', 'leak-201')],
    ['lists', one('    address: [10.0.0.0/24, 10.0.1.1-10.0.1.9, "fd00::/64"]\n    owner: [a/b, c/*]\n')],
    ['29 February', one('    until: 2028-02-29\n')],
    ['a day in quotes', one('    until: "2026-12-01"\n')],
  ])('%s', async (_, text) => {
    expect(await faultOf(text)).toBe('no fault')
    expect(valid(parse(text))).toBe(true)
  })

  test('as it was meant', async () => {
    const [waiver] = await read(
      one('    until: 2026-12-01\n    approvedBy: jane\n    cluster: prod-*\n').replace('LEAK-201', 'stale-allocation-file'),
    )
    expect(waiver).toMatchObject({
      ...{ rule: 'LEAK-201', nodes: ['n1'], clusters: ['prod-*'], addresses: undefined, reason: 'r', until: '2026-12-01', approvedBy: 'jane' },
      source: `${join(folder, 'w.yaml')}:2:5`,
    })
  })
})

describe('what is refused', () => {
  const day = 'waivers[0].until must be a day like 2026-12-01'
  test.each([
    ['no reason', 'waivers:\n  - rule: LEAK-201\n    node: n1\n', 'w.yaml:2:5: waivers[0].reason is missing'],
    ['a blank reason', one('').replace('reason: r', 'reason: " "'), 'w.yaml:3:5: waivers[0].reason must be a sentence that says why, not " "'],
    ['no rule', 'waivers:\n  - node: n1\n    reason: r\n', 'w.yaml:2:5: waivers[0].rule is missing'],
    [
      'a rule and nothing else',
      'waivers:\n  - {rule: LEAK-201, reason: r}\n',
      'w.yaml:2:5: the waiver of LEAK-201 takes in everything that the rule can find',
    ],
    ['a whole cluster', 'waivers:\n  - {rule: LEAK-201, cluster: prod, reason: r}\n', 'w.yaml:2:5: the waiver of LEAK-201 takes in everything'],
    ['every rule', one('').replace('LEAK-201', '"*"'), 'w.yaml:2:5: "*" is a pattern; a waiver names one rule'],
    ['a class', one('').replace('LEAK-201', 'leak'), 'w.yaml:2:5: "leak" is a class of 5 rules; a waiver names one rule, like LEAK-201'],
    ['a rule that is none', one('').replace('LEAK-201', 'LEAK-210'), 'w.yaml:2:5: "LEAK-210" is no rule of the audit; did you mean leak-201?'],
    ['a name mistyped', one('').replace('LEAK-201', 'stale-alocation-file'), 'did you mean stale-allocation-file?'],
    ['a check of plans', one('').replace('LEAK-201', 'PLN-001'), '"PLN-001" is no rule of the audit'],
    [
      'every node',
      one('').replace('n1', '"*"'),
      'w.yaml:4:5: waivers[0].node must be a name, or a pattern of more than wildcards (* and ?), not "*"',
    ],
    ['every owner', one('    owner: "*/*"\n'), 'w.yaml:5:5: waivers[0].owner must be a name, or a pattern of more than wildcards'],
    ['every node in a list', one('').replace('n1', '[a, "**"]'), 'waivers[0].node[1] must be a name, or a pattern'],
    ['no node', one('').replace('n1', '[]'), 'waivers[0].node must be a name'],
    ['every address', one('    address: 0.0.0.0/0\n'), 'w.yaml:5:5: "0.0.0.0/0" is every address'],
    ['every address of IPv6', one('    address: ["::/0"]\n'), 'w.yaml:5:15: "::/0" is every address'],
    ['every address as a range', one('    address: 0.0.0.0-255.255.255.255\n'), 'is every address'],
    ['wild addresses', one('    address: 10.0.0.*\n'), 'addresses have no wildcards, write a CIDR'],
    ['host bits', one('    address: 10.0.0.1/24\n'), 'w.yaml:5:5: "10.0.0.1/24" has host bits'],
    ['30 February', one('    until: 2026-02-30\n'), `w.yaml:5:5: ${day}, not "2026-02-30"`],
    ['29 February of another year', one('    until: 2026-02-29\n'), day],
    ['month 13', one('    until: 2026-13-01\n'), day],
    ['day 0', one('    until: 2026-12-00\n'), day],
    ['tomorrow', one('    until: tomorrow\n'), day],
    ['a year', one('    until: 2026\n'), `${day}, not 2026`],
    ['a time', one('    until: 2026-12-01T12:00:00Z\n'), day],
    ['a day in American', one('    until: 12/01/2026\n'), day],
    ['a bad fingerprint', one('    fingerprint: abc\n'), 'waivers[0].fingerprint must be a fingerprint as reports have it'],
    ['a key of trivy', one('    expired_at: 2026-12-01\n'), 'w.yaml:5:5: unknown key "expired_at"; did you mean until?'],
    ['a pod', one('    pod: a/b\n'), 'unknown key "pod"; did you mean owner?'],
    ['a mistyped key', one('    adress: 10.0.0.1\n'), 'w.yaml:5:5: unknown key "adress"; did you mean address?'],
    ['a mistyped key above', 'waiver: []\n', 'w.yaml:1:1: waivers is missing'],
    ['a key twice', one('    node: n2\n'), 'w.yaml:5:5: this key is there twice'],
    ['a prototype', one('    __proto__: {node: n2}\n'), 'w.yaml:5:5: unknown key "__proto__"'],
    ['a constructor', one('    constructor: x\n'), 'w.yaml:5:5: unknown key "constructor"'],
    ['two documents', 'waivers: []\n---\nwaivers: []\n', 'w.yaml:2:1: there is a second document'],
    ['a tag', 'waivers: !!js/function "x"\n', 'w.yaml:1:10: Unresolved tag'],
    ['a tab', 'waivers:\n\t- rule: DUP-101\n', 'w.yaml:2:1: there is a tab in the indentation'],
    ['a list alone', '- rule: DUP-101\n', 'w.yaml:1:1: it must hold keys and values'],
    ['another kind', 'apiVersion: ipam/v1\nkind: PlanRequest\nwaivers: []\n', 'w.yaml:2:1: kind must be "Waivers", not "PlanRequest"'],
    ['another version', 'apiVersion: ipam/v2\nkind: Waivers\nwaivers: []\n', 'w.yaml:1:1: apiVersion must be "ipam/v1", not "ipam/v2"'],
    ['depth', `waivers: ${'['.repeat(20_000)}`, 'it is nested more than 50 levels deep'],
    ['nothing', '\n', 'it is empty'],
    [
      'aliases that multiply',
      `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefgh'].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`).join('\n')}`,
      'its aliases (*name) multiply too often',
    ],
  ])('%s', async (_, text, message) => {
    expect(await faultOf(text)).toContain(message)
    expect(({} as Record<string, unknown>)['node']).toBeUndefined()
  })
})

const schema = JSON.parse(readFileSync(new URL('../../schemas/waivers.json', import.meta.url), 'utf8'))
const valid = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)

test.each([
  ['no reason', 'waivers: [{rule: DUP-101, node: n1}]'],
  ['an unknown key', one('    pod: a/b\n')],
  ['a number', one('    until: 2026\n')],
  ['a bad fingerprint', one('    fingerprint: abc\n')],
  ['another kind', 'kind: Plan\nwaivers: []'],
])('the schema for editors refuses %s', (_, text) => {
  expect(valid(parse(text))).toBe(false)
})
