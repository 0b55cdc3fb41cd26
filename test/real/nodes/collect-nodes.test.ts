// `ipam collect --nodes` on whole nodes: everything that an audit needs of them is in the bundle, and nothing stays behind in the cluster.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { describeReal } from '../../needs.ts'
import { runCli } from '../../run-cli.ts'
import type { KubeObject } from '../api.ts'
import { type Cluster, startCluster } from '../cluster.ts'
import type { Server } from '../processes.ts'
import { audit, placesOf } from './audit.ts'
import { collectorImage, collectorMissing } from './collector-image.ts'
import { startNode, type WholeNode } from './node.ts'
import { openWayToNodes, type WayToNodes } from './way-to-nodes.ts'
import { podOn, podsOf, runningPods, startWorkloads } from './workloads.ts'

interface Bundle {
  readonly complete: boolean
  readonly sources: readonly { readonly source: string; readonly status: string; readonly read: number; readonly error: string | null }[]
}

describeReal('a collection of whole nodes', collectorMissing(), () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-collect-nodes-'))
  let cluster: Cluster
  const nodes: WholeNode[] = []
  let workloads: Server[] = []
  let way: WayToNodes
  beforeAll(async () => {
    way = await openWayToNodes()
    cluster = await startCluster({ nodeMask: 26, wayToNodes: way.socket })
    workloads = await startWorkloads(cluster, folder)
    for (const [name, address] of [
      ['worker-1', '172.30.0.11'],
      ['worker-2', '172.30.0.12'],
    ] as const)
      nodes.push(await startNode(cluster, name, { address, way, images: [collectorImage()] }))
    for (const { name } of nodes) for (const i of [1, 2]) await cluster.api.create(podOn(name, `${name}-${i}`))
    await runningPods(cluster, 4)
  })
  afterAll(async () => {
    await Promise.all([...nodes, ...workloads].map((one) => one.stop()))
    await cluster?.stop()
    await way?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const image = ['--image', 'localhost/collector:test']
  const collect = async (name: string, flags: readonly string[], kubeconfig = cluster.kubeconfig) => {
    const out = join(folder, name)
    const result = await runCli(['collect', '--kubeconfig', kubeconfig, '--out', out, ...flags], { timeout: 90_000 })
    const description = join(out, 'bundle.json')
    const bundle = existsSync(description) ? (JSON.parse(readFileSync(description, 'utf8')) as Bundle) : undefined
    const covered = (source: string) => bundle?.sources.find((one) => one.source === source)
    return { ...result, out, bundle, covered }
  }
  const daemonSets = () => cluster.api.list('/apis/apps/v1/daemonsets')
  /** DaemonSets, pods, and what still runs on nodes that are up; kubelet forgets an ended sandbox within a minute. */
  const leftovers = async (up: readonly WholeNode[]): Promise<string[]> => {
    const sandboxes = await Promise.all(up.map((node) => node.sh('cri-pods /run/containerd/containerd.sock')))
    return [
      ...(await daemonSets()).map(({ metadata }) => `daemonset ${metadata.name}`),
      ...(await podsOf(cluster)).filter(({ metadata }) => metadata.namespace === 'kube-system').map(({ metadata }) => `pod ${metadata.name}`),
      ...sandboxes
        .flatMap((text) => (JSON.parse(text) as { items: { state: string; metadata: { name: string } }[] }).items)
        .filter(({ state, metadata }) => state === 'SANDBOX_READY' && metadata.name.startsWith('ipam-collect'))
        .map(({ metadata }) => `sandbox ${metadata.name}`),
    ]
  }
  const nothingLeft = (up: readonly WholeNode[] = nodes) =>
    cluster.until('nothing was left behind', async () => ((await leftovers(up)).length === 0 ? true : undefined))
  const allocations = (path: string) => readdirSync(join(path, 'var/lib/cni/networks/pods')).sort()

  test('has the state of both, finds what is wrong there, and leaves nothing behind', async () => {
    const [first] = nodes
    const stray = join(first?.disk ?? '', 'var/lib/cni/networks/pods/10.244.0.60')
    writeFileSync(stray, `${'0'.repeat(64)}\r\neth0`)
    utimesSync(stray, 0, Math.floor(Date.now() / 1000) - 3600)
    const { code, stderr, out, bundle, covered } = await collect('both', ['--nodes', ...image])
    const expected = nodes.map(({ disk }) => allocations(disk))
    rmSync(stray)
    expect([code, stderr]).toEqual([0, ''])
    expect(bundle?.complete).toBe(true)
    expect(covered('node state')).toMatchObject({ status: 'complete', read: 2, error: null })
    expect(nodes.map(({ name }) => allocations(join(out, 'nodes', name)))).toEqual(expected)
    for (const node of nodes) {
      const saved = (path: string) => readFileSync(join(out, 'nodes', node.name, path))
      for (const address of allocations(node.disk).filter((name) => name !== '10.244.0.60')) {
        const path = `var/lib/cni/networks/pods/${address}`
        expect(saved(path), path).toEqual(readFileSync(join(node.disk, path)))
      }
      expect(saved('etc/cni/net.d/10-pods.conflist')).toEqual(readFileSync(join(node.disk, 'etc/cni/net.d/10-pods.conflist')))
      const sandboxes = JSON.parse(saved('crictl-pods.json').toString()) as { items: { metadata: { name: string } }[] }
      expect(sandboxes.items.map(({ metadata }) => metadata.name).sort()).toEqual(
        expect.arrayContaining([`${node.name}-1`, `${node.name}-2`, expect.stringMatching(/^ipam-collect-/)]),
      )
      expect(readdirSync(join(out, 'nodes', node.name, 'var/lib/cni/results')).sort()).toEqual(
        readdirSync(join(node.disk, 'var/lib/cni/results')).sort(),
      )
    }
    const found = await audit(out)
    expect(placesOf(found.findings)).toEqual(['worker-1 10.244.0.60'])
    expect([found.code, found.complete, found.findings.map(({ rule }) => rule)]).toEqual([1, true, ['LEAK-201']])
    await nothingLeft()
  })

  test('with --redact names neither pods nor nodes, in no path and no file, and shows the same faults', async () => {
    const [first] = nodes
    const stray = join(first?.disk ?? '', 'var/lib/cni/networks/pods/10.244.0.61')
    writeFileSync(stray, `${'1'.repeat(64)}\r\neth0`)
    utimesSync(stray, 0, Math.floor(Date.now() / 1000) - 3600)
    const { code, out, bundle, covered } = await collect('redacted', ['--nodes', '--redact', ...image])
    rmSync(stray)
    expect([code, bundle?.complete, covered('node state')?.read]).toEqual([0, true, 2])
    const folders = readdirSync(join(out, 'nodes'))
    expect(folders.map((name) => allocations(join(out, 'nodes', name)).length).sort()).toEqual(
      [first, nodes[1]].map((node) => allocations(node?.disk ?? '').length + (node === first ? 1 : 0)).sort(),
    )
    const paths = readdirSync(out, { recursive: true, encoding: 'utf8' })
    const text = paths.map((path) => `${path}\n${statSync(join(out, path)).isFile() ? readFileSync(join(out, path), 'latin1') : ''}`).join('\n')
    const names = [...(await podsOf(cluster)), ...nodes].map((one) => ('metadata' in one ? one.metadata.name : one.name))
    expect(names).toEqual(expect.arrayContaining(['worker-1', 'worker-1-1', 'worker-2-2']))
    for (const name of [...names, 'ipam-collect-']) expect(text.includes(name), name).toBe(false)
    const found = await audit(out)
    expect([found.code, found.complete, found.findings.map(({ rule, addresses, nodes: where }) => `${rule} ${addresses} ${where}`)]).toEqual([
      1,
      true,
      [`LEAK-201 10.244.0.61 ${folders.find((name) => allocations(join(out, 'nodes', name)).includes('10.244.0.61'))}`],
    ])
    await nothingLeft()
  })

  test('says which image is missing, and keeps what the API server told', async () => {
    const { code, bundle, covered, out } = await collect('no-image', ['--nodes', '--image', 'localhost:1/none:test'])
    expect(code).toBe(3)
    expect(covered('nodes/worker-1')).toMatchObject({ status: 'failed', error: expect.stringMatching(/ImagePullBackOff.*--image/s) })
    expect([bundle?.complete, covered('node state')?.status, existsSync(join(out, 'cluster/pods.json'))]).toEqual([false, 'failed', true])
    await nothingLeft()
  })

  test('creates nothing for a user who may not remove it, and names the rules; with the Role of docs/rbac-nodes.yaml it works', async () => {
    const rule = { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list'] }
    const make = { apiGroups: ['apps'], resources: ['daemonsets'], verbs: ['create'] }
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'collector' } }
    await cluster.api.create({ ...rbac, kind: 'ClusterRole', rules: [rule, make] } as KubeObject)
    const subjects = [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'reader' }]
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'collector' }
    await cluster.api.create({ ...rbac, kind: 'ClusterRoleBinding', roleRef, subjects } as KubeObject)
    const reader = cluster.writeKubeconfig('reader', cluster.readerToken)
    const { code, covered } = await collect('forbidden', ['--nodes', ...image], reader)
    expect(code).toBe(3)
    expect(covered('node state')).toMatchObject({
      status: 'forbidden',
      error: expect.stringContaining('`delete daemonsets.apps`, `list pods`, `get pods/log` in namespace "kube-system" are missing'),
    })
    expect(await daemonSets()).toEqual([])

    const granted = parseDocument(readFileSync(new URL('../../../docs/rbac-nodes.yaml', import.meta.url), 'utf8')).toJS() as KubeObject
    await cluster.api.create(granted)
    const metadata = { name: 'ipam-node-reader', namespace: 'kube-system' }
    await cluster.api.create({
      ...rbac,
      kind: 'RoleBinding',
      metadata,
      roleRef: { ...roleRef, kind: 'Role', name: 'ipam-node-reader' },
      subjects,
    } as KubeObject)
    const allowed = await cluster.until('the Role was in force', async () => {
      const result = await collect(`allowed-${Date.now()}`, ['--nodes', ...image], reader)
      return result.covered('node state')?.status === 'complete' ? result : undefined
    })
    expect(allowed.stderr).not.toContain('warning')
    await nothingLeft()
  })

  test('that is interrupted ends at once and leaves nothing behind', async () => {
    const out = join(folder, 'interrupted')
    const args = ['collect', '--kubeconfig', cluster.kubeconfig, '--out', out, '--nodes', '--image', 'localhost:1/none:test']
    const child = spawn(process.execPath, [inject('program'), ...args], { stdio: 'ignore' })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    await cluster.until('its pods were made', async () => ((await leftovers([])).length === 3 ? true : undefined))
    child.kill('SIGINT')
    expect(await ended).toBe(130)
    await nothingLeft()
    expect(readdirSync(folder).filter((name) => name.includes('interrupted'))).toEqual([])
  })

  test('through a DaemonSet that was applied by hand reads the same and leaves it alone', async () => {
    const { stdout, code } = await runCli(['collect', '--print-manifest', ...image])
    expect(code).toBe(0)
    const daemonSet = parse(stdout) as KubeObject
    await cluster.api.create(daemonSet)
    const result = await collect('by-hand', ['--node-daemonset', daemonSet.metadata.name])
    expect([result.code, result.covered('node state')?.read]).toEqual([0, 2])
    expect((await daemonSets()).map(({ metadata }) => metadata.name)).toEqual(['ipam-collect'])
    await cluster.api.remove(daemonSet)
    await nothingLeft()
  })

  test('names the node that is down, has the other, and the audit knows that one is missing', async () => {
    const [first, second] = nodes as [WholeNode, WholeNode]
    await second.crash()
    const { code, out, covered } = await collect('one-down', ['--nodes', ...image, '--node-timeout', '8s'])
    expect(code).toBe(3)
    expect(covered('node state')).toMatchObject({ status: 'partial', read: 1, error: '1 of 2 nodes could not be read' })
    expect(covered('nodes/worker-2')).toMatchObject({ status: 'failed', error: expect.stringMatching(/not start in time|not Ready|no pod was made/) })
    expect(readdirSync(join(out, 'nodes'))).toEqual(['worker-1'])
    expect(await audit(out)).toMatchObject({ code: 3, complete: false })
    await nothingLeft([first])
  })
})
