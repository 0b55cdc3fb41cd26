// The text that people read: exact at 80 columns, and sane at any width, for any text and any number of findings.
import fc from 'fast-check'
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { RenderOptions } from '../../src/formats/define-format.ts'
import { table } from '../../src/formats/table.ts'
import { wide } from '../../src/formats/wide.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Cell, Column, Report } from '../../src/report/report.ts'
import { broken, brokenFindings, clean, empty, plan } from './sample-reports.ts'

const at = (width: number, others: Partial<RenderOptions> = {}): RenderOptions => ({ color: false, unicode: true, width, ...others })
const asTable = (report: Report, options: RenderOptions = at(80)): string => [...table.render(report, options)].join('')
const asWide = (report: Report, options: RenderOptions = at(80)): string => [...wide.render(report, options)].join('')
const longest = (text: string): number => Math.max(...text.split('\n').map((line) => stringWidth(line)))

/** A report that holds one table only. */
const withTable = (columns: readonly Column[], rows: readonly (readonly Cell[])[]): Report => ({
  ...clean,
  kind: 'RuleList',
  headline: '',
  tables: [{ title: '', columns, rows, rowCount: rows.length }],
})
const tableLines = (columns: readonly Column[], rows: readonly (readonly Cell[])[], options = at(80)): string[] =>
  asTable(withTable(columns, rows), options).split('\n').slice(2, -1)

