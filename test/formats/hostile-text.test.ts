// Foreign text in every format: no raw control or format character, no markup, no command, and still a document that its readers take (rows 60 to 63).
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Format } from '../../src/formats/define-format.ts'
import { type FormatId, formats } from '../../src/formats/index.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Subject } from '../../src/report/judgement.ts'
import type { Report } from '../../src/report/report.ts'
import { described, first, judged, torn } from './judged-reports.ts'
import { readPrometheus } from './prometheus-reader.ts'
import { broken } from './sample-reports.ts'
import { readXml } from './xml-reader.ts'

const options = { color: false, width: 80, unicode: true }
const raw = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u

const evil = [
  ...[
    '\u001b]0;pwn\u0007',
    '\r\n::error::x',
    '%0A::error::y',
    '##[error]z',
    '<script>alert(1)</script>',
    '" onload="x',
    "' onload='x",
    ']]>',
    '</svg>',
    '</style>',
  ],
  ...[
    '\u202eevil',
    '\u2028',
    '\u{e0041}',
    '\ud800',
    '=HYPERLINK("x")',
    '@team',
    '\\',
    '\\n',
    '"',
    '{0}',
    '[a](javascript:x)',
    '../../x',
    '\0',
    'a\nipam_up 1',
  ],
]
const words = fc.oneof(fc.constantFrom(...evil), fc.string({ unit: 'binary', maxLength: 40 }), fc.constant(evil.join(' ')))

function hostile(text: string): Report {
  const finding: Finding = {
    ...first,
    ...{ message: text, domain: text, addresses: [text], nodes: [text], owners: [text], cause: text, cluster: text, confidence: 'likely' },
    ...{ evidence: [{ source: text, fact: text }], fix: { playbook: 'R1', steps: [text] }, fingerprint: 'a'.repeat(32) },
  }
  const subject: Subject = {
    ...torn,
    name: text,
    findings: [finding, { ...finding, severity: 'low' }, { ...finding, waived: { reason: text, until: null, approvedBy: text } }],
    sources: [{ source: text, status: 'failed', read: 0, error: text }],
    rules: [{ rule: described('DUP-101', 'pod-ip-duplicate'), evaluated: true, gaps: [{ reason: text, incomplete: true }] }],
    pools: torn.pools.map((pool) => ({ ...pool, name: text, system: text, domain: text, node: text })),
    nodes: torn.nodes.map((node) => ({ ...node, name: text })),
  }
  const report = judged(broken, [subject], { file: text })
  return {
    ...report,
    headline: text,
    notes: [text],
    names: [text],
    tables: report.tables.map((table) => ({ ...table, title: text, rows: [[text, { bar: 1, label: text }]] })),
  }
}

const jsonText = (text: string): void => {
  JSON.parse(text)
}

/** What must hold beside that no invisible character is raw. */
const checks: Readonly<Record<FormatId, (text: string) => void>> = {
  table: () => {},
  wide: () => {},
  name: (text) => expect(text.split('\n')).toHaveLength(2),
  csv: (text) => expect(text.split('\n')).toHaveLength(5),
  markdown: (text) => expect(text).not.toMatch(/(?<!\\)<(?:script|\/svg)/),
  yaml: () => {},
  json: jsonText,
  gitlab: jsonText,
  sarif: (text) => {
    const { runs } = JSON.parse(text)
    for (const { locations } of runs[0].results) {
      const { uri } = locations[0].physicalLocation.artifactLocation
      expect(uri).toMatch(/^[\w.!~*'()%-]+(\/[\w.!~*'()%-]+)*$/)
      expect(uri.split('/')).not.toContain('..')
    }
  },
  junit: (text) => {
    const whole = readXml(text.trimEnd())
    expect(whole.children.map(({ name }) => name)).toEqual(['testsuite', 'testsuite'])
  },
  svg: (text) => readXml(text.trimEnd()),
  html: (text) => {
    const tags = [...text.replace(/<style>[^<]*<\/style>/, '').matchAll(/<\/?([\w!]+)((?:\s[\w:-]+="[^"<]*")*)\s*\/?>/g)]
    for (const [, tag = '', attributes = ''] of tags) {
      expect(tag).not.toMatch(/^(script|img|a|iframe|object|link|form)$/i)
      expect(attributes).not.toMatch(/\son\w+=|javascript:/)
    }
    expect(text.split('<').length - 1).toBe(tags.length + (text.includes('<!doctype html>') ? 1 : 0) + 2) // and the two tags of the style
  },
  github: (text) => {
    const lines = text.trimEnd().split('\n')
    const commands = lines.filter((line) => /^\s*::/.test(line))
    expect(commands).toHaveLength(3) // incomplete, a failing finding, a lesser one
    expect(lines).toHaveLength(4)
    expect(lines.at(-1)).toMatch(/^ipam: [\w ,]+$/)
    for (const command of commands) expect(command).toMatch(/^::(error|notice) (file=[^:,]*,line=1,)?title=[^:,]*::(?:[^%]|%25|%0A)*$/)
  },
  prometheus: (text) => {
    expect(readPrometheus(text).filter(({ name }) => name === 'ipam_up')).toEqual([])
  },
}

test.each(Object.keys(formats) as FormatId[])('%s stays what it is, whatever names say', async (id) => {
  const format: Format = await formats[id]()
  await fc.assert(
    fc.asyncProperty(words, async (text) => {
      const written = [...(await format.render(hostile(text), options))].join('')
      if (id !== 'json' && id !== 'yaml') checks[id](written)
      expect(written.replaceAll('\n', '')).not.toMatch(raw)
    }),
    { numRuns: 60, examples: evil.map((text) => [text]) },
  )
})
