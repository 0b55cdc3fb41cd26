// Two whole nodes with Deployments, Jobs and pods that come and go: nothing that the audit could rightly complain about, and it does not.
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeReal } from '../../needs.ts'
import { type Cluster, startCluster } from '../cluster.ts'
import type { Server } from '../processes.ts'
import { audit } from './audit.ts'
import { capture } from './capture.ts'
import { startNode, type WholeNode } from './node.ts'
import { nodesMissing } from './node-tools.ts'
import { deployment, job, podOn, podsOf, removeGently, runningPods, startWorkloads } from './workloads.ts'

describeReal('two whole nodes in health', nodesMissing(), () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-healthy-'))
  let cluster: Cluster
  const nodes: WholeNode[] = []
  let workloads: Server[] = []
  beforeAll(async () => {
    cluster = await startCluster({ nodeMask: 26 })
    workloads = await startWorkloads(cluster, folder)
    for (const [name, address] of [
      ['worker-1', '172.30.0.11'],
      ['worker-2', '172.30.0.12'],
    ] as const)
      nodes.push(await startNode(cluster, name, { address }))
  })
  afterAll(async () => {
    await Promise.all([...nodes, ...workloads].map((one) => one.stop()))
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  test('pods run on both with addresses of the node ranges, each with a file on its node', async () => {
    await cluster.api.create(deployment('web', 4))
    await cluster.api.create(podOn('worker-1', 'fixed-1'))
    await cluster.api.create(podOn('worker-2', 'fixed-2'))
    const pods = await runningPods(cluster, 6)
    for (const node of nodes) {
      const shown = pods.filter((pod) => pod.spec.nodeName === node.name).map((pod) => pod.status.podIP)
      const files = readdirSync(join(node.disk, 'var/lib/cni/networks/pods')).filter((name) => /^\d/.test(name))
      expect(shown.length).toBeGreaterThan(0)
      expect(files.filter((name) => !name.startsWith('last_reserved')).sort()).toEqual(shown.sort())
    }
  })

  test('the audit of a bundle finds nothing', async () => {
    const found = await audit(await capture(join(folder, 'quiet'), cluster, nodes))
    expect(found).toMatchObject({ code: 0, complete: true, findings: [] })
  })

  test('nor while pods are created and deleted, and with a Job that has ended', async () => {
    await cluster.api.create(job('migrate', 1))
    await cluster.until('the Job had ended', async () => (await podsOf(cluster)).find((pod) => pod.status.phase === 'Succeeded'))
    let churning = true
    const churn = (async () => {
      for (let i = 0; churning; i++) {
        const pod = podOn(`worker-${1 + (i % 2)}`, `churn-${i}`)
        await cluster.api.create(pod)
        await new Promise((resolve) => setTimeout(resolve, 300))
        await removeGently(cluster, pod)
      }
    })()
    try {
      for (let i = 0; i < 4; i++) {
        const found = await audit(await capture(join(folder, `churn-${i}`), cluster, nodes))
        expect(found.findings.filter((finding) => !['low', 'info'].includes(finding.severity))).toEqual([])
        expect(found).toMatchObject({ code: 0, complete: true })
      }
    } finally {
      churning = false
      await churn
    }
  })

  test('stopping a node leaves nothing behind', async () => {
    const [first] = nodes
    if (first === undefined) throw new Error('no node')
    await first.stop()
    expect(existsSync(first.disk)).toBe(false)
  })
})
