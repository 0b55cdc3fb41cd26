// The audit of a live cluster, run as a user runs it, against a real control plane.
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { describeReal } from '../needs.ts'
import { type CliOptions, runCli } from '../run-cli.ts'
import type { KubeObject } from './api.ts'
import { type Cluster, controlPlaneMissing, startCluster } from './cluster.ts'
import { node, pod, running, service } from './objects.ts'

interface Finding {
  readonly rule: string
  readonly addresses: readonly string[]
  readonly nodes: readonly string[]
  readonly owners: readonly string[]
}
interface AuditReport {
  readonly complete: boolean
  readonly metadata: { readonly mode: string; readonly cluster: string; readonly systems: readonly string[] }
  readonly coverage: readonly { readonly source: string; readonly status: string; readonly read: number; readonly error: string | null }[]
  readonly notEvaluated: readonly { readonly rule: string; readonly reason: string }[]
  readonly pools: readonly { readonly system: string; readonly ranges: readonly string[]; readonly allocated: string }[]
  readonly findings: readonly Finding[]
}

async function audit(kubeconfig: string, args: readonly string[] = [], options: CliOptions = {}) {
  const result = await runCli(['audit', '--json', '--kubeconfig', kubeconfig, ...args], options)
  return { ...result, report: JSON.parse(result.stdout) as AuditReport }
}

const coverageOf = (report: AuditReport, source: string) => report.coverage.filter((one) => one.source === source)
const rulesOf = (report: AuditReport) => [...new Set(report.findings.map((finding) => finding.rule))].sort()

/** Waits for the controller and gives every node's range by name. */
function ranges(cluster: Cluster, count: number): Promise<Map<string, string>> {
  return cluster.until(`${count} nodes had a range`, async () => {
    const found = await cluster.api.list<{ metadata: { name: string }; spec: { podCIDR?: string } }>('/api/v1/nodes')
    const given = new Map(found.flatMap(({ metadata, spec }) => (spec.podCIDR === undefined ? [] : [[metadata.name, spec.podCIDR] as const])))
    return given.size >= count ? given : undefined
  })
}

const hostOf = (range: string, n: number): string => range.replace(/\d+\/\d+$/, String(n))

async function runPod(cluster: Cluster, name: string, nodeName: string, address: string): Promise<void> {
  const created = pod(name, nodeName)
  await cluster.api.create(created)
  await cluster.api.patchStatus(running(created, address))
}

const bindingOf = (kind: 'ClusterRoleBinding' | 'RoleBinding', namespace?: string): KubeObject => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind,
  metadata: { name: 'ipam-reader', ...(namespace === undefined ? {} : { namespace }) },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: kind === 'RoleBinding' ? 'Role' : 'ClusterRole', name: 'ipam-reader' },
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'reader' }],
})

