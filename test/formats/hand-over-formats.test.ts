// CSV, Markdown and pictures: what others read, so foreign text must stay text, and nothing may get lost unsaid.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csv } from '../../src/formats/csv.ts'
import type { RenderOptions } from '../../src/formats/define-format.ts'
import { markdown } from '../../src/formats/markdown.ts'
import { svg } from '../../src/formats/svg.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { AddressMap, MapCell, Report } from '../../src/report/report.ts'
import { broken, brokenFindings, clean, empty, plan } from './sample-reports.ts'

const options = { color: false, width: 80, unicode: true }

/** A format that need not be waited for. */
interface Writer {
  render(report: Report, options: RenderOptions): Iterable<string>
}
const render = (format: Writer, report: Report): string => [...format.render(report, options)].join('')

/** An independent reader of RFC 4180. */
function readCsv(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  for (const [, quoted, bare, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'))
    if (end !== '\n') continue
    rows.push(row)
    row = []
  }
  return rows
}

const [first] = brokenFindings as readonly [Finding, ...Finding[]]
const withFinding = (more: Partial<Finding>): Report => ({ ...broken, findings: [{ ...first, ...more }] })
const words = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('=1+1', '-2+3', '@x', 'a,b', 'a"b', ' a', 'a\nb', '-5', '<b>|`@team`', '\u202eevil'),
)

