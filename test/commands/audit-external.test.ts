// `ipam audit --external`: lists are held against the cluster, and a bad one ends the run before anything is read.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Audit from '../../src/commands/audit.ts'
import { runCommand } from '../cli/run-command.ts'

let folder: string
const path = (name: string): string => join(folder, name)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ipam-external-'))
  const service = { apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes' }, spec: { cidrs: ['10.96.0.0/16'] } }
  writeFileSync(path('cluster.json'), JSON.stringify(service))
  writeFileSync(path('nets.csv'), 'name,cidr,kind\nbilling,10.96.3.0/24,on-prem\n')
  writeFileSync(path('apart.txt'), '10.97.0.0/16 other office\n')
  writeFileSync(path('bad.csv'), 'name,cidr\nfine,10.0.0.0/24\nbroken,10.0.0.7/24\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const audit = (...argv: string[]) =>
  runCommand(Audit, [
    '--from',
    path('cluster.json'),
    '--rule',
    'OVL-304',
    '-o',
    'json',
    ...argv.map((word) => (word.startsWith('-') ? word : path(word))),
  ])

test('several lists are read, and the finding names the line', async () => {
  const { code, stdout } = await audit('--external', 'apart.txt', '--external', 'nets.csv')
  expect(code).toBe(1)
  const report = JSON.parse(stdout)
  expect(report.findings).toMatchObject([{ rule: 'OVL-304', addresses: ['10.96.3.0/24', '10.96.0.0/16'] }])
  expect(report.findings[0].evidence[0].source).toBe(`${path('nets.csv')}:2`)
  expect(report.coverage).toContainEqual({ source: path('apart.txt'), status: 'complete', read: 1, error: null })
})

test('a list that touches nothing is a pass', async () => {
  const { code, stdout } = await audit('--external', 'apart.txt')
  expect([code, JSON.parse(stdout).findings]).toEqual([0, []])
})

test('without a list the rule is not evaluated', async () => {
  const { code, stdout } = await audit()
  expect(code).toBe(3)
  expect(JSON.parse(stdout).notEvaluated).toMatchObject([{ rule: 'OVL-304' }])
})

describe('a bad list is a usage error', () => {
  test.each<[string, string]>([
    ['bad.csv', 'bad.csv:3: "10.0.0.7/24" has host bits set for /24; write 10.0.0.0/24'],
    ['missing.csv', 'missing.csv: there is no such file'],
    ['.', 'it is a directory; give a file'],
  ])('%s', async (name, message) => {
    const { code, stderr, stdout } = await audit('--external', 'nets.csv', '--external', name)
    expect(code).toBe(2)
    expect(stderr + stdout).toContain(message.replaceAll('"', stdout === '' ? '"' : '\\"'))
  })
})
