import { execFileSync } from 'node:child_process'
import { symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { coverageLines, folderWith, NODE, OWNER, POD, readSource } from './read-source.ts'

const NETWORKS = 'var/lib/cni/networks'
const pods = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [POD, POD] })
const at = (iso: string): Date => new Date(iso)

describe('parts of a bundle', () => {
  test('each part is read as what it is; the rest is left alone', async () => {
    const root = folderWith({
      'cluster/pods.json': pods,
      'cluster/deep/er/nodes.yml': 'apiVersion: v1\nkind: Node\n',
      'cluster/README.md': 'never read',
      [`nodes/n2/${NETWORKS}/cbr0/10.244.2.2`]: OWNER,
      [`nodes/n1/${NETWORKS}/cbr0/10.244.1.2`]: OWNER,
      'nodes/n1/etc/cni/net.d/10-x.conflist': '{}',
      'nodes/n1/crictl-pods.json': '{"items":[]}',
      'nodes/n1/run/cni-ipam-state/kindnet': undefined,
      'nodes/n1/data/ipam/net/last_reserved_ip.0': '10.1.1.1',
      'nodes/.gitkeep': '',
      'peers/n1/weave-report.json': '{"Version":"2.8"}',
      'peers/n1/more/notes.txt': 'x',
      'external/office.csv': '\ufeffname,cidr\n',
      'cloud/subnets.json': '[]',
      'expected.json': 'never read',
      'notes/pods.json': 'never read',
    })
    const { objects, documents, files, nodes, states, summary } = await readSource({ from: [root] })
    expect(objects.map(({ kind, origin }) => `${kind} ${origin}`)).toEqual([
      'Node cluster/deep/er/nodes.yml',
      'Pod cluster/pods.json',
      'Pod cluster/pods.json',
    ])
    expect(nodes.map(({ node, origin }) => `${node} ${origin}`)).toEqual(['n1 nodes/n1', 'n2 nodes/n2'])
    expect(states.map(({ node, path, origin, entries }) => [node, path, origin, entries.map(({ name }) => name)])).toEqual([
      ['n1', 'data/ipam/net', 'nodes/n1/data/ipam/net', ['last_reserved_ip.0']],
      ['n1', 'run/cni-ipam-state/kindnet', 'nodes/n1/run/cni-ipam-state/kindnet', []],
      ['n1', `${NETWORKS}/cbr0`, `nodes/n1/${NETWORKS}/cbr0`, ['10.244.1.2']],
      ['n2', `${NETWORKS}/cbr0`, `nodes/n2/${NETWORKS}/cbr0`, ['10.244.2.2']],
    ])
    expect(files.map(({ area, node, path, text, origin }) => [area, node, path, text, origin])).toEqual([
      ['node', 'n1', 'crictl-pods.json', '{"items":[]}', 'nodes/n1/crictl-pods.json'],
      ['node', 'n1', 'etc/cni/net.d/10-x.conflist', '{}', 'nodes/n1/etc/cni/net.d/10-x.conflist'],
      ['peer', 'n1', 'more/notes.txt', 'x', 'peers/n1/more/notes.txt'],
      ['peer', 'n1', 'weave-report.json', '{"Version":"2.8"}', 'peers/n1/weave-report.json'],
      ['external', '', 'office.csv', 'name,cidr\n', 'external/office.csv'],
      ['cloud', '', 'subnets.json', '[]', 'cloud/subnets.json'],
    ])
    expect(JSON.stringify(documents)).not.toContain('never read')
    expect(summary.coverage).toEqual([])
    const ofN1 = documents.filter((document) => document.type !== 'object' && document.node === 'n1' && document.origin.startsWith('nodes/'))
    expect(ofN1.map(({ type }) => type)).toEqual(['node', 'file', 'file', 'state', 'state', 'state'])
  })

  test('any one part makes a bundle', async () => {
    for (const file of [
      'cluster/pods.json',
      `nodes/n1/${NETWORKS}/cbr0/lock`,
      'peers/n1/weave-report.json',
      'external/x.csv',
      'cloud/x.json',
      'bundle.json',
    ]) {
      const root = folderWith({ [file]: file === 'bundle.json' ? '{}' : pods, 'other.json': '{}' })
      expect((await readSource({ from: [root] })).summary.coverage).toEqual([])
    }
  })

  test('what has the wrong shape is named', async () => {
    const root = folderWith({
      'cluster/a.json': '',
      'cluster/b.json.gz': 'x',
      'cluster/bad.yaml': 'a: [',
      'nodes/n1.tgz': 'x',
      'external/x.csv': 'x',
      'nodes/n2/etc/big.json': 'x'.repeat((4 << 20) + 1),
    })
    symlinkSync('/etc/hostname', join(root, 'cluster/link.json'))
    symlinkSync('/etc/hostname', join(root, 'external/link.csv'))
    symlinkSync('/etc', join(root, 'nodes/n3'))
    execFileSync('mkfifo', [join(root, 'nodes/n2/etc/fifo'), join(root, 'cluster/fifo.json')])
    const { summary, files } = await readSource({ from: [root] })
    expect(coverageLines(summary)).toEqual([
      'cluster/a.json failed 0: is empty',
      'cluster/b.json.gz failed 0: is packed: unpack it first',
      'cluster/bad.yaml failed 0: is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 5',
      'cluster/fifo.json failed 0: is a FIFO, not a regular file; it was not read',
      'cluster/link.json failed 0: is a symbolic link, not a regular file; it was not read',
      'nodes/n1.tgz failed 0: is a file, not a folder; each node has a folder of its own here, and this was not read',
      'nodes/n3 failed 0: is a symbolic link, not a folder; each node has a folder of its own here, and this was not read',
      'nodes/n2/etc/big.json partial 0: is larger than 4 MiB, the limit for a file of this kind; it was not read',
      'nodes/n2/etc/fifo partial 0: is a FIFO and was not read',
      'external/link.csv failed 0: is a symbolic link, not a regular file; it was not read',
    ])
    expect(files.map(({ path }) => path)).toEqual(['x.csv'])
  })
})

