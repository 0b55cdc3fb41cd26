// A bundle that `ipam collect` saved is as good as the cluster it came from.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeReal } from '../needs.ts'
import { runCli } from '../run-cli.ts'
import { type Cluster, controlPlaneMissing, startCluster } from './cluster.ts'
import { node, pod, running, service } from './objects.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-collect-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const everything = (path: string): string => execFileSync('grep', ['-r', '-h', '-e', '', path], { maxBuffer: 1 << 28 }).toString()

interface Report {
  readonly metadata: { readonly generatedAt: string; readonly observedAt: string; readonly cluster: string }
  readonly coverage: readonly { readonly source: string; readonly status: string; readonly error: string | null }[]
  readonly findings: readonly { readonly rule: string; readonly addresses: readonly string[] }[]
  readonly complete: boolean
}

describeReal('a bundle collected from a live cluster', controlPlaneMissing(), () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster({ clusterCidr: '10.64.0.0/16' })
    for (const name of ['node-1', 'node-2']) await cluster.api.create(node(name))
    const range = await cluster.until('a node had a range', async () => {
      const found = await cluster.api.get<{ spec: { podCIDR?: string } }>('/api/v1/nodes/node-1')
      return found.spec.podCIDR
    })
    await cluster.api.create(node('copycat', { podCIDR: range, podCIDRs: [range] }))
    for (const [name, where] of [
      ['canary-web-0', 'node-1'],
      ['canary-web-1', 'copycat'],
      ['web-2', 'copycat'],
    ] as const) {
      const one = pod(name, where)
      const container = { name: 'main', image: 'registry.k8s.io/pause:3.10', env: [{ name: 'PASSWORD', value: 'canary-secret' }] }
      await cluster.api.create({
        ...one,
        metadata: { ...one.metadata, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"canary-secret":1}' } },
        spec: { nodeName: where, containers: [container] },
      })
      await cluster.api.patchStatus(running(one, range.replace(/0\/24$/, name === 'web-2' ? '9' : '5')))
    }
    await cluster.api.create(service('canary-service'))
    await cluster.api.create({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'canary-namespace' },
    })
    await cluster.api.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'kubeadm-config', namespace: 'kube-system' },
      data: {
        ClusterConfiguration: 'controlPlaneEndpoint: canary-host:6443\nnetworking:\n  podSubnet: 10.64.0.0/16\n  serviceSubnet: 10.96.0.0/16\n',
      },
    } as never)
  })
  afterAll(() => cluster?.stop())

  const audit = async (args: readonly string[]) => {
    const result = await runCli(['audit', '--json', ...args])
    return { ...result, report: JSON.parse(result.stdout) as Report }
  }

  test('gives the findings of the live audit, byte for byte but for times', async () => {
    const out = join(folder, 'bundle')
    const live = await audit(['--kubeconfig', cluster.kubeconfig])
    const collected = await runCli(['collect', '--kubeconfig', cluster.kubeconfig, '--out', out, '--chunk-size', '2'])
    expect([collected.code, collected.stderr]).toEqual([0, ''])
    const { observedAt } = live.report.metadata
    const saved = await audit(['--from', out, '--now', observedAt])
    expect(live.report.findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['DUP-101', 'DUP-102']))
    const timeless = (text: string) => text.replace(/"(generatedAt|observedAt)": "[^"]*"/g, '')
    expect(timeless(saved.stdout)).toBe(timeless(live.stdout))
    expect([saved.code, live.code]).toEqual([1, 1])
    expect(everything(out)).not.toContain('canary-secret')
    expect(everything(out)).not.toContain('managedFields')
    expect(statSync(out).mode & 0o777).toBe(0o700)
    expect(JSON.parse(readFileSync(join(out, 'bundle.json'), 'utf8'))).toMatchObject({
      kind: 'Bundle',
      cluster: 'real',
      complete: true,
      collectedAt: expect.stringMatching(/Z$/),
    })
  })

  test('with --redact holds no name, and the same faults at the same addresses', async () => {
    const out = join(folder, 'redacted')
    expect((await runCli(['collect', '--kubeconfig', cluster.kubeconfig, '--out', out, '--redact'])).code).toBe(0)
    const text = everything(out)
    for (const name of ['canary', 'copycat', 'node-1', 'web-2', 'pause', '"real"']) expect(text, name).not.toContain(name)
    const faults = ({ findings }: Report) => findings.map(({ rule, addresses }) => `${rule} ${addresses.join()}`).sort()
    const [live, saved] = await Promise.all([audit(['--kubeconfig', cluster.kubeconfig]), audit(['--from', out])])
    expect(faults(saved.report)).toEqual(faults(live.report))
  })

  test('leaves out what is forbidden, says so in the bundle, and the audit of it knows', async () => {
    const out = join(folder, 'part')
    const rule = { apiGroups: [''], resources: ['pods', 'services', 'events'], verbs: ['get', 'list'] }
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'part' } }
    await cluster.api.create({ ...rbac, kind: 'ClusterRole', rules: [rule] })
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'part' }
    await cluster.api.create({
      ...rbac,
      kind: 'ClusterRoleBinding',
      roleRef,
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'reader' }],
    })
    const reader = cluster.writeKubeconfig('reader', cluster.readerToken)
    const { stdout } = await cluster.until('pods could be collected', async () => {
      const result = await runCli(['collect', '--kubeconfig', reader, '--out', out, '--force'])
      return result.code === 3 ? result : undefined
    })
    expect(stdout).toContain('INCOMPLETE')
    const saved = readdirSync(join(out, 'cluster'))
    expect(saved).toEqual(expect.arrayContaining(['pods.json', 'services.json']))
    expect(saved).not.toContain('nodes.json')
    const { report } = await audit(['--from', out, '--allow-incomplete'])
    expect(report.complete).toBe(false)
    expect(report.coverage.find(({ source }) => source === 'nodes')).toMatchObject({
      status: 'forbidden',
      error: expect.stringContaining('`get,list nodes`'),
    })
  })

  test('is refused where something lies already, and replaces it whole with --force', async () => {
    const out = join(folder, 'mine')
    const args = ['collect', '--kubeconfig', cluster.kubeconfig, '--out', out]
    expect((await runCli(args)).code).toBe(0)
    writeFileSync(join(out, 'note.txt'), 'mine')
    const refused = await runCli(args)
    expect([refused.code, refused.stdout]).toEqual([5, ''])
    expect(refused.stderr).toMatch(/is not empty; give --force[^\n]*\n$/)
    expect(readFileSync(join(out, 'note.txt'), 'utf8')).toBe('mine')
    expect((await runCli([...args, '--force'])).code).toBe(0)
    expect(readdirSync(out).sort()).toEqual(['bundle.json', 'cluster'])
    expect(readdirSync(folder).filter((name) => name.startsWith('.tmp'))).toEqual([])
  })
})
