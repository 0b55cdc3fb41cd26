// Several clusters in one run: each finding carries its cluster, one that is down does not void the rest, and connected ones are compared.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Audit from '../../src/commands/audit.ts'
import { runCli } from '../run-cli.ts'
import { type FaultServer, json, listOf, podOf, startFaultServer } from '../sources/cluster/fault-server.ts'
import { runCommand } from './run-command.ts'

interface Fleet {
  readonly complete: boolean
  readonly metadata: { readonly cluster: string; readonly clusters: readonly { readonly name: string; readonly complete: boolean }[] }
  readonly coverage: readonly { readonly cluster: string; readonly source: string; readonly status: string; readonly error: string | null }[]
  readonly notEvaluated: readonly { readonly cluster: string; readonly rule: string }[]
  readonly pools: readonly { readonly cluster: string }[]
  readonly nodes: readonly { readonly cluster: string; readonly name: string }[]
  readonly findings: readonly { readonly cluster?: string; readonly rule: string; readonly addresses: readonly string[] }[]
}

describe('a fleet', () => {
  let east: FaultServer
  let west: FaultServer
  let kubeconfig: string
  beforeAll(async () => {
    east = await startFaultServer()
    // Pods of its own; two of them have one address.
    west = await startFaultServer(({ path, query }, response) => {
      if (path !== '/api/v1/pods') return false
      const items = [0, 1, 2].map((n) => ({ ...podOf(n), metadata: { ...podOf(n).metadata, uid: `west-${n}` }, ...(n === 2 ? twin : {}) }))
      return json(response, { ...listOf(path, query), metadata: {}, items })
    })
    kubeconfig = join(east.folder, 'fleet')
    const servers = { east: east.url, west: west.url, again: east.url, down: 'http://127.0.0.1:1' }
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: Object.entries(servers).map(([name, server]) => ({ name, cluster: { server } })),
      users: [{ name: 'u', user: { token: 't' } }],
      contexts: Object.keys(servers).map((name) => ({ name, context: { cluster: name, user: 'u' } })),
      'current-context': 'east',
    }
    writeFileSync(kubeconfig, JSON.stringify(config))
  })
  const twin = { status: podOf(0).status }
  afterAll(() => Promise.all([east?.stop(), west?.stop()]))

  const audit = async (contexts: readonly string[], ...flags: readonly string[]) => {
    const result = await runCommand(Audit, ['--kubeconfig', kubeconfig, '--json', ...contexts.flatMap((name) => ['--context', name]), ...flags])
    return { ...result, report: (result.stdout === '' ? undefined : JSON.parse(result.stdout)) as Fleet }
  }
  const schema = JSON.parse(readFileSync(new URL('../../schemas/audit-report.json', import.meta.url), 'utf8'))
  const valid = new Ajv().compile(schema)

  test('has the findings of each cluster with its name, in the envelope of one', async () => {
    const { code, report } = await audit(['east', 'west'], '--no-confirm')
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true)
    expect(report.findings.map(({ cluster, rule, addresses }) => [cluster, rule, addresses])).toEqual([['west', 'DUP-101', ['10.64.1.2']]])
    expect(report.metadata).toMatchObject({ cluster: 'east, west', clusters: [{ name: 'east' }, { name: 'west' }] })
    for (const name of ['east', 'west']) {
      expect(report.coverage.filter(({ cluster, source }) => cluster === name && source === 'pods')).toMatchObject([{ status: 'complete' }])
      expect(report.nodes.filter(({ cluster }) => cluster === name).map((node) => node.name)).toEqual(['node-1', 'node-2'])
      expect(report.notEvaluated.some(({ cluster, rule }) => cluster === name && rule === 'OVL-308')).toBe(true)
    }
    expect(code).toBe(1)
    const table = await runCli(['audit', '--kubeconfig', kubeconfig, '--context', 'east', '--context', 'west', '--no-confirm'])
    expect(table.stdout).toMatch(/2 clusters; 1 finding.*Nodes of west.*cluster +west/s)
    expect(table.stdout).not.toContain('no problems found')
  })

  test('of one cluster is the report of one, without the new keys', async () => {
    const { report } = await audit(['west'], '--no-confirm')
    expect(valid(report), JSON.stringify(valid.errors)).toBe(true)
    expect(report.findings).toMatchObject([{ rule: 'DUP-101' }])
    expect(JSON.stringify(report)).not.toMatch(/"clusters":|\{"cluster":/)
    expect([report.metadata.cluster, 'cluster' in (report.findings[0] ?? {})]).toEqual(['west', false])
  })

  test('with a cluster that is down is incomplete and has the rest; with none that is up cannot start', async () => {
    const { code, report } = await audit(['down', 'east'])
    expect([code, report.complete]).toEqual([3, false])
    expect(report.coverage.filter(({ cluster }) => cluster === 'down')).toMatchObject([
      { source: 'cluster', status: 'failed', error: expect.stringContaining('connection refused') },
    ])
    expect(report.coverage.filter(({ cluster, source }) => cluster === 'east' && source === 'pods')).toMatchObject([{ status: 'complete' }])
    expect(report.metadata.clusters).toMatchObject([{ name: 'down', complete: false }, { name: 'east' }])
    expect((await audit(['down', 'west'], '--no-confirm')).code).toBe(1)
    expect(await runCli(['audit', '--kubeconfig', kubeconfig, '--context', 'down', '--context', 'nobody'])).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/^Error: none of the clusters can be read: .*"nobody"[^\n]*\n$/),
    })
  })

  test('compares ranges of clusters that are said to be connected, each pair once, and of no others', async () => {
    const { report } = await audit(['east', 'west'], '--connected', 'mesh', '--rule', 'OVL-308')
    expect(report.findings).toMatchObject([{ cluster: 'east', rule: 'OVL-308', addresses: expect.arrayContaining(['10.64.1.0/24', '10.64.2.0/24']) }])
    expect((await audit(['east', 'west'], '--rule', 'OVL-308')).report.findings).toEqual([])
  })

  test('does not compare a cluster with itself under another name', async () => {
    const { report, stderr } = await audit(['east', 'again'], '--connected', 'mesh', '--rule', 'OVL-308')
    expect(report.findings).toEqual([])
    expect(stderr).toContain('"east" and "again" show the same pods: they are one cluster')
  })

  test.each([
    [['--context', 'east', '--connected', 'mesh'], /give --context at least twice/],
    [['--context', 'east', '--context', 'west', '--cluster', 'east'], /--cluster would make all contexts one cluster/],
    [['--from', '.', '--context', 'east', '--context', 'west'], /--context is about a live cluster/],
  ])('refuses %j', async (flags, words) => {
    expect(await runCli(['audit', ...flags], { env: { KUBECONFIG: kubeconfig } })).toMatchObject({ code: 2, stderr: expect.stringMatching(words) })
  })
})