describe('bundle.json', () => {
  const described = async (text: string) => (await readSource({ from: [folderWith({ 'bundle.json': text, 'cluster/pods.json': pods })] })).summary

  test('gives name, time and completeness', async () => {
    const sources = [
      { source: 'pods', status: 'complete' },
      { source: 'nodes/n1', status: 'forbidden' },
      { source: 'ippools', status: 'absent' },
    ]
    const summary = await described(
      JSON.stringify({ apiVersion: 'ipam/v1', kind: 'Bundle', cluster: 'prod-eu', collectedAt: '2026-11-23T12:00:00Z', complete: false, sources }),
    )
    expect(summary).toMatchObject({
      coverage: [
        { source: 'nodes/n1', status: 'forbidden', read: 0, error: null },
        { source: 'ippools', status: 'absent', read: 0, error: null },
      ],
      name: 'prod-eu',
      collectedAt: Date.parse('2026-11-23T12:00:00Z'),
    })
    expect(await described('{"complete":true}')).toMatchObject({ collectedAt: undefined, coverage: [] })
    const unexplained = { source: 'bundle.json', status: 'partial', read: 0, error: 'says that the collection was not complete', anyKind: true }
    expect((await described('{"complete":false}')).coverage).toEqual([unexplained])
    expect((await described('{"complete":false,"sources":[{"source":"pods","status":"complete","read":3}]}')).coverage).toEqual([unexplained])
  })

  test.each([
    ['{', "is not valid JSON: Expected property name or '}' in JSON at position 1"],
    ['[]', 'is not a JSON object'],
    ['{"kind":"List"}', 'says apiVersion "ipam/v1", kind "List"; only ipam/v1 Bundle is known'],
    ['{"apiVersion":"ipam/v2"}', 'says apiVersion "ipam/v2", kind "Bundle"; only ipam/v1 Bundle is known'],
    ['{"collectedAt":"yesterday"}', '"collectedAt" is "yesterday", not a time like "2026-11-23T12:00:00Z"'],
    ['{"collectedAt":1790052775}', '"collectedAt" is 1790052775, not a time like "2026-11-23T12:00:00Z"'],
    ['{"complete":"yes"}', '"complete" is neither true nor false'],
    ['{"cluster":{}}', '"cluster" is not a text'],
  ])('malformed: %s', async (text, error) => {
    expect((await described(text)).coverage).toEqual([
      { source: 'bundle.json', status: 'failed', read: 0, error: expect.stringContaining(error), anyKind: true },
    ])
  })
})

test('the newest time of the cluster files is the fall-back for the time of collection', async () => {
  const root = folderWith({ 'cluster/a.json': pods, 'cluster/b.json': pods, [`nodes/n1/${NETWORKS}/cbr0/lock`]: '' })
  utimesSync(join(root, 'cluster/a.json'), at('2026-11-20T00:00:00Z'), at('2026-11-20T00:00:00Z'))
  utimesSync(join(root, 'cluster/b.json'), at('2026-11-21T00:00:00Z'), at('2026-11-21T00:00:00Z'))
  expect((await readSource({ from: [root] })).summary.newestFile).toBe(Date.parse('2026-11-21T00:00:00Z'))
})