describe('whole reports', () => {
  test('a broken audit at 80 columns', () => {
    expect(asTable(broken)).toMatchInlineSnapshot(`
      "demo: 18 findings, 18 of them at or above medium, in 3 nodes, 4 pools and 428
      allocations; not everything could be read.

      Pools
      SYSTEM      POOL           RANGES         CAPACITY  ALLOCATED  AVAILABLE  USED
      node-cidr   cluster        10.244.0.0/16     65536        768      64768   1.2%
      host-local  worker-1/cbr0  10.244.1.0/24       253        231         22  91.3%
      host-local  worker-2/cbr0  10.244.2.0/24       253        197         56  77.9%
      services    kubernetes     10.96.0.0/12    1048574         12    1048562   0.0%

      Nodes
      NODE                    RANGES                  CAPACITY  ALLOCATED  USED
      worker-1                10.244.1.0/24, fd00:1…       253        231  ████▋ 91.3%
      worker-2                10.244.2.0/24, fd00:1…       253        197  ███▉░ 77.9%
      ip-10-20-30-40.eu-cen…  10.244.3.0/24, fd00:1…       253          0  ░░░░░  0.0%

      Findings

      CRITICAL  DUP-101 pod-ip-duplicate
        10.244.1.7 is used by two running pods on two nodes.
          nodes       worker-1, worker-2
          owners      shop/web-7d4b9c6f5-x2x8p, shop/api-0
        What to do (R16)
          1. Find out which pod answers: kubectl exec into another pod of each node
             and ping the address.
          2. Delete the younger pod; its controller starts it again with a new
             address: kubectl -n NAMESPACE delete pod NAME
          3. Look for the cause before the next one: run ipam audit again and repair
             the overlap of ranges that it names.

      HIGH  LEAK-201 stale-allocation-file (16)
        15 alike on worker-1, such as: 10.244.1.3 is held by sandbox 9f3c0a51b7d2,
          which is gone since the node booted on 2026-11-20T09:14:02Z.
          cause       pre-boot
          confidence  likely
          addresses   10.244.1.3, 10.244.1.4, 10.244.1.5, 10.244.1.6, 10.244.1.7
                      and 10 more; -o wide or -o json shows all
        10.244.2.9 has an allocation file without an owner.
          cause       empty-file
          node        worker-2
        What to do (R3)
          1. Cordon the node.
          2. Remove the files named above that no sandbox of \`crictl pods\` owns.
          3. Uncordon the node.

      MEDIUM  CAP-402 node-range-nearly-full
        The range of worker-1 is 91.3% full: 22 of 253 addresses are left.
          address     10.244.1.0/24

      Accepted
        MEDIUM  CAP-402 node-range-nearly-full: waived until 2026-12-01: shrinks next
          week, OPS-4711
        -o wide tells of each

      Notes
      - Incomplete: nodes/worker-3 could not be read whole: var/lib/cni/networks/cbr0:
        permission denied.
      - Not evaluated: DUP-102 node-ranges-overlap (no Node objects for worker-4).

      18 findings: 1 critical, 16 high, 1 medium; 1 waived
      "
    `)
  })

  test('one finding in wide, at 120 columns', () => {
    expect(asWide({ ...broken, tables: [], notes: [], findings: brokenFindings.slice(-3) }, at(120))).toMatchInlineSnapshot(`
      "demo: 18 findings, 18 of them at or above medium, in 3 nodes, 4 pools and 428 allocations; not everything could be read.

      Findings

      HIGH  LEAK-201 stale-allocation-file
        10.244.2.9 has an allocation file without an owner.
          cause       empty-file
          address     10.244.2.9
          node        worker-2
          evidence    nodes/worker-2/var/lib/cni/networks/cbr0/10.244.2.9: 0 bytes
        What to do (R3)
          1. Cordon the node.
          2. Remove the files named above that no sandbox of \`crictl pods\` owns.
          3. Uncordon the node.

      MEDIUM  CAP-402 node-range-nearly-full (2)
        The range of worker-1 is 91.3% full: 22 of 253 addresses are left.
          address     10.244.1.0/24
          node        worker-1
        The range of worker-2 is 77.9% full.
          address     10.244.2.0/24
          node        worker-2
          waived      until 2026-12-01: shrinks next week, OPS-4711

      2 findings: 1 high, 1 medium; 1 waived
      "
    `)
  })

  test('a clean audit, an audit of nothing, a plan', () => {
    expect(asTable(clean, at(120))).toMatchInlineSnapshot(`
      "demo: no problems found in 3 nodes, 4 pools and 428 allocations.

      Pools
      SYSTEM      POOL           RANGES         CAPACITY  ALLOCATED  AVAILABLE  USED
      node-cidr   cluster        10.244.0.0/16     65536        768      64768  ▏░░░░░░░░░  1.2%
      host-local  worker-1/cbr0  10.244.1.0/24       253        231         22  █████████▏ 91.3%
      host-local  worker-2/cbr0  10.244.2.0/24       253        197         56  ███████▊░░ 77.9%
      services    kubernetes     10.96.0.0/12    1048574         12    1048562  ▏░░░░░░░░░  0.0%

      Nodes
      NODE                                          RANGES                             CAPACITY  ALLOCATED  USED
      worker-1                                      10.244.1.0/24, fd00:10:244:1::/64       253        231  █████████▏ 91.3%
      worker-2                                      10.244.2.0/24, fd00:10:244:2::/64       253        197  ███████▊░░ 77.9%
      ip-10-20-30-40.eu-central-1.compute.internal  10.244.3.0/24, fd00:10:244:3::/64       253          0  ░░░░░░░░░░  0.0%

      0 findings
      "
    `)
    expect(asTable(empty)).toMatchInlineSnapshot(`
      "networks: no problems found; 0 allocation files in /var/lib/cni/networks.

      Nodes
        none

      Notes
      - Not evaluated: 20 rules need input that was not given; -o wide names them.

      0 findings
      "
    `)
    expect(asTable(plan(3), at(80, { unicode: false }))).toMatchInlineSnapshot(`
      "3 nodes planned in 10.0.0.0/8.

      Nodes
      NODE      SUBNETS      USABLE  MAX PODS  PODS
      worker-1  10.0.0.0/24     253       110  ####...... 43.5%
      worker-2  10.0.1.0/24     253       110  ####...... 43.5%
      worker-3  10.0.2.0/24     253       110  ####...... 43.5%

      0 findings
      "
    `)
  })

  test('colours change nothing but colours, and follow severity', () => {
    const colored = asTable(broken, at(80, { color: true }))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    expect(colored.replaceAll(/\u001b\[\d+m/g, '')).toBe(asTable(broken))
    expect(colored).toContain('\u001b[1m\u001b[31mCRITICAL')
    expect(colored).toContain('\u001b[33mMEDIUM')
    expect(asTable(broken)).not.toContain('\u001b')
  })

  test.each([70, 80, 100, 200])('lines stay within %i columns', (width) => {
    expect(longest(asTable(broken, at(width)))).toBeLessThanOrEqual(width)
    expect(longest(asWide(broken, at(width)))).toBeLessThanOrEqual(Math.max(width, 92)) // the wide columns are all numbers
  })

  test('no width means that nothing is cut or folded', () => {
    const text = asTable(broken, at(Number.POSITIVE_INFINITY))
    expect(text).not.toContain('…')
    expect(text).toContain(broken.headline)
    for (const note of broken.notes) expect(text).toContain(`\n- ${note}\n`)
    for (const { fix } of brokenFindings) for (const step of fix.steps) expect(text).toContain(`. ${step}\n`)
  })
})

const one = brokenFindings.at(-2) as Finding
const many = (count: number, change: (index: number) => Partial<Finding> = () => ({})): Finding[] =>
  Array.from({ length: count }, (_, index) => ({
    ...one,
    nodes: ['n1'],
    addresses: [`10.0.0.${index}`],
    message: `message ${index}.`,
    ...change(index),
  }))
const findingsOf = (findings: readonly Finding[], render = asTable): string => render({ ...clean, tables: [], findings })

describe('findings', () => {
  test('up to three of a kind are told one by one, more together', () => {
    expect(findingsOf(many(3))).not.toContain('alike')
    const text = findingsOf(many(4))
    expect(text).toContain('MEDIUM  CAP-402 node-range-nearly-full (4)\n  4 alike on n1, such as: message 0.\n')
    expect(text).toContain('addresses   10.0.0.0, 10.0.0.1, 10.0.0.2, 10.0.0.3\n')
    expect(text).not.toContain('message 1')
  })

  test('more than five addresses are counted', () => {
    expect(findingsOf(many(5))).not.toContain('more')
    expect(findingsOf(many(7))).toContain('10.0.0.4\n                and 2 more; -o wide or -o json shows all\n')
  })

  test('without addresses the owners tell them apart', () => {
    expect(findingsOf(many(4, (index) => ({ addresses: [], owners: [`shop/web-${index}`] })))).toContain(
      'owners      shop/web-0, shop/web-1, shop/web-2, shop/web-3\n',
    )
  })

  test.each([
    ['node', (index: number) => ({ nodes: [`n${index % 2}`] })],
    ['cause', (index: number) => ({ cause: index % 2 === 0 ? 'pre-boot' : 'empty-file' })],
    ['confidence', (index: number) => ({ confidence: index % 2 === 0 ? ('likely' as const) : ('certain' as const) })],
    ['severity', (index: number) => ({ severity: index % 2 === 0 ? ('high' as const) : ('low' as const) })],
    ['domain', (index: number) => ({ domain: `vpc-${index % 2}` })],
    ['rule', (index: number) => ({ rule: `CAP-40${index % 2}` })],
  ])('what differs in %s is not thrown together', (_, change) => {
    expect(findingsOf(many(6, change))).not.toContain('alike')
    expect(findingsOf(many(8, change)).match(/4 alike/g)).toHaveLength(2)
  })

  test('the worst come first, and each way to repair is told once', () => {
    const fix = { playbook: 'R1', steps: ['Do this.'] }
    const text = findingsOf(
      many(6, (index) => ({ severity: index === 5 ? 'critical' : 'low', fix: index < 4 ? fix : { playbook: null, steps: ['Do that.'] } })),
    )
    expect(text.indexOf('CRITICAL')).toBeLessThan(text.indexOf('LOW'))
    expect(text.match(/Do this\./g)).toHaveLength(1)
    expect(text.match(/What to do \(R1\)\n {4}1\. Do this\./g)).toHaveLength(1)
    expect(text.match(/Do that\./g)).toHaveLength(1)
    expect(text).toContain('What to do: as said under CAP-402\n')
  })

  test('what the message names is not said again, except in wide', () => {
    const subjects = { addresses: ['10.0.0.1'], nodes: ['n1'], owners: ['shop/web-0', 'shop/web-1'] }
    const told = many(1, () => ({ ...subjects, message: '10.0.0.1 on n1 is held by shop/web-0 and shop/web-1.' }))
    expect(findingsOf(told)).not.toMatch(/address|node |owner/)
    expect(findingsOf(told, asWide)).toMatch(/address {5}10\.0\.0\.1\n {4}node {8}n1\n {4}owners {6}shop\/web-0, shop\/web-1\n/)
    for (const message of ['10.0.0.12 on n11', '110.0.0.1 on xn1', '10.0.0.1/32 on n1.local', '10.0.0.1.5 on a/n1', 'shop/web-0 shop/web-10', '']) {
      expect(findingsOf(many(1, () => ({ ...subjects, message })))).toMatch(
        /address {5}10\.0\.0\.1\n {4}node {8}n1\n {4}owners {6}shop\/web-0, shop\/web-1\n/,
      )
    }
    expect(findingsOf(many(1, () => ({ ...subjects, message: '10.0.0.12, then (10.0.0.1): it' })))).not.toContain('address')
  })

  test('waived ones are counted, and shown in wide', () => {
    const findings = many(1, () => ({ waived: { reason: 'known', until: null } }))
    expect(findingsOf(findings)).not.toContain('message 0')
    expect(findingsOf(findings)).toMatch(/\n0 findings; 1 waived\n$/)
    expect(findingsOf(findings, asWide)).toContain('waived      until further notice: known\n')
  })

  test('a list of thousands ends at 1,000', () => {
    const findings = many(1_500, (index) => ({ nodes: [`n${index}`] }))
    const text = findingsOf(findings)
    expect(text.match(/\n {2}message /g)).toHaveLength(1_000)
    expect(text).toContain('\n… and 500 more, use -o json\n')
    expect(text).toMatch(/\n1500 findings: 1500 medium\n$/)
    expect(findingsOf(findings.slice(0, 1_000))).not.toContain('more')
  })
})

describe('tables', () => {
  const name: Column = { title: 'Name', align: 'left', flexible: true }
  const kind: Column = { title: 'Kind', align: 'left' }
  const count: Column = { title: 'Count', align: 'right' }
  const share: Column = { title: 'Used', align: 'left' }

  test('columns are aligned, and lines do not end in spaces', () => {
    expect(
      tableLines(
        [name, count, kind],
        [
          ['a', '7', 'x'],
          ['long name', '12345678', ''],
        ],
      ),
    ).toEqual(['NAME          COUNT  KIND', 'a                 7  x', 'long name  12345678'])
  })

  test('wide characters count twice, combining ones not at all', () => {
    expect(
      tableLines(
        [name, kind],
        [
          ['東京', 'x'],
          ['Zu\u0308rich', 'y'],
        ],
      ),
    ).toEqual(['NAME    KIND', '東京    x', 'Zu\u0308rich  y'])
  })

  test('columns for wide are shown in wide only', () => {
    const report = withTable([name, { ...count, wide: true }, kind], [['a', '7', 'x']])
    expect(asTable(report)).toContain('NAME  KIND\na     x\n')
    expect(asWide(report)).toContain('NAME  COUNT  KIND\na         7  x\n')
  })

  test('flexible text is cut first, other text next, numbers never', () => {
    const row = ['a-name-of-twenty-two-ch', 'kind-of-twenty-letters', '123456789012345678']
    expect(tableLines([name, kind, count], [row], at(60))[1]).toBe('a-name-of-twent…  kind-of-twenty-letters  123456789012345678')
    expect(tableLines([name, kind, count], [row], at(44))[1]).toBe('a-name-of-…  kind-of-tw…  123456789012345678')
    expect(tableLines([name, kind, count], [row], at(30))[1]).toContain('123456789012345678')
    expect(tableLines([name], [['x'.repeat(100)]], at(40, { unicode: false }))[1]).toBe(`${'x'.repeat(37)}...`)
  })

  test('labels of bars are numbers too', () => {
    const row = ['a-name-of-twenty-two-ch', { bar: 0.5, label: '1234567 of 2345678' }, 'x']
    expect(tableLines([kind, share, kind], [row], at(40))).toEqual([
      'KIND            USED                KIND',
      'a-name-of-twe…  1234567 of 2345678  x',
    ])
  })

  test('bars get shorter, then go', () => {
    const row = ['a-name', { bar: 0.5, label: '50%' }]
    expect(tableLines([kind, share], [row], at(40))).toEqual(['KIND    USED', 'a-name  █████░░░░░ 50%'])
    expect(tableLines([kind, share], [['x'.repeat(30), row[1] as Cell]], at(41))[1]).toMatch(/^x{30} {2}██▌░░ 50%$/)
    expect(tableLines([kind, share], [['x'.repeat(30), row[1] as Cell]], at(40))[1]).toMatch(/^x{30} {2}50%$/)
  })

  test.each([
    [0, '░░░░░░░░░░', '..........'],
    [Number.NaN, '░░░░░░░░░░', '..........'],
    [0.000001, '▏░░░░░░░░░', '#.........'],
    [0.0125, '▏░░░░░░░░░', '#.........'],
    [0.43, '████▎░░░░░', '####......'],
    [0.5, '█████░░░░░', '#####.....'],
    [0.99, '█████████▉', '#########.'],
    [0.999999, '█████████▉', '#########.'],
    [1, '██████████', '##########'],
    [1.7, '██████████', '##########'],
  ])('a share of %d is drawn so that empty and full mean it', (value, unicode, ascii) => {
    const cells = [[{ bar: value, label: 'l' }]]
    expect(tableLines([share], cells)[1]).toBe(`${unicode} l`)
    expect(tableLines([share], cells, at(80, { unicode: false }))[1]).toBe(`${ascii} l`)
  })

  test('labels beside bars are aligned', () => {
    const rows = [
      [{ bar: 0, label: '0.0%' }, 'x'],
      [{ bar: 1, label: '100.0%' }, 'y'],
    ]
    expect(tableLines([share, kind], rows)).toEqual(['USED               KIND', '░░░░░░░░░░   0.0%  x', '██████████ 100.0%  y'])
  })

  test('any table fits where its numbers leave room', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 60 }), fc.string({ maxLength: 60 }))
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 120 }), fc.array(fc.tuple(cell, cell, fc.nat()), { minLength: 1, maxLength: 6 }), (width, rows) => {
        const lines = tableLines(
          [name, kind, count],
          rows.map(([one, other, number]) => [one, other, String(number)]),
          at(width),
        )
        expect(lines).toHaveLength(rows.length + 1)
        expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(width)
      }),
      { numRuns: 200 },
    )
  })

  test('a long table is written row by row', () => {
    const pieces = table.render(plan(65_536), at(80))[Symbol.iterator]()
    const first = Array.from({ length: 6 }, () => pieces.next().value ?? '').join('')
    expect(first).toContain('worker-2')
    expect(first.length).toBeLessThan(1_000)
    let lines = 6
    for (let piece = pieces.next(); piece.done !== true; piece = pieces.next()) lines++
    expect(lines).toBeGreaterThan(65_536)
  })
})

