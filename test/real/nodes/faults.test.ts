// Faults that operators meet, made with whole nodes: one conflist copied to two nodes, state lost under pods, power cuts, a plugin missing in the chain.
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { describeReal } from '../../needs.ts'
import { type Cluster, startCluster } from '../cluster.ts'
import { audit, placesOf } from './audit.ts'
import { capture } from './capture.ts'
import { type NodeOptions, sampleConflist, startNode, type WholeNode } from './node.ts'
import { nodesMissing } from './node-tools.ts'
import { type PodSeen, podOn, runningPods } from './workloads.ts'

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000))
const placesOfPods = (pods: readonly PodSeen[]) => pods.map((pod) => `${pod.spec.nodeName} ${pod.status.podIP}`).sort()
const namesOf = (pods: readonly PodSeen[]) => pods.map((pod) => `default/${pod.metadata.name}`).sort()
/** Addresses that host-local has files of. */
const taken = (node: WholeNode) => readdirSync(join(node.disk, 'var/lib/cni/networks/pods')).filter((name) => /^\d/.test(name))

describeReal('whole nodes with faults', nodesMissing(), () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-faults-'))
  let cluster: Cluster
  let nodes: WholeNode[] = []
  beforeAll(async () => {
    cluster = await startCluster({ nodeMask: 26 })
  })
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    nodes = []
    for (const kind of ['/api/v1/namespaces/default/pods', '/api/v1/nodes'])
      for (const { metadata } of await cluster.api.list(kind)) await cluster.api.send('DELETE', `${kind}/${metadata.name}`, { gracePeriodSeconds: 0 })
  })
  afterAll(async () => {
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const start = async (name: string, conflist?: NodeOptions['conflist']) => {
    const address = `172.30.0.${11 + nodes.length}`
    const node = await startNode(cluster, name, conflist === undefined ? { address } : { address, conflist })
    nodes.push(node)
    return node
  }
  const create = async (node: WholeNode, prefix: string, count: number) => {
    for (let i = 1; i <= count; i++) await cluster.api.create(podOn(node.name, `${prefix}-${i}`))
  }
  const bundle = (name: string) => capture(join(folder, name), cluster, nodes)

  test('a power cut that keeps the runtime store heals itself', async () => {
    const node = await start('rebooted')
    await create(node, 'web', 3)
    const before = placesOfPods(await runningPods(cluster, 3))
    await node.crash()
    await node.boot()
    await cluster.until('only new addresses were there', async () => {
      const now = placesOfPods(await runningPods(cluster, 3))
      return now.every((place) => !before.includes(place)) && on(node, taken(node)).join() === now.join() ? now : undefined
    })
    expect(await audit(await bundle('healed'), '--grace', '1s')).toMatchObject({ code: 0, findings: [] })
  })

  test('a power cut that loses the runtime store: every old address is a leak from before the boot', async () => {
    const node = await start('forgetful')
    await create(node, 'web', 4)
    const before = placesOfPods(await runningPods(cluster, 4))
    await node.crash()
    await node.boot({ loseRuntime: true })
    await cluster.until('every pod had a new address', async () => {
      const now = placesOfPods(await runningPods(cluster, 4))
      return now.every((place) => !before.includes(place)) ? now : undefined
    })
    const found = await audit(await bundle('store-lost'))
    const leaks = found.by('LEAK-201')
    expect(placesOf(leaks)).toEqual(before)
    expect(new Set(leaks.map((leak) => `${leak.cause} ${leak.confidence}`))).toEqual(new Set(['before-last-boot certain']))
    expect(found.code).toBe(1)
    expect(found.findings.filter((finding) => finding.rule !== 'LEAK-201')).toEqual([])
  })

  test('a plugin that is missing in the chain: every retry leaves an address behind', async () => {
    const node = await start('half-chained')
    await create(node, 'whole', 1)
    const [whole] = await runningPods(cluster, 1)
    const plugin = join(node.disk, 'opt/cni/bin/portmap')
    renameSync(plugin, `${node.disk}/portmap`)
    await create(node, 'stuck', 1)
    await cluster.until('kubelet had tried three times', async () => (taken(node).length >= 4 ? true : undefined))
    await pause(2)
    const stuck = await bundle('stuck')
    const leaked = settledFiles(stuck, node, 1000).filter((address) => address !== whole?.status.podIP)
    expect(leaked.length).toBeGreaterThanOrEqual(3)
    const meanwhile = (await audit(stuck, '--grace', '1s')).by('LEAK-201')
    // The newest may be the address that the waiting pod is about to show.
    expect(placesOf(meanwhile)).toEqual(on(node, leaked.slice(0, -1)))

    renameSync(`${node.disk}/portmap`, plugin)
    const healed = (await runningPods(cluster, 2)).map((pod) => pod.status.podIP)
    await pause(2)
    const left = taken(node).filter((address) => !healed.includes(address))
    expect(left).toEqual(expect.arrayContaining(leaked))
    const found = await audit(await bundle('unstuck'), '--grace', '1s')
    expect(placesOf(found.by('LEAK-201'))).toEqual(on(node, left))
    expect(new Set(found.by('LEAK-201').map(({ cause, owners }) => `${cause} ${owners.includes('default/stuck-1')}`))).toEqual(
      new Set(['retry true']),
    )
    expect(found.code).toBe(1)
  })

  test('one conflist with a fixed range on two nodes: every duplicate is found, and the range', async () => {
    const sample = () => sampleConflist('10.88.0.0/24')
    const [one, two] = [await start('copy-1', sample), await start('copy-2', sample)]
    await create(one, 'left', 3)
    await create(two, 'right', 4)
    const pods = await runningPods(cluster, 7)
    const left = pods.filter((pod) => pod.spec.nodeName === 'copy-1')
    const twice = left.map((one) => pods.filter((pod) => pod.status.podIP === one.status.podIP)).filter((group) => group.length === 2)
    expect(twice).toHaveLength(3)
    const found = await audit(await bundle('copied-conflist'))
    const duplicates = found
      .by('DUP-101')
      .map(({ addresses, nodes, owners, severity }) => ({ addresses, nodes, owners: [...owners].sort(), severity }))
    const truth = twice.map((group) => ({
      addresses: [group[0]?.status.podIP],
      nodes: ['copy-1', 'copy-2'],
      owners: namesOf(group),
      severity: 'critical',
    }))
    const byAddress = (a: { addresses: readonly unknown[] }, b: { addresses: readonly unknown[] }) =>
      String(a.addresses) < String(b.addresses) ? -1 : 1
    expect(duplicates.sort(byAddress)).toEqual(truth.sort(byAddress))
    expect(found.by('DUP-103')).toMatchObject([{ severity: 'critical', addresses: ['10.88.0.0/24'], nodes: ['copy-1', 'copy-2'] }])
    expect(found.code).toBe(1)
  })

  test('a state directory removed under running pods: they are named, and the next pod is a duplicate', async () => {
    const node = await start('emptied')
    await create(node, 'old', 3)
    const old = await runningPods(cluster, 3)
    rmSync(join(node.disk, 'var/lib/cni/networks/pods'), { recursive: true })
    await create(node, 'new', 1)
    const [fresh] = (await runningPods(cluster, 4)).filter((pod) => pod.metadata.name === 'new-1')
    await pause(2)
    const found = await audit(await bundle('emptied'), '--grace', '1s')
    const reused = old.filter((pod) => pod.status.podIP === fresh?.status.podIP)
    expect(reused).toHaveLength(1)
    expect(found.by('DUP-101')).toMatchObject([{ addresses: [fresh?.status.podIP] }])
    const unrecorded = old.filter((pod) => !reused.includes(pod))
    expect(found.by('DRF-506').map(({ owners, nodes, addresses }) => [owners, nodes, [...addresses].sort()])).toEqual([
      [namesOf(unrecorded), ['emptied'], unrecorded.map((pod) => pod.status.podIP).sort()],
    ])
    expect(found.code).toBe(1)
  })
})

const on = (node: WholeNode, addresses: readonly string[]) => addresses.map((address) => `${node.name} ${address}`).sort()

/** Addresses whose files were older than this when they were collected, oldest first, by the times written down with the bundle. */
function settledFiles(bundle: string, node: WholeNode, milliseconds: number): string[] {
  const stat = JSON.parse(readFileSync(join(bundle, 'nodes', node.name, 'stat.json'), 'utf8')) as {
    collectedAt: string
    files: Record<string, { mtime: string }>
  }
  return Object.entries(stat.files)
    .map(([path, { mtime }]) => ({
      address: /^var\/lib\/cni\/networks\/pods\/(\d[^/]*)$/.exec(path)?.[1] ?? '',
      age: Date.parse(stat.collectedAt) - Date.parse(mtime),
    }))
    .filter(({ address, age }) => address !== '' && age > milliseconds)
    .sort((a, b) => b.age - a.age)
    .map(({ address }) => address)
}