describe('times of a node in a bundle', () => {
  const node = async (stat: string | undefined, times: Readonly<Record<string, string>>) => {
    const path = (name: string): string => `nodes/n1/${NETWORKS}/cbr0/${name}`
    const root = folderWith({
      ...Object.fromEntries(Object.keys(times).map((name) => [path(name), OWNER])),
      ...(stat === undefined ? {} : { 'nodes/n1/stat.json': stat }),
      'cluster/a.json': pods,
    })
    for (const [name, time] of Object.entries(times)) utimesSync(join(root, path(name)), at(time), at(time))
    const { nodes, states, summary } = await readSource({ from: [root] })
    return { ...nodes[0], mtimes: states[0]?.entries.map(({ mtime }) => new Date(mtime).toISOString()).sort(), coverage: coverageLines(summary) }
  }
  const spread = { '10.244.1.2': '2026-11-20T00:00:00Z', '10.244.1.3': '2026-11-20T00:01:01Z' }
  const together = { '10.244.1.2': '2026-11-20T00:00:00Z', '10.244.1.3': '2026-11-20T00:01:00Z', lock: '2026-11-01T00:00:00Z' }

  test('without stat.json: times more than a minute apart are their own, others came from copying', async () => {
    expect(await node(undefined, spread)).toMatchObject({
      collectedAt: Date.parse(spread['10.244.1.3']),
      collectedAtKnown: false,
      timesKnown: true,
      bootTime: undefined,
    })
    expect(await node(undefined, together)).toMatchObject({ timesKnown: false })
    expect(await node(undefined, { '10.244.1.2': '2026-11-20T00:00:00Z', 'last_reserved_ip.0': '2026-11-01T00:00:00Z' })).toMatchObject({
      timesKnown: false,
    })
  })

  test('with stat.json its times count, to the microsecond that it has', async () => {
    const mtime = '2026-11-02T10:00:00.123456Z'
    const stat = {
      collectedAt: '2026-11-25T20:07:33.558628Z',
      bootTime: '2026-11-23T18:07:33Z',
      files: { [`${NETWORKS}/cbr0/10.244.1.2`]: { mtime, size: 70, mode: '0600' } },
    }
    expect(await node(JSON.stringify(stat), together)).toMatchObject({
      collectedAt: Date.parse('2026-11-25T20:07:33.558Z'),
      collectedAtKnown: true,
      bootTime: Date.parse('2026-11-23T18:07:33Z'),
      timesKnown: true,
      mtimes: ['2026-11-01T00:00:00.000Z', '2026-11-02T10:00:00.123Z', '2026-11-20T00:01:00.000Z'],
      coverage: [],
    })
  })

  test('a stat.json that lists no allocation file says nothing about their times', async () => {
    expect(await node('{"collectedAt":"2026-11-25T20:07:33Z"}', together)).toMatchObject({ collectedAtKnown: true, timesKnown: false })
    expect(await node('{"bootTime":"2026-11-25T20:07:33Z"}', spread)).toMatchObject({ collectedAtKnown: false, timesKnown: true })
  })

  test.each([
    ['{"files":', 'is not valid JSON: Unexpected end of JSON input'],
    ['[]', 'is not a JSON object'],
    ['{"files":[]}', '"files" is not an object'],
    ['{"files":{"a":1}}', '"files" has "a", which is not an object'],
    ['{"files":{"a":{"mtime":"x"}}}', '"files["a"].mtime" is "x", not a time like "2026-11-23T12:00:00Z"'],
    ['{"bootTime":true}', '"bootTime" is true, not a time like "2026-11-23T12:00:00Z"'],
  ])('malformed: %s', async (text, error) => {
    const read = await node(text, spread)
    expect(read.coverage).toEqual([`nodes/n1/stat.json partial 0: ${error}; the files' own times are used instead`])
    expect(read).toMatchObject({ collectedAtKnown: false, timesKnown: true, bootTime: undefined })
  })
})

test('origins of several bundles are kept apart', async () => {
  const [a, b] = [
    folderWith({ 'cluster/pods.json': JSON.stringify(POD) }),
    folderWith({ 'cluster/nodes.json': JSON.stringify(NODE), 'bundle.json': '{"cluster":"prod"}' }),
  ]
  const { objects, summary } = await readSource({ from: [`${a}/`, b] })
  expect(objects.map(({ origin }) => origin)).toEqual([`${a}/cluster/pods.json`, `${b}/cluster/nodes.json`])
  expect(summary.name).toBe(`${a.slice(a.lastIndexOf('/') + 1)}, prod`)
})