describe('csv', () => {
  test('findings of an audit, one a line', () => {
    const rows = readCsv(render(csv, broken))
    expect(rows).toHaveLength(brokenFindings.length + 1)
    const [heads, row] = rows
    const cell = (name: string) => row?.[heads?.indexOf(name) ?? -1]
    expect([cell('rule'), cell('nodes'), cell('owners'), cell('message')]).toEqual([
      'DUP-101',
      'worker-1 worker-2',
      'shop/web-7d4b9c6f5-x2x8p shop/api-0',
      '10.244.1.7 is used by two running pods on two nodes.',
    ])
    expect(rows.at(-1)).toContain('shrinks next week, OPS-4711')
  })
  test('an audit without findings is a header', () => {
    expect(readCsv(render(csv, empty))).toHaveLength(1)
  })
  test('nodes of a plan, all of them', () => {
    const rows = readCsv(render(csv, plan(1000)))
    expect(rows).toHaveLength(1001)
    expect(rows[300]).toEqual(['worker-300', 'cluster', '10.1.43.0/24', '', '253', '110'])
  })
  test('the first table of everything else', () => {
    const rows = readCsv(render(csv, { ...clean, kind: 'GeneratedConfiguration' }))
    expect(rows[0]?.[0]).toBe('system')
    expect(rows[1]).toEqual(['node-cidr', 'cluster', '10.244.0.0/16', '65536', '256', '768', '64768', '1.2%'])
  })
  test('any text comes back as it was shown, and never as a formula', () => {
    fc.assert(
      fc.property(words, (message) => {
        const text = render(csv, withFinding({ message }))
        const rows = readCsv(text)
        expect(rows).toHaveLength(2)
        expect(rows[1]).toHaveLength(rows[0]?.length ?? 0)
        expect(rows[1]?.[4] ?? '').not.toMatch(/^[=+@\t\r]|^-(?![\d.])/)
        expect(text).not.toMatch(/[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u)
      }),
    )
    expect(readCsv(render(csv, withFinding({ message: '=1+1' })))[1]?.[4]).toBe("'=1+1")
    expect(readCsv(render(csv, withFinding({ message: 'a,"b"' })))[1]?.[4]).toBe('a,"b"')
  })
})

describe('markdown', () => {
  test('findings first, then tables with bars', () => {
    const text = render(markdown, broken)
    expect(text.indexOf('### Findings')).toBeLessThan(text.indexOf('### Pools'))
    expect(text).toContain('### Findings (1 critical, 16 high, 1 medium)')
    expect(text).toContain('🔴 **critical** `DUP-101` pod-ip-duplicate: 10.244.1.7 is used by two running pods on two nodes.')
    expect(text).toContain('| host-local | worker-1/cbr0 | 10.244.1.0/24 | 253 | 231 | 22 | ▰▰▰▰▰▰▰▰▰▱ 91.3% |')
    expect(text).toContain('_(waived: shrinks next week, OPS-4711)_')
  })
  test('long tables are folded and cut, and say so; the comment still fits', () => {
    const text = render(markdown, plan(5000))
    expect(text).toContain('<details><summary><b>Nodes</b> (5000)</summary>')
    expect(text).toContain('4800 more; `-o json` and `-o csv` have all.')
    expect(text.length).toBeLessThan(65_536)
  })
  test('foreign text makes no markup, no row and no mention', () => {
    fc.assert(
      fc.property(words, (message) => {
        const text = render(markdown, { ...withFinding({ message, fix: { playbook: null, steps: [] }, nodes: [] }), tables: [] })
        const line = text.split('\n').filter((each) => each.startsWith('- 🔴'))
        expect(line).toHaveLength(1)
        const shown = (line[0] ?? '').slice((line[0] ?? '').indexOf('duplicate: ') + 11).replaceAll('@<!-- -->', '')
        expect(shown.replaceAll(/\\[\\`*_[\]<>|~#&!$]/g, '')).not.toMatch(/[\\`*_[\]<>|~&@]/)
      }),
    )
  })
})

/** Opening and closing tags match, attributes are quoted, and no bare `<` or `&` is left. */
function expectXml(text: string): void {
  const open: string[] = []
  const rest = text.replaceAll(/<(\/?)(\w+)((?:\s[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, end: string, tag: string, _attributes, empty: string) => {
    if (end === '/') expect(open.pop()).toBe(tag)
    else if (empty === '') open.push(tag)
    return ''
  })
  expect(open).toEqual([])
  expect(rest).not.toMatch(/<|&(?!(amp|lt|gt|quot|#39);)/)
}

const grid = (cells: readonly MapCell[]): AddressMap => ({
  grids: [{ title: 'pool', note: 'a square is one /24', rows: [{ label: '10.0.0.0', cells }] }],
  holders: [],
  more: 0,
})
const mapped = (map: AddressMap): Report => ({ ...plan(1), map: () => map })

describe('svg', () => {
  test('one square for each cell, with its own colour and its text', () => {
    const text = render(
      svg,
      mapped(
        grid([
          { state: 'given', text: '10.0.0.0/24: n1' },
          { state: 'free', text: '10.0.1.0/24: free' },
        ]),
      ),
    )
    expectXml(text)
    expect(text.match(/class="given"><title>10\.0\.0\.0\/24: n1</g)).toHaveLength(1)
    expect(text.match(/class="free"><title>10\.0\.1\.0\/24: free</g)).toHaveLength(1)
  })
  test('without a map the bars of the tables', () => {
    const text = render(svg, broken)
    expectXml(text)
    expect(text).toContain('91.3%')
  })
  test('everything lies inside of the picture, for any number of nodes and any name', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), words, (count, name) => {
        const holders = Array.from({ length: Math.min(300, count) }, (_, index) => ({ name: `${name}${index}`, ranges: '10.0.0.0/24  fd00::/64' }))
        const text = render(
          svg,
          mapped({ ...grid(Array.from({ length: 32 }, () => ({ state: 'free', text: name }))), holders, more: Math.max(0, count - 300) }),
        )
        expectXml(text)
        const [, height = '0'] = /height="(\d+)"/.exec(text) ?? []
        for (const [, x = '0', wide = '0'] of text.matchAll(/<rect x="(\d+)"[^>]* width="(\d+)"/g))
          expect(Number(x) + Number(wide)).toBeLessThan(1040 - 20)
        for (const [, y = '0'] of text.matchAll(/ y="(\d+)"/g)) expect(Number(y)).toBeLessThan(Number(height) - 8)
        for (const [, x = '0', shown = ''] of text.matchAll(/<text x="(\d+)"[^>]*>([^<]*)</g)) {
          const width = [...shown.replaceAll(/&\w+;|&#39;/g, 'x')].length * 7.3
          expect(Number(x) + width).toBeLessThan(1040)
        }
      }),
      { numRuns: 30 },
    )
  })
})