describe('foreign text', () => {
  const hostile = '\u001b]0;pwn\u0007\r\b\u202e\u2028\n::error::x\u{e0041}\ud800ü'
  const finding: Finding = {
    rule: hostile,
    name: hostile,
    severity: 'high',
    confidence: 'likely',
    message: hostile,
    domain: hostile,
    addresses: [hostile],
    nodes: [hostile],
    owners: [hostile],
    cause: hostile,
    evidence: [{ source: hostile, fact: hostile }],
    fix: { playbook: hostile, steps: [hostile] },
    fingerprint: hostile,
    waived: { reason: hostile, until: hostile },
  }
  const open = { ...finding, waived: null }
  const column: Column = { title: hostile, align: 'left', flexible: true }
  const report: Report = {
    ...clean,
    headline: hostile,
    tables: [
      {
        title: hostile,
        columns: [column, { ...column, align: 'right' }, column],
        rows: [[hostile, hostile, { bar: 0.5, label: hostile }]],
        rowCount: 1,
      },
    ],
    findings: [finding, open, ...Array.from({ length: 5 }, () => ({ ...open, cause: 'other' }))],
    notes: [hostile],
    names: [hostile],
  }

  test.each([80, Number.POSITIVE_INFINITY])('leaves nothing behind that could move a cursor or start a line (width %d)', (width) => {
    for (const render of [asTable, asWide]) {
      const text = render(report, at(width))
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u)
      expect(text).not.toMatch(/^::/m)
      expect(text).toContain('\\u{1b}]0;pwn\\u{7}')
      expect(render(report, at(width, { unicode: false }))).toMatch(/^[\n -~]*$/)
    }
  })
})
