// GitHub's workflow commands and GitLab's code quality report.
import { describe, expect, test } from 'vitest'
import { github } from '../../src/formats/github.ts'
import { gitlab } from '../../src/formats/gitlab.ts'
import type { Finding } from '../../src/model/finding.ts'
import type { Report } from '../../src/report/report.ts'
import { brokenRun, cleanRun, first, judged, known, runWith, subject, tornRun, waived } from './judged-reports.ts'
import { broken } from './sample-reports.ts'

const options = { color: false, width: 80, unicode: true }

interface Command {
  readonly kind: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

const undo = (text: string): string =>
  text.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')

/** As the runner reads a line: https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs */
function readCommand(line: string): Command | undefined {
  const [, kind = '', list = '', message = ''] = /^\s*::(\w+)(?: ([^:]*(?::(?!:)[^:]*)*))?::(.*)$/.exec(line) ?? []
  if (kind === '') return undefined
  const properties = Object.fromEntries(list.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), undo(pair.slice(pair.indexOf('=') + 1))]))
  return { kind, properties, message: undo(message) }
}

const linesOf = (report: Report): string[] => [...github.render(report, options)].join('').trimEnd().split('\n')
const commandsOf = (report: Report): Command[] => linesOf(report).flatMap((line) => readCommand(line) ?? [])
const many = (count: number, severity: Finding['severity']): Finding[] =>
  Array.from({ length: count }, (_, index) => ({ ...first, severity, nodes: [`n${index}`], fingerprint: String(index) }))

describe('github', () => {
  test('a clean run has one line and no annotation', () => {
    expect(linesOf(cleanRun)).toEqual(['ipam: 0 findings, 0 at or above medium'])
  })

  test('an incomplete run is an error and comes first', () => {
    expect(commandsOf(tornRun)).toEqual([
      {
        kind: 'error',
        properties: { title: 'ipam: incomplete' },
        message:
          'INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing\ndemo: nodes is forbidden: nodes is forbidden',
      },
    ])
    expect(linesOf(tornRun).at(-1)).toBe('ipam: 0 findings, 0 at or above medium, not everything could be looked at')
  })

  test('worst first, what is alike together, with what to do', () => {
    const commands = commandsOf(brokenRun)
    expect(commands.map(({ kind, properties }) => [kind, properties['title']])).toEqual([
      ['error', 'ipam DUP-101 pod-ip-duplicate'],
      ['error', 'ipam LEAK-201 stale-allocation-file'],
      ['error', 'ipam LEAK-201 stale-allocation-file'],
      ['error', 'ipam CAP-402 node-range-nearly-full'],
    ])
    expect(commands[1]?.message).toContain('high, likely: 15 alike, such as: 10.244.1.3 is held')
    expect(commands[1]?.message).toContain('10.244.1.12 and 5 more\non worker-1\n1. Cordon the node.')
    expect(linesOf(brokenRun).at(-1)).toBe('ipam: 19 findings, 18 at or above medium, 1 waived or known')
  })

  test('what fails no run is no error; what is accepted is not shown', () => {
    const kinds = (...findings: Finding[]) => commandsOf(runWith(...findings)).map(({ kind }) => kind)
    expect(kinds({ ...first, confidence: 'possible' })).toEqual(['warning'])
    expect(kinds({ ...first, severity: 'low' })).toEqual(['notice'])
    expect(kinds({ ...first, severity: 'info' })).toEqual(['notice'])
    expect(kinds(waived, known)).toEqual([])
  })

  test('of each kind ten, the last of which says how many are left', () => {
    const commands = commandsOf(runWith(...many(25, 'critical'), ...many(11, 'low'), ...many(10, 'info')))
    expect(commands.filter(({ kind }) => kind === 'error')).toHaveLength(10)
    expect(commands.filter(({ kind }) => kind === 'notice')).toHaveLength(10)
    expect(commands.filter(({ kind }) => kind === 'error').at(-1)?.message).toBe('16 more; -o markdown, -o html and -o json have all')
    expect(commandsOf(runWith(...many(10, 'critical')))).toHaveLength(10)
    expect(commandsOf(runWith(...many(10, 'critical'))).at(-1)?.message).toContain('10.244.1.7')
  })

  test('findings of a plan stand in its file; the cluster is named where there are several', () => {
    const plan = judged({ ...broken, kind: 'AddressPlan' }, [{ ...subject, findings: [first] }], { file: 'a,b:c.yaml' })
    expect(linesOf(plan)[0]).toMatch(/^::error file=a%2Cb%3Ac\.yaml,line=1,title=ipam DUP-101/)
    const fleet = judged(broken, [subject, { ...subject, name: 'west', findings: [{ ...first, cluster: 'west' }] }])
    expect(commandsOf(fleet)[0]?.message).toMatch(/^west: critical: /)
  })
})

interface Entry {
  readonly description: string
  readonly check_name: string
  readonly fingerprint: string
  readonly severity: string
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } }
}

const entriesOf = (report: Report): Entry[] => JSON.parse([...gitlab.render(report, options)].join(''))

describe('gitlab', () => {
  test('a clean run is an empty list', () => {
    expect([...gitlab.render(cleanRun, options)].join('')).toBe('[]\n')
  })

  test('an incomplete run is the worst there is', () => {
    expect(entriesOf(tornRun).map(({ severity, check_name }) => [severity, check_name])).toEqual([
      ['blocker', 'ipam/incomplete'],
      ['critical', 'ipam/incomplete'],
    ])
  })

  test('every finding that is not waived, with a place and a fingerprint of its own', () => {
    const entries = entriesOf(brokenRun)
    expect(entries).toHaveLength(18)
    expect(entries[0]).toEqual({
      description: 'DUP-101: 10.244.1.7 is used by two running pods on two nodes.',
      ...{ check_name: 'DUP-101', severity: 'blocker', fingerprint: first.fingerprint },
      location: { path: 'cluster/pods.json', lines: { begin: 1 } },
    })
    expect(new Set(entries.map(({ fingerprint }) => fingerprint)).size).toBe(18)
    for (const { location } of entries) expect(location.path).not.toMatch(/^[./]|\/\.\.?\//)
  })

  test('fingerprints are apart even where the program gave one twice, and across clusters', () => {
    expect(entriesOf(runWith(first, first)).map(({ fingerprint }) => fingerprint)).toEqual([first.fingerprint, `${first.fingerprint}/1`])
    const fleet = judged(broken, [
      { ...subject, name: 'east', findings: [first] },
      { ...subject, name: 'west', findings: [first] },
    ])
    expect(entriesOf(fleet).map(({ fingerprint }) => fingerprint)).toEqual([`east/${first.fingerprint}`, `west/${first.fingerprint}`])
  })

  test('what is merely possible is information, and what is waived is not there', () => {
    expect(entriesOf(runWith({ ...first, confidence: 'possible' })).map(({ severity }) => severity)).toEqual(['info'])
    expect(entriesOf(runWith(waived))).toEqual([])
  })
})
