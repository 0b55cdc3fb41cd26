// Facts that planner and audit build on, asked of the real control plane: who gets which range, and what it looks like when there is none left.
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Cidr, cidrCovers, cidrsOverlap, parseCidr } from '../../src/net/index.ts'
import { describeReal } from '../needs.ts'
import { apiOf, type KubeObject } from './api.ts'
import { type Cluster, controlPlaneMissing, startCluster } from './cluster.ts'
import { node, pod, running, service } from './objects.ts'

interface NodeRanges {
  readonly metadata: { readonly name: string }
  readonly spec: { readonly podCIDR?: string; readonly podCIDRs?: readonly string[] }
}

const nodes = (cluster: Cluster) => cluster.api.list<NodeRanges>('/api/v1/nodes')
/** Nodes that have a range, as soon as there are `count` of them. */
const ranged = (cluster: Cluster, count: number) =>
  cluster.until(`${count} nodes had a range`, async () => {
    const found = (await nodes(cluster)).filter((one) => one.spec.podCIDRs !== undefined)
    return found.length >= count ? found : undefined
  })

describeReal('the node range controller', controlPlaneMissing(), () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ clusterCidr: '10.64.0.0/18,fd00:64::/56', serviceCidr: '10.96.0.0/16,fd00:96::/112', nodeMask: [25, 64] })
  })
  afterAll(() => cluster?.stop())

  test('gives every node one range of each family, all disjoint and inside the cluster CIDRs', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => cluster.api.create(node(`node-${i}`))))
    const found = await ranged(cluster, 40)
    const seen: Cidr[] = []
    for (const { spec } of found) {
      expect(spec.podCIDR).toBe(spec.podCIDRs?.[0])
      const [v4, v6, ...more] = (spec.podCIDRs ?? []).map(parseCidr)
      if (v4 === undefined || v6 === undefined) throw new Error('a family is missing')
      expect([v4.prefix, v6.prefix, more]).toEqual([25, 64, []])
      expect(cidrCovers(parseCidr('10.64.0.0/18'), v4) && cidrCovers(parseCidr('fd00:64::/56'), v6)).toBe(true)
      for (const cidr of [v4, v6]) {
        expect(seen.filter((other) => cidrsOverlap(other, cidr))).toEqual([])
        seen.push(cidr)
      }
    }
  })

  test('leaves a range that was written by hand, even one that another node has', async () => {
    const [first] = await ranged(cluster, 1)
    await cluster.api.create(node('copycat', { podCIDR: first?.spec.podCIDR, podCIDRs: first?.spec.podCIDRs }))
    await cluster.api.create(node('after-copycat'))
    await ranged(cluster, 42)
    const copycat = (await nodes(cluster)).find((one) => one.metadata.name === 'copycat')
    expect(copycat?.spec.podCIDRs).toEqual(first?.spec.podCIDRs)
  })
})

describeReal('ranges that run out', controlPlaneMissing(), () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ clusterCidr: '10.64.0.0/26', serviceCidr: '10.96.0.0/28', nodeMask: 28 })
  })
  afterAll(() => cluster?.stop())

  test('a cluster CIDR of four ranges leaves the fifth node without one and says so in a Normal event', async () => {
    for (let i = 1; i <= 6; i++) await cluster.api.create(node(`node-${i}`))
    const events = await cluster.until('two nodes were refused', async () => {
      const found = await cluster.api.list<{
        type: string
        reason: string
        source: { component: string }
        involvedObject: { kind: string; name: string }
      }>('/api/v1/events')
      const refused = found.filter((event) => event.reason === 'CIDRNotAvailable')
      return new Set(refused.map((event) => event.involvedObject.name)).size === 2 ? refused : undefined
    })
    const without = (await nodes(cluster)).filter((one) => one.spec.podCIDRs === undefined).map((one) => one.metadata.name)
    expect(new Set(events.map((event) => event.involvedObject.name))).toEqual(new Set(without))
    expect((await ranged(cluster, 4)).map((one) => one.spec.podCIDR).sort()).toEqual([
      '10.64.0.0/28',
      '10.64.0.16/28',
      '10.64.0.32/28',
      '10.64.0.48/28',
    ])
    for (const event of events)
      expect(event).toMatchObject({ type: 'Normal', source: { component: 'cidrAllocator' }, involvedObject: { kind: 'Node' } })
  })

  test('a /28 for Services holds 14, the one called kubernetes included; the next is refused', async () => {
    for (let i = 2; i <= 14; i++) await cluster.api.create(service(`service-${i}`))
    await expect(cluster.api.create(service('service-15'))).rejects.toThrow(/500: .*range is full/)
    const taken = (await cluster.api.list<{ spec: { clusterIP: string } }>('/api/v1/services')).map((one) => one.spec.clusterIP)
    expect(new Set(taken)).toEqual(new Set(Array.from({ length: 14 }, (_, i) => `10.96.0.${i + 1}`)))
    const records = (await cluster.api.list('/apis/networking.k8s.io/v1/ipaddresses')).map((one) => one.metadata.name)
    expect(new Set(records)).toEqual(new Set(taken))
  })

  test('a second ServiceCIDR makes room again', async () => {
    const more: KubeObject = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name: 'more' },
      spec: { cidrs: ['10.97.0.0/28'] },
    }
    await cluster.api.create(more)
    const made = await cluster.until('a Service got an address of the second range', async () => {
      const answer = await cluster.api.send('POST', '/api/v1/namespaces/default/services', service('service-15'))
      return answer.status === 201 ? (answer.body as { spec: { clusterIP: string } }) : undefined
    })
    expect(made.spec.clusterIP).toMatch(/^10\.97\.0\.\d+$/)
  })
})

describeReal('the control plane of a test', controlPlaneMissing(), () => {
  test('has pods with the addresses that a test gives them, a user without rights, and leaves nothing behind', async () => {
    const cluster = await startCluster({ controllerManager: false })
    const web = pod('web-0', 'node-1')
    await cluster.api.create(web)
    await cluster.api.patchStatus(running(web, '10.244.0.2'))
    expect(await cluster.api.get('/api/v1/namespaces/default/pods/web-0')).toMatchObject({
      status: { podIP: '10.244.0.2', podIPs: [{ ip: '10.244.0.2' }] },
    })
    const reader = apiOf({ ...cluster, token: cluster.readerToken })
    expect(await reader.send('GET', '/api/v1/nodes')).toMatchObject({ status: 403, body: { reason: 'Forbidden' } })
    await cluster.stop()
    expect(existsSync(cluster.kubeconfig)).toBe(false)
    await expect(cluster.api.get('/readyz')).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/)
  })
})
