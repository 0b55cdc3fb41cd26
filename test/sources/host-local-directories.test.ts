import { mkdirSync, symlinkSync, utimesSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { directorySource } from '../../src/sources/directory.ts'
import { coverageLines, folderWith, OWNER, readSource } from './read-source.ts'

const NETWORKS = 'var/lib/cni/networks'
const at = (iso: string): Date => new Date(iso)

/** A node's root with one network and everything that is read beside it. */
const nodeRoot = (more: Readonly<Record<string, string | undefined>> = {}): string =>
  folderWith({
    [`${NETWORKS}/cbr0/10.244.1.2`]: OWNER,
    'etc/cni/net.d/10-cbr0.conflist': '{"name":"cbr0"}',
    'run/flannel/subnet.env': 'FLANNEL_SUBNET=10.244.1.1/24',
    'var/lib/cni/results/cbr0-c1-eth0': '{}',
    'run/cni-ipam-state/kindnet/lock': '',
    'crictl-pods.json': '{"items":[]}',
    'etc/docker/daemon.json': '{}',
    'etc/shadow': 'canary',
    'var/lib/other/10.9.0.1': 'canary',
    ...more,
  })

describe('what DIR may be', () => {
  test('the parent of networks in its usual place: the rest of the node is read beside it, and nothing else', async () => {
    const root = nodeRoot()
    const { files, states, nodes, documents, summary } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS) }] })
    expect(documents.map(({ type }) => type)).toEqual(['node', 'file', 'file', 'file', 'file', 'file', 'state', 'state'])
    expect(files.map(({ path, area, node, origin }) => [path, area, node, origin])).toEqual(
      [
        'etc/cni/net.d/10-cbr0.conflist',
        'var/lib/cni/results/cbr0-c1-eth0',
        'run/flannel/subnet.env',
        'etc/docker/daemon.json',
        'crictl-pods.json',
      ].map((path) => [path, 'node', 'n1', join(root, path)]),
    )
    expect(files[0]?.text).toBe('{"name":"cbr0"}')
    expect(states.map(({ path, node, origin, entries }) => [path, node, origin, entries.length])).toEqual([
      [`${NETWORKS}/cbr0`, 'n1', join(root, NETWORKS, 'cbr0'), 1],
      ['run/cni-ipam-state/kindnet', 'n1', join(root, 'run/cni-ipam-state/kindnet'), 1],
    ])
    expect(nodes[0]?.origin).toBe(root)
    expect(summary).toMatchObject({ coverage: [], name: 'n1', collectedAt: undefined, newestFile: undefined })
    expect(JSON.stringify(documents)).not.toContain('canary')
  })

  test('one network in its usual place: only that network, with the evidence', async () => {
    const root = nodeRoot({ [`${NETWORKS}/other/10.7.0.1`]: OWNER })
    const { files, states } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS, 'cbr0/') }] })
    expect(states.map(({ path }) => path)).toEqual([`${NETWORKS}/cbr0`])
    expect(files).toHaveLength(5)
  })

  test('kindnet and antrea keep theirs elsewhere', async () => {
    const root = nodeRoot({ 'var/run/antrea/cni/networks/antrea/10.8.0.1': OWNER })
    const { states, nodes } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, 'var/run/antrea/cni/networks') }] })
    expect(nodes[0]?.origin).toBe(root)
    expect(states.map(({ path }) => path)).toEqual(['var/run/antrea/cni/networks/antrea', `${NETWORKS}/cbr0`, 'run/cni-ipam-state/kindnet'])
  })

  test('any other place: the networks alone, under their absolute path', async () => {
    const root = nodeRoot({ 'data/a/10.7.0.1': OWNER, 'data/b': undefined, 'data/c/readme': 'x' })
    const dir = join(root, 'data')
    const { files, states, nodes, summary } = await readSource({ hostLocal: [{ node: 'n1', dir }] })
    expect(states.map(({ path, origin }) => [path, origin])).toEqual(['a', 'b'].map((name) => [join(dir, name).slice(1), join(dir, name)]))
    expect(files).toEqual([])
    expect(nodes[0]).toMatchObject({ collectedAtKnown: false, bootTime: undefined })
    expect(summary.coverage).toEqual([])
    const network = await readSource({ hostLocal: [{ node: 'n1', dir: join(dir, 'a') }] })
    expect(network.states.map(({ path, entries }) => [path, entries.length])).toEqual([[join(dir, 'a').slice(1), 1]])
  })

  test.each(['data', NETWORKS])('an empty directory is a state of no entries: %s', async (path) => {
    const dir = join(folderWith({ [path]: undefined }), path)
    const { states, nodes, summary } = await readSource({ hostLocal: [{ node: 'n1', dir }] })
    expect(states).toMatchObject([{ entries: [], error: undefined, origin: dir }])
    expect(nodes).toHaveLength(1)
    expect(summary.coverage).toEqual([])
  })

  test('a folder of something else is refused, and nothing in it is read', async () => {
    const root = nodeRoot()
    const { documents, summary } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, 'etc') }] })
    expect(documents.map(({ type }) => type)).toEqual(['node'])
    expect(coverageLines(summary)).toEqual([
      `${root}/etc failed 0: holds no state of host-local: give the parent of network directories (/var/lib/cni/networks on most nodes), or one with "lock", "last_reserved_ip.0" or files named by addresses`,
    ])
  })

  test('missing, or a file', async () => {
    const root = nodeRoot()
    const { documents, summary } = await readSource({
      hostLocal: [
        { node: 'n1', dir: '/nope/networks' },
        { node: 'n1', dir: join(root, 'crictl-pods.json') },
      ],
    })
    expect(documents).toEqual([])
    expect(coverageLines(summary)).toEqual([
      '/nope/networks failed 0: ENOENT: no such file or directory: check the path',
      `${root}/crictl-pods.json failed 0: is not a directory: check the path`,
    ])
    expect(summary.name).toBe('networks, crictl-pods.json')
  })
})

