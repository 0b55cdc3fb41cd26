// A plan's promises, kept by the real controller: as many nodes as it says fit, the Services' blocks left out, and what it generates taken by the real API server.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAllDocuments, stringify } from 'yaml'
import { describeReal } from '../needs.ts'
import { runCli } from '../run-cli.ts'
import { collectionOf, type KubeObject } from './api.ts'
import { type Cluster, controlPlaneMissing, startCluster } from './cluster.ts'
import { node } from './objects.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-real-plan-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface PlanReport {
  readonly pools: readonly { readonly slots: string; readonly reserved: string }[]
  readonly nodes: readonly { readonly name: string; readonly subnets: readonly string[] }[]
  readonly changes?: { readonly kept: number; readonly new: number; readonly renumber: number }
}

/** Plans and saves; the findings of such small ranges are not the point. */
async function planned(
  name: string,
  args: readonly string[],
): Promise<{ readonly code: number | null; readonly path: string; readonly report: PlanReport }> {
  const path = join(folder, `${name}.json`)
  const { code, stderr } = await runCli(['plan', ...args, '-o', `json=${path}`, '--force'])
  if (code !== 0 && code !== 1) throw new Error(stderr)
  return { code, path, report: JSON.parse(readFileSync(path, 'utf8')) as PlanReport }
}

async function flagsOf(path: string): Promise<readonly string[]> {
  const out = mkdtempSync(join(folder, 'flags-'))
  const { code, stderr } = await runCli(['generate-conf', '--plan', path, '--target', 'kube-controller-manager', '--out-dir', out])
  if (code !== 0) throw new Error(stderr)
  return readFileSync(join(out, 'kube-controller-manager.flags'), 'utf8').trim().split('\n')
}

interface NodeObject extends KubeObject {
  readonly spec: { readonly podCIDRs?: readonly string[] }
}

const nodesOf = (cluster: Cluster) => cluster.api.list<NodeObject>('/api/v1/nodes')
const rangesOf = (nodes: readonly NodeObject[]) => nodes.flatMap(({ spec }) => spec.podCIDRs ?? []).sort()

const cases = [
  {
    name: 'one family, Services inside the pod range',
    request: ['--cluster-cidr', '10.70.0.0/24', '--node-prefix', '28', '--service-cidr', '10.70.0.128/27'],
    services: '10.70.0.128/27',
    fit: 14,
  },
  {
    name: 'two families, the smaller one decides',
    request: ['--cluster-cidr', '10.70.0.0/25,fd00:70::/60', '--node-prefix', '28,64', '--service-cidr', '10.71.0.0/24,fd00:71::/112'],
    services: '10.71.0.0/24,fd00:71::/112',
    fit: 8,
  },
] as const

for (const { name, request, services, fit } of cases) {
  describeReal(`the real controller with the flags of a plan: ${name}`, controlPlaneMissing(), () => {
    let cluster: Cluster
    let plan: Awaited<ReturnType<typeof planned>>
    beforeAll(async () => {
      plan = await planned(String(fit), [...request, '--nodes', String(fit), '--fail-on', 'never'])
      cluster = await startCluster({ serviceCidr: services, controllerFlags: await flagsOf(plan.path) })
    })
    afterAll(() => cluster?.stop())

    test('the plan names the number that fits, and refuses one more', async () => {
      expect(plan.report.nodes).toHaveLength(fit)
      const least = Math.min(...plan.report.pools.map(({ slots, reserved }) => Number(slots) - Number(reserved)))
      expect(least).toBe(fit)
      const more = await planned('more', [...request, '--nodes', String(fit + 1)])
      expect([more.code, more.report.nodes.length]).toEqual([1, fit])
    })

    test('exactly so many nodes get ranges, and they are those of the plan', async () => {
      for (const each of plan.report.nodes) await cluster.api.create(node(each.name))
      const found = await cluster.until(`${fit} nodes had a range`, async () => {
        const nodes = await nodesOf(cluster)
        return nodes.filter(({ spec }) => spec.podCIDRs !== undefined).length === fit ? nodes : undefined
      })
      expect(rangesOf(found)).toEqual(plan.report.nodes.flatMap(({ subnets }) => subnets).sort())
    })

    test('the next node gets none, and the controller says so', async () => {
      await cluster.api.create(node('one-too-many'))
      await cluster.until('the node was refused', async () => {
        const events = await cluster.api.list<{ reason: string; involvedObject: { name: string } }>('/api/v1/events')
        return events.find((event) => event.reason === 'CIDRNotAvailable' && event.involvedObject.name === 'one-too-many')
      })
      expect((await nodesOf(cluster)).find(({ metadata }) => metadata.name === 'one-too-many')?.spec.podCIDRs).toBeUndefined()
    })

    test('planning around the live cluster moves nothing, and still finds no place for that node', async () => {
      const { code, report } = await planned('live', ['--live', '--kubeconfig', cluster.kubeconfig, ...request])
      const refused = { node: 'one-too-many', change: 'new', from: [], to: [], why: 'has no block yet, and none is free' }
      expect([code, report.changes]).toEqual([1, { kept: fit, new: 1, renumber: 0, retired: [], gained: [], nodes: [refused], whatIf: null }])
      const before = new Map((await nodesOf(cluster)).map(({ metadata, spec }) => [metadata.name, spec.podCIDRs]))
      for (const each of report.nodes) expect(each.subnets).toEqual(before.get(each.name))
    })
  })
}

describeReal('generated objects', controlPlaneMissing(), () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ controllerManager: false })
  })
  afterAll(() => cluster?.stop())

  /** As kubectl apply --dry-run=server --validate=strict would. */
  const dryRun = (object: KubeObject) => cluster.api.send('POST', `${collectionOf(object)}?dryRun=All&fieldValidation=Strict`, object)

  test('every core object is taken by the API server; an object that is wrong is not', async () => {
    const request = join(folder, 'request.yaml')
    writeFileSync(
      request,
      stringify({
        profile: 'kubeadm',
        clusterCidrs: ['10.70.0.0/16', 'fd00:70::/56'],
        nodePrefixes: [24, 64],
        nodes: 60,
        serviceCidrs: ['10.71.0.0/20', 'fd00:71::/112'],
        loadBalancerRanges: ['10.72.0.0/28'],
      }),
    )
    const { path } = await planned('objects', ['-f', request, '--fail-on', 'never'])
    let taken = 0
    for (const target of ['conflist', 'nad', 'kubeadm', 'kube-controller-manager', 'k3s', 'cilium', 'metallb', 'terraform', 'spiderpool']) {
      const out = mkdtempSync(join(folder, `${target}-`))
      const { code, stderr } = await runCli([
        'generate-conf',
        '--plan',
        path,
        '--target',
        target,
        '--layout',
        'configmap',
        '-n',
        'default',
        '--out-dir',
        out,
      ])
      expect([code, stderr], target).toEqual([0, ''])
      for (const file of readdirSync(out)) {
        for (const document of parseAllDocuments(readFileSync(join(out, file), 'utf8'), { version: '1.1' })) {
          const answer = await dryRun(document.toJS() as KubeObject)
          expect([answer.status, answer.status === 201 ? '' : answer.body], `${target}: ${file}`).toEqual([201, ''])
          taken++
        }
      }
    }
    expect(taken).toBeGreaterThanOrEqual(9)
    const wrong = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'wrong', namespace: 'default' }, dta: {} }
    expect((await dryRun(wrong)).status).toBe(400)
  })
})
