// Plans that know networks outside the cluster, and plans that look for space between them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import Plan from '../../src/commands/plan.ts'
import { runCommand } from '../cli/run-command.ts'

const root = mkdtempSync(join(tmpdir(), 'ipam-external-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))
const file = (name: string, text: string): string => {
  const path = join(root, name)
  writeFileSync(path, text)
  return path
}
const plan = async (...args: readonly string[]) => {
  const { code, stdout } = await runCommand(Plan, [...args, '-o', 'json', '--now', '2026-11-23T12:00:00Z'])
  return { code, report: JSON.parse(stdout) }
}

const list = file('plain.txt', '# office\n10.130.0.0/16\n10.131.0.0-10.131.9.255\n')
const table = file('corp.csv', 'prefix,description\n10.132.0.0/14,data centre\n')

describe('--external', () => {
  test('an overlap is a finding that names the line, and exits 1', async () => {
    const { code, report } = await plan('--cluster-cidr', '10.134.0.0/16', '--nodes', '3', '--external', list, '--external', table)
    expect(code).toBe(1)
    expect(report.findings[0]).toMatchObject({ rule: 'PLN-011', severity: 'high', addresses: ['10.134.0.0/16', '10.132.0.0/14'] })
    expect(report.findings[0].message).toContain('corp.csv:2')
    expect(report.spec.externalNetworks[0]).toMatchObject({ range: '10.130.0.0/16' })
  })
  test('a plan keeps what it knew, and knows it once', async () => {
    const path = join(root, 'plan.json')
    await runCommand(Plan, ['--cluster-cidr', '10.140.0.0/16', '--nodes', '3', '--external', table, '-o', `json=${path}`, '-q'])
    const { report } = await plan('-f', path, '--external', table, '--external', list)
    expect(report.spec.externalNetworks.map(({ range }: { range: string }) => range).slice(0, 2)).toEqual(['10.132.0.0/14', '10.130.0.0/16'])
  })
  test('a list with a hole is refused with its line', async () => {
    const { code, report } = await plan('--cluster-cidr', '10.140.0.0/16', '--external', file('hole.txt', '10.0.0.0/8\n10.0.0.300/24\n'))
    expect([code, report.error.message]).toEqual([2, expect.stringMatching(/hole\.txt:2: /)])
  })
})

describe('--within', () => {
  test('takes the best free range, in both families', async () => {
    const { code, report } = await plan(
      '--within',
      '10.128.0.0/13,fd00:128::/40',
      '--avoid',
      list,
      '--avoid',
      table,
      '--nodes',
      '40',
      '--max-nodes',
      '200',
    )
    expect(code).toBe(0)
    expect(report.pools.map(({ cidr }: { cidr: string }) => cidr)).toEqual(['10.128.0.0/16', 'fd00:128::/56'])
    expect(report.proposals[0]).toEqual({
      cidr: '10.128.0.0/16',
      chosen: true,
      within: '10.128.0.0/13',
      around: '10.128.0.0/15',
      doublings: 1,
      why: '10.128.0.0/15 around it is free, so that it can be doubled 1 time in place',
    })
  })
  test('where nothing is large enough the largest is planned, and what does not fit is said: exit 1', async () => {
    const { stdout, code } = await runCommand(Plan, ['--within', '10.131.0.0/16', '--avoid', list, '--nodes', '250', '--max-nodes', '300'])
    expect(code).toBe(1)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('No /15 is free in 10.131.0.0/16'.replace('/15', '/16'))
  })
  test.each([
    ['--cluster-cidr', '10.140.0.0/16', '--within finds the pod range, and one is given already'],
    ['--avoid', 'everything', 'nothing of 10.131.0.0/16 is free'],
  ])('with %s', async (flag, value, message) => {
    const given = value === 'everything' ? file('everything.txt', '10.0.0.0/8\n') : value
    const { code, report } = await plan('--within', '10.131.0.0/16', flag, given, '--nodes', '3')
    expect([code, report.error.message]).toEqual([2, expect.stringContaining(message)])
  })
})