describe('nodes', () => {
  test('without a name it is this machine; an empty name is refused', async () => {
    const root = nodeRoot()
    const { states, summary } = await readSource({ hostLocal: [{ node: undefined, dir: join(root, NETWORKS) }] })
    expect(new Set(states.map(({ node }) => node))).toEqual(new Set([hostname()]))
    expect(summary.name).toBe(hostname())
    expect(() => directorySource({ from: [], hostLocal: [{ node: '', dir: '/x' }] })).toThrow(
      '--host-local "=/x" has no node name before "=": write NODE=DIR',
    )
  })

  test('several directories of one node make one node, several nodes are kept apart, and what comes twice is read once', async () => {
    const [a, b] = [nodeRoot(), nodeRoot()]
    const { nodes, states, files } = await readSource({
      hostLocal: [
        { node: 'a', dir: join(a, NETWORKS) },
        { node: 'a', dir: join(a, 'run/cni-ipam-state') },
        { node: 'b', dir: join(b, NETWORKS, 'cbr0') },
        { node: 'a', dir: join(a, NETWORKS) },
      ],
    })
    expect(nodes.map(({ node, origin }) => [node, origin])).toEqual([
      ['a', a],
      ['b', b],
    ])
    expect(states.map(({ node, path }) => `${node} ${path}`)).toEqual([`a ${NETWORKS}/cbr0`, 'a run/cni-ipam-state/kindnet', `b ${NETWORKS}/cbr0`])
    expect(files).toHaveLength(10)
  })
})

describe('links (row 34)', () => {
  test('a linked DIR is resolved; its usual place still tells where the root is', async () => {
    const elsewhere = folderWith({ 'store/cbr0/10.244.1.2': OWNER })
    const root = folderWith({ 'var/lib/cni': undefined, 'etc/cni/net.d/10-x.conf': '{}' })
    symlinkSync(join(elsewhere, 'store'), join(root, NETWORKS))
    const { states, files } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS) }] })
    expect(states.map(({ path, entries }) => [path, entries.length])).toEqual([[`${NETWORKS}/cbr0`, 1]])
    expect(files.map(({ path }) => path)).toEqual(['etc/cni/net.d/10-x.conf'])
  })

  test('a linked network is not followed', async () => {
    const elsewhere = folderWith({ '10.9.0.1': 'canary' })
    const root = nodeRoot()
    symlinkSync(elsewhere, join(root, NETWORKS, 'linked'))
    const { documents, summary } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS) }] })
    expect(JSON.stringify(documents)).not.toContain('canary')
    expect(coverageLines(summary)).toEqual([
      `${join(root, NETWORKS)}/linked partial 0: is a symbolic link and was not followed: give its target with --host-local`,
    ])
  })

  test('configuration may be linked inside the root, where an absolute link means the root of the node', async () => {
    const outside = folderWith({ secret: 'canary' })
    const root = nodeRoot({ 'opt/cni/conf.json': '{"name":"linked"}' })
    symlinkSync('/opt/cni/conf.json', join(root, 'etc/cni/net.d/20-absolute.conf'))
    symlinkSync('../../../opt/cni/conf.json', join(root, 'etc/cni/net.d/30-relative.conf'))
    symlinkSync(join(outside, 'secret'), join(root, 'etc/cni/net.d/40-outside.conf'))
    symlinkSync(join('../../../..', outside, 'secret'), join(root, 'etc/cni/net.d/50-outside.conf'))
    symlinkSync('nowhere', join(root, 'etc/cni/net.d/60-dangling.conf'))
    mkdirSync(join(root, 'var/run'))
    symlinkSync('../../run/cni-ipam-state', join(root, 'var/run/cni-ipam-state'))
    const { documents, files, states, summary } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS) }] })
    expect(files.filter(({ path }) => path.startsWith('etc/cni')).map(({ path, text }) => [path, text])).toEqual([
      ['etc/cni/net.d/10-cbr0.conflist', '{"name":"cbr0"}'],
      ['etc/cni/net.d/20-absolute.conf', '{"name":"linked"}'],
      ['etc/cni/net.d/30-relative.conf', '{"name":"linked"}'],
    ])
    expect(JSON.stringify(documents)).not.toContain('canary')
    expect(states.map(({ path }) => path)).toEqual([`${NETWORKS}/cbr0`, 'run/cni-ipam-state/kindnet'])
    expect(coverageLines(summary)).toEqual(
      ['40-outside', '50-outside', '60-dangling'].map(
        (name) => `${root}/etc/cni/net.d/${name}.conf partial 0: is a symbolic link whose target is not among the files given, so it was not read`,
      ),
    )
  })

  test('evidence that a link leads out of the root is not read', async () => {
    const outside = folderWith({ '10-x.conf': 'canary' })
    const root = folderWith({ [`${NETWORKS}/cbr0/10.244.1.2`]: OWNER, 'etc/cni': undefined })
    symlinkSync(outside, join(root, 'etc/cni/net.d'))
    expect((await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS) }] })).files).toEqual([])
  })
})

