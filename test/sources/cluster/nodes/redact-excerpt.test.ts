// What `ipam collect --nodes --redact` writes: no name is left in any path or file, and the audit finds the same.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { NodeFile } from '../../../../src/sources/cluster/nodes/node-excerpt.ts'
import { redactExcerpt } from '../../../../src/sources/cluster/nodes/redact-excerpt.ts'
import { redactCoverage } from '../../../../src/sources/cluster/redact-coverage.ts'
import { nameHider } from '../../../../src/sources/cluster/redact-object.ts'
import { readCases } from '../../../corpus/read-cases.ts'
import { findingsIn } from '../../../corpus/run-case.ts'
import { filesBelow, redactedBundle } from './redacted-bundle.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-redact-nodes-'))
afterAll(() => rmSync(folder, { recursive: true }))

const captures = new URL('../../../../fixtures/captures', import.meta.url).pathname
const hasNodes = (path: string | undefined): path is string => path !== undefined && existsSync(join(path, 'nodes'))
const captured = ['kubelet-containerd', 'host-local'].flatMap((system) =>
  readdirSync(join(captures, system)).map((name) => ({
    name: `${system}/${name}`,
    path: join(captures, system, name),
    args: ['--now', '2026-11-24T00:00:00Z'],
  })),
)
const corpus = readCases().flatMap(({ name, paths, args }) =>
  (['faulty', 'silent'] as const).flatMap((side) => (hasNodes(paths[side]) ? [{ name: `${name}/${side}`, path: paths[side] as string, args }] : [])),
)

/** Every cluster has these, or they are words of the format itself. */
const PUBLIC = new Set(['kube-system', 'default', 'kubernetes', 'kube-flannel'])
/** As a word: `b-0` inside of a uid is nobody's name. */
const holdsName = (text: string, name: string): boolean => new RegExp(`(?<![A-Za-z0-9-])${name.replaceAll('.', '\\.')}(?![A-Za-z0-9-])`).test(text)

