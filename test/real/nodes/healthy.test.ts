// Two whole nodes with Deployments, Jobs and pods that come and go: nothing that the audit could rightly complain about, and it does not.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
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
import { openWayToNodes, type WayToNodes } from './way-to-nodes.ts'
import { deployment, job, podOn, podsOf, removeGently, runningPods, startWorkloads } from './workloads.ts'

describeReal('two whole nodes in health', nodesMissing(), () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-healthy-'))
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
      nodes.push(await startNode(cluster, name, { address, way }))
  })
  afterAll(async () => {
    await Promise.all([...nodes, ...workloads].map((one) => one.stop()))
    await cluster?.stop()
    await way?.stop()
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
      expect(files.sort()).toEqual(shown.sort())
    }
  })

  test('the API server reads the log of a pod on each', async () => {
    for (const name of ['fixed-1', 'fixed-2'])
      expect(await cluster.api.send('GET', `/api/v1/namespaces/default/pods/${name}/log`)).toEqual({ status: 200, body: 'waiting\n' })
  })

  test("the audit of a bundle finds nothing, but would see one file that is nobody's", async () => {
    const quiet = await capture(join(folder, 'quiet'), cluster, nodes)
    expect(await audit(quiet, '--grace', '1s')).toMatchObject({ code: 0, complete: true, findings: [] })
    const [first] = nodes
    const stray = join(first?.disk ?? '', 'var/lib/cni/networks/pods', '10.244.0.60')
    writeFileSync(stray, `${'0'.repeat(64)}\r\neth0`)
    utimesSync(stray, 0, Date.now() / 1000 - 3600)
    const found = await audit(await capture(join(folder, 'stray'), cluster, nodes))
    rmSync(stray)
    expect(found.findings.map(({ rule, addresses, nodes }) => [rule, addresses, nodes])).toEqual([['LEAK-201', ['10.244.0.60'], [first?.name]]])
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

  test('a node that is stopped, and one that never got ready, leave nothing behind', async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    const conflist = () => {
      throw new Error('no conflist')
    }
    await expect(startNode(cluster, 'broken', { address: '172.30.0.13', conflist })).rejects.toThrow(/no conflist/)
    expect(leftovers(['worker-1', 'worker-2', 'broken'])).toEqual([])
  })
})

/** Folders, processes, mounts and cgroups whose name or command line is of one of these nodes. */
function leftovers(names: readonly string[]): string[] {
  const own = new RegExp(`ipam-node-(${names.join('|')})-`)
  const readable = (path: string) => {
    try {
      return readFileSync(path, 'utf8')
    } catch {
      return ''
    }
  }
  const processes = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && own.test(readable(`/proc/${pid}/environ`) + readable(`/proc/${pid}/cgroup`)),
  )
  const cgroups = readFileSync('/proc/self/cgroup', 'utf8')
    .trim()
    .split('\n')
    .map((line) => /^\d+:(?:name=)?([^:]*):(.*)$/.exec(line))
    .map((parts) => join('/sys/fs/cgroup', parts?.[1] ?? '', parts?.[2] ?? ''))
  const folders = [tmpdir(), ...cgroups].filter((path) => existsSync(path)).flatMap((path) => readdirSync(path).map((name) => join(path, name)))
  return [
    ...processes.map((pid) => `process ${pid}`),
    ...folders.filter((path) => own.test(path)),
    ...readFileSync('/proc/mounts', 'utf8')
      .split('\n')
      .filter((line) => own.test(line)),
  ]
}