describe('time', () => {
  const two = (first: string, second: string, more: Readonly<Record<string, string>> = {}): string => {
    const root = folderWith({ [`${NETWORKS}/cbr0/10.244.1.2`]: OWNER, [`${NETWORKS}/cbr0/10.244.1.3`]: OWNER, ...more })
    utimesSync(join(root, NETWORKS, 'cbr0/10.244.1.2'), at(first), at(first))
    utimesSync(join(root, NETWORKS, 'cbr0/10.244.1.3'), at(second), at(second))
    return root
  }
  const nodeOf = async (root: string) => (await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS) }] })).nodes[0]

  test('the running machine tells its own time and boot', async () => {
    const root = two('2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z', { 'proc/stat': 'cpu 1 2 3\nbtime 1795456834\nprocesses 7\n' })
    const before = Date.now()
    const node = await nodeOf(root)
    expect(node).toMatchObject({ collectedAtKnown: true, timesKnown: true, bootTime: 1_795_456_834_000 })
    expect(node?.collectedAt).toBeGreaterThanOrEqual(before)
    expect(node?.collectedAt).toBeLessThanOrEqual(Date.now())
  })

  test('a disk of another machine is believed unless its times are as good as equal', async () => {
    const apart = await nodeOf(two('2026-11-20T00:00:00Z', '2026-11-20T00:00:03Z'))
    expect(apart).toMatchObject({ collectedAt: at('2026-11-20T00:00:03Z').getTime(), collectedAtKnown: false, timesKnown: true, bootTime: undefined })
    expect(await nodeOf(two('2026-11-20T00:00:00Z', '2026-11-20T00:00:02Z'))).toMatchObject({ timesKnown: false })
    expect(await nodeOf(folderWith({ [`${NETWORKS}/cbr0/10.244.1.2`]: OWNER }))).toMatchObject({ timesKnown: true })
  })

  test('stat.json at the root goes before the times of the files', async () => {
    const stat = {
      collectedAt: '2026-11-25T20:00:00.5Z',
      bootTime: '2026-11-01T00:00:00Z',
      files: { [`/${NETWORKS}/cbr0/10.244.1.2`]: { mtime: '2026-11-02T00:00:00Z' } },
    }
    const root = two('2026-11-20T00:00:00Z', '2026-11-20T00:00:00Z', { 'stat.json': JSON.stringify(stat) })
    const { nodes, states, files } = await readSource({ hostLocal: [{ node: 'n1', dir: join(root, NETWORKS) }] })
    expect(nodes).toMatchObject([
      { collectedAt: Date.parse(stat.collectedAt), collectedAtKnown: true, bootTime: Date.parse(stat.bootTime), timesKnown: true },
    ])
    expect(states[0]?.entries.map(({ name, mtime }) => [name, mtime]).sort()).toEqual([
      ['10.244.1.2', Date.parse('2026-11-02T00:00:00Z')],
      ['10.244.1.3', Date.parse('2026-11-20T00:00:00Z')],
    ])
    expect(files).toEqual([])
  })
})