test.each([...captured, ...corpus])('$name', async ({ name, path, args }) => {
  const hider = nameHider(Buffer.from('key'))
  const hidden = join(folder, name)
  const names = await redactedBundle(path, hidden, hider)
  const written = filesBelow(hidden).filter(({ path: file }) => !/^(peers|external|cloud)\//.test(file.toString()))
  const text = written.map(({ path: file, content }) => `${file.toString('latin1')}\n${content?.toString('latin1') ?? ''}`).join('\n')
  expect([...names].filter((each) => !PUBLIC.has(each) && holdsName(text, each))).toEqual([])
  const faults = async (bundle: string, nodeName: (node: string) => string) =>
    (await findingsIn(bundle, args))
      .map(
        ({ rule, severity, confidence, addresses, nodes }) =>
          `${rule} ${severity} ${confidence} ${addresses.toSorted()} ${nodes.map(nodeName).sort()}`,
      )
      .sort()
  expect(await faults(hidden, (node) => node)).toEqual(await faults(path, hider.name))
})

const hider = nameHider(Buffer.from('key'))
/** One file of node `canary-node`, as it is saved. */
function saved(path: string | Buffer, content: string, ...others: readonly NodeFile[]): readonly [path: string, content: string] {
  const files = [{ path: Buffer.from(path as string), content: Buffer.from(content, 'latin1') }, ...others]
  const [file] = redactExcerpt(hider, 'canary-node', { files, stat: { collectedAt: '', files: {} }, problems: [] }).excerpt.files
  return [file?.path.toString('latin1') ?? '', file?.content?.toString('latin1') ?? '']
}
const id = '9f3c'.repeat(16)
const state = 'var/lib/cni/networks'
const conf = (content: object) => saved('etc/cni/net.d/10-x.conf', JSON.stringify(content))

test.each<[string, readonly [string, string], string, string]>([
  ['an allocation', saved(`${state}/cbr0/10.1.0.2`, `${id}\r\neth0`), `${state}/cbr0/10.1.0.2`, `${id}\r\neth0`],
  ['an owner of nerdctl', saved(`${state}/bridge/10.1.0.2`, `canary-${id}`), `${state}/bridge/10.1.0.2`, `${hider.name('canary')}-${id}`],
  ['an owner that a person made', saved(`${state}/cbr0/10.1.0.2`, 'canary'), `${state}/cbr0/10.1.0.2`, hider.name('canary')],
  ['an owner that is junk', saved(`${state}/cbr0/10.1.0.2`, 'canary of shop'), `${state}/cbr0/10.1.0.2`, `? ${hider.name('canary of shop')}`],
  ['line feeds only', saved(`${state}/cbr0/10.1.0.2`, `${id}\neth0\n`), `${state}/cbr0/10.1.0.2`, `${id}\neth0`],
  ['zeros', saved(`${state}/cbr0/10.1.0.2`, '\0\0'), `${state}/cbr0/10.1.0.2`, '\0\0'],
  ['too large a file', saved(`${state}/cbr0/10.1.0.2`, 'canary'.repeat(800)), `${state}/cbr0/10.1.0.2`, 'x'.repeat(4800)],
  ['a cursor', saved(`${state}/cbr0/last_reserved_ip.0`, '10.1.0.2\n'), `${state}/cbr0/last_reserved_ip.0`, '10.1.0.2\n'],
  ['a cursor that is none', saved(`${state}/cbr0/last_reserved_ip.0`, 'canary'), `${state}/cbr0/last_reserved_ip.0`, hider.name('canary')],
  ['a network', saved(`${state}/canary/10.1.0.2`, id), `${state}/${hider.name('canary')}/10.1.0.2`, id],
  ['a network of podman', saved(`${state}/podman-canary/lock`, 'canary'), `${state}/podman${hider.name('-canary')}/lock`, ''],
  ['what may not be a network', saved(`${state}/a canary/10.1.0.2`, id), `${state}/?${hider.name('a canary')}/10.1.0.2`, id],
  ['a stray file', saved(`${state}/cbr0/canary.bak`, 'canary'), `${state}/cbr0/${hider.name('canary.bak')}`, ''],
  ['a name of odd bytes', saved(Buffer.from(`${state}/cbr0/canary\xff`, 'latin1'), 'canary'), `${state}/cbr0/${hider.name('canary\xff')}\xff`, ''],
  [
    'a data directory of its own',
    saved('opt/canary-node/nets/canary/10.1.0.2', id, {
      path: Buffer.from('etc/cni/net.d/10-x.conf'),
      content: Buffer.from('{"ipam":{"dataDir":"/opt/canary-node/nets/"}}'),
    }),
    `opt/${hider.name('canary-node')}/nets/${hider.name('canary')}/10.1.0.2`,
    id,
  ],
  ['a place that nothing names', saved('opt/canary/10.1.0.2', id), `${hider.name('opt')}/${hider.name('canary')}/10.1.0.2`, id],
  ['a configuration named after the node', saved('etc/cni/net.d/10-canary-node.conf', ''), `etc/cni/net.d/10-${hider.name('canary-node')}.conf`, ''],
  ['a configuration that is no JSON', saved('etc/cni/net.d/10-x.conf', '{canary'), 'etc/cni/net.d/10-x.conf', '{ this was not valid JSON\n'],
  [
    "flannel's ranges",
    saved('run/flannel/subnet.env', 'FLANNEL_SUBNET=10.1.0.1/24\nNODE=canary\n'),
    'run/flannel/subnet.env',
    'FLANNEL_SUBNET=10.1.0.1/24\n',
  ],
  [
    "docker's bridge",
    saved('etc/docker/daemon.json', '{"bip":"172.17.0.1/16","labels":["canary"]}'),
    'etc/docker/daemon.json',
    '{"bip":"172.17.0.1/16"}\n',
  ],
  ['a list of sandboxes that is none', saved('crictl-pods.json', 'canary'), 'crictl-pods.json', '{}\n'],
])('%s', (_, [path, content], wantedPath, wanted) => {
  expect([path, content]).toEqual([wantedPath, wanted])
})

test('a configuration keeps what says which addresses are given out, and nothing of others’ keys', () => {
  const kept = { cniVersion: '1.0.0', type: 'bridge', bridge: 'cni0', ipMasq: true, mtu: 1500 }
  const ipam = { type: 'host-local', ranges: [[{ subnet: '10.1.0.0/24', rangeStart: '10.1.0.9' }], [{ subnet: 'usePodCidr' }]], dataDir: '/run/nets' }
  const canary = { nodename: 'canary', kubernetes: { kubeconfig: '/etc/canary' }, policy: { type: 'k8s', canary: 1 }, args: { labels: ['canary'] } }
  const [, text] = conf({ ...kept, ...canary, name: 'canary-net', ipam: { ...ipam, resolvConf: '/etc/canary', exclude: ['canary', '10.1.0.0/30'] } })
  expect(JSON.parse(text)).toEqual({ ...kept, name: hider.network('canary-net'), ipam: { ...ipam, exclude: [hider.name('canary'), '10.1.0.0/30'] } })
  expect(hider.object('NetworkAttachmentDefinition', { spec: { config: '{"name":"canary-net"}' } })).toMatchObject({
    spec: { config: JSON.stringify({ name: hider.network('canary-net') }) },
  })
})

test('the cache and the list of sandboxes name a pod by the hashes of its own object', () => {
  const pod = hider.object('Pod', { metadata: { name: 'web-0', namespace: 'shop' } })['metadata'] as { name: string; namespace: string }
  const args = [
    ['K8S_POD_NAMESPACE', 'shop'],
    ['K8S_POD_NAME', 'web-0'],
    ['K8S_POD_UID', 'u-1'],
    ['OTHER', 'canary'],
  ]
  const result = { ips: [{ address: '10.1.0.2/24' }], dns: { search: ['shop.svc.canary'] } }
  const cache = { containerId: id, ifName: 'eth0', networkName: 'cbr0', cniArgs: args, capabilityArgs: { canary: 'web-0' }, result }
  const [path, text] = saved(`var/lib/cni/results/canary-${id}-eth0`, JSON.stringify(cache))
  expect([path, text].join()).not.toMatch(/canary|shop|web-0/)
  expect(JSON.parse(text)).toMatchObject({
    containerId: id,
    networkName: 'cbr0',
    cniArgs: [
      ['K8S_POD_NAMESPACE', pod.namespace],
      ['K8S_POD_NAME', pod.name],
      ['K8S_POD_UID', 'u-1'],
    ],
    result: { ips: [{ address: '10.1.0.2/24' }] },
  })
  const labels = { 'io.kubernetes.pod.name': 'web-0', 'io.kubernetes.pod.namespace': 'shop', app: 'canary' }
  const listed = {
    id,
    metadata: { name: 'web-0', uid: 'u-1', attempt: 1 },
    state: 'SANDBOX_READY',
    createdAt: '17',
    labels,
    annotations: { a: 'canary' },
  }
  expect(JSON.parse(saved('crictl-pods.json', JSON.stringify({ items: [listed] }))[1])).toEqual({
    items: [{ id, metadata: { name: pod.name, namespace: pod.namespace, uid: 'u-1', attempt: 1 }, state: 'SANDBOX_READY', createdAt: '17' }],
  })
})

test('times go with the files that were renamed', () => {
  const path = `${state}/canary/10.1.0.2`
  const time = { mtime: '2026-01-01T00:00:00Z', size: 64, mode: '0600' }
  const stat = { collectedAt: '2026-01-02T00:00:00Z', bootTime: '2026-01-01T00:00:00Z', files: { [path]: time } }
  const { excerpt, node } = redactExcerpt(hider, 'n', { files: [{ path: Buffer.from(path), content: Buffer.from(id) }], stat, problems: [] })
  expect([node, excerpt.stat]).toEqual([hider.name('n'), { ...stat, files: { [`${state}/${hider.name('canary')}/10.1.0.2`]: time } }])
})

test('what is missing is said without names', () => {
  const said = (source: string, error: string) => redactCoverage(hider, { source, status: 'partial', read: 1, error })
  expect(said('nodes/canary', 'its pod: canary')).toEqual({
    source: `nodes/${hider.name('canary')}`,
    status: 'partial',
    read: 1,
    error: 'the reason is left out by --redact',
  })
  expect(said('pods', 'only namespace "canary" was asked for').error).toBe(`only namespace "${hider.name('canary')}" was asked for`)
})
