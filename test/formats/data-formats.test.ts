// JSON, YAML and names: the same data, whatever it holds, written in pieces.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { RenderOptions } from '../../src/formats/define-format.ts'
import { json } from '../../src/formats/json.ts'
import { name } from '../../src/formats/name.ts'
import { yaml } from '../../src/formats/yaml.ts'
import type { Json, Report, ReportData } from '../../src/report/report.ts'
import { clean, plan } from './sample-reports.ts'

const options = { color: false, width: 80, unicode: true }

/** A format that need not be waited for. */
interface Writer {
  render(report: Report, options: RenderOptions): Iterable<string>
}
const render = (format: Writer, report: Report): string => [...format.render(report, options)].join('')
const withData = (data: ReportData): Report => ({ ...clean, data })

const raw = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u
const readers = [
  [json, (text: string): unknown => JSON.parse(text)],
  [yaml, (text: string): unknown => parse(text)],
] as const

/** Text of the kinds that writers get wrong. */
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '',
    ' ',
    'true',
    'null',
    '~',
    '12',
    '-1',
    '0x1f',
    '1e3',
    '10.0.0.0',
    '::1',
    'a: b',
    '# c',
    '- d',
    '"',
    "'",
    'x\ny\n',
    '\ttab',
    '2026-11-23',
    '<<',
    '\u001b]0;pwn\u0007\u202e\u2028\u{e0041}',
  ),
)
const value: fc.Arbitrary<Json> = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value

describe.each(readers)('%o', (format, read) => {
  test('what is read back is what was given, arrays in pieces or not, with no invisible character left raw', () => {
    fc.assert(
      fc.property(
        fc.dictionary(text, fc.oneof(value, fc.array(value, { maxLength: 5 })), { minKeys: 1, maxKeys: 5, noNullPrototype: true }),
        (data) => {
          const streamed = Object.fromEntries(
            Object.entries(data).map(([key, each]) => [key, Array.isArray(each) ? () => each.values() : each]),
          ) as ReportData
          const written = render(format, withData(streamed))
          expect(read(written)).toEqual(data)
          expect(written).toBe(render(format, withData(data as ReportData)))
          expect(written.replaceAll('\n', '')).not.toMatch(raw)
          expect(written.endsWith('\n')).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('long lists are written in pieces, before their end is known', () => {
    let given = 0
    function* nodes(): Iterable<Json> {
      for (; given < 10_000; given++) yield { name: `n${given}` }
    }
    const pieces = (format as Writer).render(withData({ kind: 'AddressPlan', nodes }), options)[Symbol.iterator]()
    const first = Array.from({ length: 5 }, () => pieces.next().value ?? '').join('')
    expect(first).toContain('n1')
    expect(given).toBeLessThan(2_000)
    let rest = first
    for (let piece = pieces.next(); piece.done !== true; piece = pieces.next()) rest += piece.value
    expect((read(rest) as { nodes: unknown[] }).nodes).toHaveLength(10_000)
  })

  test('keys keep their order and those without a value are left out', () => {
    const data = { zebra: 1, apple: () => [], mango: { b: undefined, a: [] } } as unknown as ReportData
    expect(Object.keys(read(render(format, withData(data))) as object)).toEqual(['zebra', 'apple', 'mango'])
    expect(read(render(format, withData({ ...data, gone: undefined } as unknown as ReportData)))).toEqual({ zebra: 1, apple: [], mango: { a: [] } })
  })
})

test('JSON looks like JSON.stringify with two spaces', () => {
  const data = {
    apiVersion: 'ipam/v1',
    nodes: [
      { name: 'a', subnets: ['10.0.0.0/24'] },
      { name: 'b', subnets: [] },
    ],
    empty: [],
    last: { x: null },
  }
  const streamed = { ...data, nodes: () => data.nodes, empty: () => [] }
  expect(render(json, withData(streamed))).toBe(`${JSON.stringify(data, null, 2)}\n`)
  expect(render(json, withData({}))).toBe('{}\n')
})

test('YAML looks as people write it', () => {
  const data = {
    apiVersion: 'ipam/v1',
    complete: true,
    capacity: '65536',
    nodes: () => [{ name: 'a', subnets: ['10.0.0.0/24', 'fd00::/64'] }],
    findings: () => [],
  }
  expect(render(yaml, withData(data))).toBe(
    `apiVersion: ipam/v1
complete: true
capacity: "65536"
nodes:
  - name: a
    subnets:
      - 10.0.0.0/24
      - fd00::/64
findings: []
`,
  )
})

test('a big integer is refused, not rounded', () => {
  expect(() => render(json, withData({ count: 2n ** 64n } as unknown as ReportData))).toThrow(TypeError)
})

test('a plan of 65,536 nodes is whole', () => {
  const report = plan(65_536)
  expect(JSON.parse(render(json, report)).nodes).toHaveLength(65_536)
  expect(render(name, report).split('\n')).toHaveLength(65_537)
})

test('names are made safe, one a line', () => {
  expect(render(name, { ...clean, names: ['finding/X/1', 'node/a\nb\u001b'] })).toBe('finding/X/1\nnode/a\\u{a}b\\u{1b}\n')
  expect(render(name, clean)).toBe('')
})
