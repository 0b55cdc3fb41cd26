// Plans against what a cluster holds, and what another value would change.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import Plan from '../../src/commands/plan.ts'
import { runCommand } from '../cli/run-command.ts'
import { runCli } from '../run-cli.ts'

const root = mkdtempSync(join(tmpdir(), 'ipam-plan-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const node = (name: string, day: number, podCIDRs: readonly string[], pods = '97') => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, creationTimestamp: `2026-0${day}-01T00:00:00Z` },
  spec: { podCIDR: podCIDRs[0], podCIDRs },
  status: { allocatable: { pods } },
})
const controller = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
  data: { ClusterConfiguration: 'networking:\n  podSubnet: 10.66.0.0/20\n  serviceSubnet: 10.67.0.0/20\n' },
}
function bundle(...items: readonly object[]): string {
  const path = join(root, `${Math.random()}.json`)
  writeFileSync(path, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }))
  return path
}
const cluster = bundle(node('old', 1, ['10.66.3.0/24']), node('young', 2, ['10.66.0.0/24']), controller)

const plan = async (...args: readonly string[]) => {
  const { code, stdout, stderr } = await runCommand(Plan, [...args, '-o', 'json', '--now', '2026-11-23T12:00:00Z'])
  return { code, stderr, report: stdout === '' ? undefined : JSON.parse(stdout) }
}

describe('--from', () => {
  test('takes ranges, pods and nodes from the cluster, and moves nothing', async () => {
    const { code, report } = await plan('--from', cluster)
    expect(code).toBe(0)
    expect(report.spec).toMatchObject({ clusterCidrs: ['10.66.0.0/20'], serviceCidrs: ['10.67.0.0/20'], maxPods: 97, nodePrefixes: [24] })
    expect(report.nodes).toMatchObject([
      { name: 'old', subnets: ['10.66.3.0/24'] },
      { name: 'young', subnets: ['10.66.0.0/24'] },
    ])
    expect(report.changes).toEqual({ kept: 2, new: 0, renumber: 0, retired: [], gained: [], nodes: [], whatIf: null })
  })
  test('a number of nodes counts those that are there', async () => {
    const { report } = await plan('--from', cluster, '--nodes', '4')
    expect(report.changes.nodes).toEqual([
      { node: 'new-1', change: 'new', from: [], to: ['10.66.1.0/24'], why: '' },
      { node: 'new-2', change: 'new', from: [], to: ['10.66.2.0/24'], why: '' },
    ])
  })
  test('a retired range is named, and exits 1 because nodes must move', async () => {
    const { code, report } = await plan('--from', cluster, '--cluster-cidr', '10.88.0.0/16', '--node-prefix', '24')
    expect(code).toBe(1)
    expect(report.changes).toMatchObject({ kept: 0, renumber: 2, retired: ['10.66.0.0/20'], gained: ['10.88.0.0/16'] })
    expect((await plan('--from', cluster, '--cluster-cidr', '10.89.0.0/16', '--fail-on', 'never')).code).toBe(0)
  })
  test.each([
    ['cilium/clean-cluster-pool', { kept: 3, new: 0, renumber: 0 }],
    ['cilium/clean-cluster-pool-dual-stack', { new: 0, renumber: 0 }],
    ['cilium/cluster-pool-exhausted', { new: 1, renumber: 0 }],
    ['calico/clean', { kept: 4, new: 0, renumber: 0 }],
    ['host-local/clean-dual-stack', { kept: 3, new: 0, renumber: 0 }],
  ])('a healthy cluster is never told to renumber: %s', async (capture, changes) => {
    const { report } = await plan('--from', new URL(`../../fixtures/captures/${capture}`, import.meta.url).pathname, '--fail-on', 'never')
    expect(report.changes).toMatchObject(changes)
  })
  test('the size of blocks is taken from blocks where no pool tells it', async () => {
    const { report } = await plan('--from', new URL('../../fixtures/captures/calico/clean', import.meta.url).pathname, '--fail-on', 'never')
    expect(report.spec).toMatchObject({ profile: 'calico', nodePrefixes: [29] })
  })
  test('the plan can be kept by the next one', async () => {
    const path = join(root, 'first.json')
    await runCommand(Plan, ['--from', cluster, '--nodes', '3', '-o', `json=${path}`, '-q'])
    const { report } = await plan('--keep', path, '--node', 'old', '--node', 'another')
    expect(report.changes).toMatchObject({ kept: 3, new: 1, renumber: 0 })
    expect(JSON.parse(readFileSync(path, 'utf8')).changes.new).toBe(1)
  })
  test('without nodes nothing is known: exit 3, never an empty plan', async () => {
    const { code, stderr, report } = await plan('--from', bundle(controller))
    expect([code, report?.kind]).toEqual([3, 'Error'])
    expect(stderr + JSON.stringify(report)).toContain('there are no Node objects')
  })
  test('what could not be read makes the plan incomplete', async () => {
    const broken = join(root, 'broken.json')
    writeFileSync(broken, '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"No')
    const { code, stderr } = await plan('--from', cluster, '--from', broken)
    expect(code).toBe(3)
    expect(stderr).toContain('nodes may be missing')
  })
  test('contradictions', async () => {
    expect((await plan('--from', cluster, '--live')).report.error.message).toContain('--live is about a live cluster')
    expect((await plan('--from', cluster, '--keep', cluster)).code).toBe(2)
  })
  test('from standard input, as kubectl writes it', async () => {
    const { code, stdout } = await runCli(['plan', '--from', '-', '-o', 'name'], { stdin: readFileSync(cluster, 'utf8') })
    expect([code, stdout]).toEqual([0, 'node/old\nnode/young\n'])
  })
})

describe('--what-if', () => {
  test('shows the numbers before and after, and who would move', async () => {
    const { stdout } = await runCommand(Plan, ['--from', cluster, '--nodes', '3', '--what-if', 'node-prefix=25', '--now', '2026-11-23T12:00:00Z'])
    expect(stdout).toMatch(/block of a node, IPv4 of cluster +\/24 +\/25/)
    expect(stdout).toMatch(/nodes that fit into cluster +16 +30/)
    expect(stdout).toContain('nodes get a /25 now; it stays until the node is registered again')
  })
  test('of a plan that is not in force its own nodes are what could move', async () => {
    const { report } = await plan(
      '--cluster-cidr',
      '10.66.0.0/20',
      '--node-prefix',
      '24',
      '--nodes',
      '3',
      '--what-if',
      'max-pods=400',
      '--what-if',
      '--node-prefix=23',
    )
    expect(report.changes).toMatchObject({ kept: 0, renumber: 3, whatIf: ['max-pods=400', '--node-prefix=23'] })
    expect(report.changes.nodes[0].why).toBe('10.66.0.0/24 has 253 addresses for 400 pods')
  })
  test.each([
    ['node-prefx=25', '"node-prefx" is nothing that a plan depends on; did you mean node-prefix?'],
    ['node-prefix', '"node-prefix" has no value; write node-prefix=VALUE'],
    ['zzz=1', 'there is cluster-cidr, node-prefix'],
    ['nodes=many', '--nodes: "many" is not a whole number'],
  ])('%s is refused', async (text, message) => {
    const { code, report } = await plan('--cluster-cidr', '10.66.0.0/20', '--what-if', text)
    expect([code, report.error.message]).toEqual([2, expect.stringContaining(message)])
  })
})