describeReal('the audit of a live cluster', controlPlaneMissing(), () => {
  let cluster: Cluster
  let given: Map<string, string>
  beforeAll(async () => {
    cluster = await startCluster({ clusterCidr: '10.64.0.0/16' })
    for (const name of ['node-1', 'node-2', 'node-3']) await cluster.api.create(node(name))
    given = await ranges(cluster, 3)
    for (const [name, range] of given) for (const n of [2, 3]) await runPod(cluster, `web-${name}-${n}`, name, hostOf(range, n))
  })
  afterAll(() => cluster?.stop())

  test('agrees with the controller that gave out the ranges', async () => {
    const { code, report, stderr } = await audit(cluster.kubeconfig)
    expect(report.findings, stderr).toEqual([])
    expect(report.metadata).toMatchObject({ mode: 'nodeipam+host-local', cluster: 'real' })
    expect(coverageOf(report, 'nodes')).toEqual([{ source: 'nodes', status: 'complete', read: 3, error: null }])
    expect(coverageOf(report, 'pods')).toEqual([{ source: 'pods', status: 'complete', read: 6, error: null }])
    expect(coverageOf(report, 'ipaddresses')).toMatchObject([{ status: 'complete' }])
    expect([code, report.complete]).toEqual([0, true])
  })

  test('reads page by page what it reads at once', async () => {
    const [whole, paged] = await Promise.all([audit(cluster.kubeconfig), audit(cluster.kubeconfig, ['--chunk-size', '2'])])
    expect(paged.report.coverage).toEqual(whole.report.coverage)
    expect(paged.code).toBe(0)
  })

  test('runs under exactly the roles that --print-rbac prints, and the committed copy is that text', async () => {
    const { stdout, code } = await runCli(['audit', '--print-rbac'])
    expect(code).toBe(0)
    expect(readFileSync(new URL('../../docs/rbac.yaml', import.meta.url), 'utf8')).toBe(stdout)
    const roles = parseAllDocuments(stdout).map((document) => document.toJS() as KubeObject)
    const spaces = new Set(roles.flatMap(({ metadata }) => metadata.namespace ?? []))
    spaces.delete('kube-system')
    for (const name of spaces) await cluster.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
    for (const role of roles) await cluster.api.create(role)
    await cluster.api.create(bindingOf('ClusterRoleBinding'))
    for (const role of roles) if (role.kind === 'Role') await cluster.api.create(bindingOf('RoleBinding', role.metadata.namespace))
    const reader = cluster.writeKubeconfig('reader', cluster.readerToken)
    const asReader = await cluster.until('the roles were in force', async () => {
      const result = await audit(reader)
      return result.code === 0 ? result : undefined
    })
    expect(asReader.report.coverage).toEqual((await audit(cluster.kubeconfig)).report.coverage)
    expect(asReader.report.complete).toBe(true)
  })

  test('without the rule for nodes is incomplete and names that rule; without any cannot start', async () => {
    const path = '/apis/rbac.authorization.k8s.io/v1/clusterroles/ipam-reader'
    const role = await cluster.api.get<{ rules: { resources: string[] }[] }>(path)
    const rules = role.rules.map((rule) => ({ ...rule, resources: rule.resources.filter((resource) => resource !== 'nodes') }))
    expect((await cluster.api.send('PATCH', path, { rules }, 'application/merge-patch+json')).status).toBe(200)
    const reader = cluster.writeKubeconfig('reader', cluster.readerToken)
    const { report } = await cluster.until('the smaller role was in force', async () => {
      const result = await audit(reader)
      return result.code === 3 ? result : undefined
    })
    expect(report.complete).toBe(false)
    expect(coverageOf(report, 'nodes')).toMatchObject([{ status: 'forbidden', read: 0, error: expect.stringContaining('`get,list nodes`') }])
    expect(coverageOf(report, 'pods')).toMatchObject([{ status: 'complete', read: 6 }])
    const table = await runCli(['audit', '--kubeconfig', reader])
    expect(table.stdout).toContain('`get,list nodes` is missing')
    expect(table.stdout).not.toContain('no problems found')
    expect((await cluster.api.send('DELETE', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/ipam-reader')).status).toBe(200)
    const refused = await cluster.until('the binding was gone', async () => {
      const result = await runCli(['audit', '--kubeconfig', reader])
      return result.code === 4 ? result : undefined
    })
    expect(refused.stdout).toBe('')
    expect(refused.stderr).toMatch(/^Error: .*nothing could be read.*not allowed[^\n]*\n$/)
  })

  test('a wrong token cannot start, and the token is not shown', async () => {
    const { code, stderr, stdout } = await runCli(['audit', '--kubeconfig', cluster.writeKubeconfig('wrong', 'canary-7f3a')], { env: { DEBUG: '*' } })
    expect(code).toBe(4)
    expect(stderr).toContain('does not accept the credentials of user "user"')
    expect(stderr + stdout).not.toContain('canary-7f3a')
  })

  test('impersonation and another authority are honoured', async () => {
    const { code, stderr } = await runCli(['audit', '--kubeconfig', cluster.kubeconfig, '--as', 'nobody', '--as-group', 'a', '--as-group', 'b'])
    expect([code, stderr]).toEqual([4, expect.stringContaining('nothing could be read')])
    const group = await audit(cluster.kubeconfig, ['--as', 'somebody', '--as-group', 'other', '--as-group', 'system:masters'])
    expect(group.code).toBe(0)
    const broken = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'))
    delete broken.clusters[0].cluster['certificate-authority-data']
    const file = `${cluster.kubeconfig}.no-authority`
    writeFileSync(file, JSON.stringify(broken), { mode: 0o600 })
    const result = await runCli(['audit', '--kubeconfig', file])
    expect([result.code, result.stderr]).toEqual([4, expect.stringMatching(/^Error: .*TLS: the certificate[^\n]*\n$/)])
  })

  test('two nodes with one range are DUP-102, and two pods with one address DUP-101', async () => {
    const range = given.get('node-1') as string
    await cluster.api.create(node('copycat', { podCIDR: range, podCIDRs: [range] }))
    await runPod(cluster, 'twin', 'copycat', hostOf(range, 2))
    const { code, report } = await audit(cluster.kubeconfig)
    expect(rulesOf(report)).toEqual(['DUP-101', 'DUP-102'])
    expect(report.findings.find(({ rule }) => rule === 'DUP-102')).toMatchObject({
      addresses: expect.arrayContaining([range]),
      nodes: ['copycat', 'node-1'],
    })
    expect(report.findings.find(({ rule }) => rule === 'DUP-101')?.owners.toSorted()).toEqual(['default/twin', 'default/web-node-1-2'])
    expect(code).toBe(1)
  })
})

describeReal('a live cluster that runs out', controlPlaneMissing(), () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ clusterCidr: '10.64.0.0/26', serviceCidr: '10.96.0.0/28', nodeMask: 28 })
  })
  afterAll(() => cluster?.stop())

  test('a cluster CIDR without room for two more nodes is CAP-401, and a full Service range CAP-405', async () => {
    for (let i = 1; i <= 6; i++) await cluster.api.create(node(`node-${i}`))
    for (let i = 2; i <= 14; i++) await cluster.api.create(service(`service-${i}`))
    await ranges(cluster, 4)
    // A node may be without a range for five minutes before anybody is told.
    const inTenMinutes = new Date(Date.now() + 600_000).toISOString()
    await cluster.until('two nodes were refused', async () => {
      const events = await cluster.api.list<{ reason: string; involvedObject: { name: string } }>('/api/v1/events')
      return new Set(events.filter(({ reason }) => reason === 'CIDRNotAvailable').map((event) => event.involvedObject.name)).size === 2 || undefined
    })
    const { code, report } = await audit(cluster.kubeconfig, ['--now', inTenMinutes])
    expect(report.pools.find(({ system }) => system === 'services')).toMatchObject({ ranges: ['10.96.0.0/28'], allocated: '14' })
    expect(rulesOf(report)).toEqual(expect.arrayContaining(['CAP-401', 'CAP-405']))
    expect(code).toBe(1)
  })

  test('a second ServiceCIDR is a pool of its own, and CAP-405 is gone', async () => {
    await cluster.api.create({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'ServiceCIDR',
      metadata: { name: 'more' },
      spec: { cidrs: ['10.97.0.0/24'] },
    })
    await cluster.until('a Service got an address of it', async () => {
      const answer = await cluster.api.send('POST', '/api/v1/namespaces/default/services', service('service-15'))
      return answer.status === 201 || answer.status === 409 ? true : undefined
    })
    const { report } = await audit(cluster.kubeconfig)
    const pools = report.pools.filter(({ system }) => system === 'services').map(({ ranges, allocated }) => [ranges, allocated])
    expect(pools.toSorted()).toEqual([
      [['10.96.0.0/28'], '14'],
      [['10.97.0.0/24'], '1'],
    ])
    expect(rulesOf(report)).not.toContain('CAP-405')
  })
})
