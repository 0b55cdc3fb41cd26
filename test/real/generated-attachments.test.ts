// Network attachments that `ipam generate-conf` writes, given to the real whereabouts: it takes them, and gives what was planned.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { describeReal } from '../needs.ts'
import { runCli } from '../run-cli.ts'
import { auditNow } from './audit-now.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { type Lab, startLab, whereaboutsMissing } from './network-attachments.ts'

describeReal('generated attachments', whereaboutsMissing(), () => {
  let cluster: Cluster
  let lab: Lab
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ipam-real-whereabouts-'))
    cluster = await startCluster({ controllerManager: false })
    lab = await startLab(cluster, ['node-1'])
  })
  afterEach(() => lab?.clear())
  afterAll(async () => {
    lab?.stop()
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const networks = [
    { name: 'first', cidr: '10.26.0.0/27', type: 'macvlan', ipam: 'whereabouts', exclude: ['10.26.0.1', '10.26.0.2'] },
    { name: 'second', cidr: 'fd00:26::/120', type: 'ipvlan', ipam: 'whereabouts' },
  ]
  test.each([
    {
      target: 'nad',
      request: { clusterCidrs: ['10.70.0.0/16'], nodePrefixes: [24], nodes: 3, secondaryNetworks: networks },
      first: { first: '10.26.0.3', second: 'fd00:26::1' },
    },
    {
      target: 'whereabouts',
      request: {
        profile: 'whereabouts',
        clusterCidrs: ['10.27.0.0/24', 'fd00:27::/120'],
        nodePrefixes: [32, 128],
        nodes: 3,
        reservations: ['10.27.0.0/29'],
      },
      first: { storage: '10.27.0.8 fd00:27::1' },
    },
  ])('what generate-conf writes for $target is taken by the plugin, and gives what was planned', async ({ target, request, first }) => {
    const [file, plan, out] = [join(folder, `${target}.yaml`), join(folder, `${target}.json`), join(folder, target)]
    writeFileSync(file, stringify(request))
    const planned = await runCli(['plan', '-f', file, '--fail-on', 'never', '-o', `json=${plan}`])
    expect(planned.code, planned.stderr).toBe(0)
    const made = await runCli([
      'generate-conf',
      '--plan',
      plan,
      '--target',
      target,
      '--type',
      'macvlan',
      '--master',
      'eth1',
      '--name',
      'storage',
      '--out-dir',
      out,
    ])
    expect([made.code, made.stderr]).toEqual([0, ''])
    const given: Record<string, string> = {}
    for (const [index, path] of readdirSync(out).sort().entries()) {
      const { metadata, spec } = parse(readFileSync(join(out, path), 'utf8')) as { metadata: { name: string }; spec: { config: string } }
      await lab.define(metadata.name, spec.config)
      given[metadata.name] = (await lab.run(`pod-${index}`, 'node-1', `10.244.1.${60 + index}`, metadata.name)).addresses.join(' ')
    }
    expect(given).toEqual(first)
    const { found, code } = await auditNow(['--kubeconfig', cluster.kubeconfig])
    expect([found, code]).toEqual([[], 0])
  })
})
