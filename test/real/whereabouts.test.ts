// The audit of pools that the real whereabouts keeps in a real API server: what it gave is counted to the address, and what goes wrong with it is found.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { describeReal } from '../needs.ts'
import { runCli } from '../run-cli.ts'
import { type AuditReport, auditNow, nextSecond } from './audit-now.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { type Lab, startLab, whereaboutsMissing } from './network-attachments.ts'

const NODES = ['node-1', 'node-2', 'node-3'] as const

describeReal('pools of whereabouts', whereaboutsMissing(), () => {
  let cluster: Cluster
  let lab: Lab
  let folder: string
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'ipam-real-whereabouts-'))
    cluster = await startCluster({ controllerManager: false })
    lab = await startLab(cluster, NODES)
  })
  afterEach(() => lab?.clear())
  afterAll(async () => {
    lab?.stop()
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const audit = (args: readonly string[] = ['--kubeconfig', cluster.kubeconfig]) => auditNow(args)

  /** On the nodes in turn, one after the other: first come, first served. */
  const runAll = async (count: number, network: string, prefix = network) => {
    const given: string[] = []
    for (let n = 0; n < count; n++) {
      const host = NODES[n % NODES.length] as string
      given.push(
        ...(await lab.run(`${prefix}-${n}`, host, `10.244.${(n % NODES.length) + 1}.${10 + n + [...prefix].length * 10}`, network)).addresses,
      )
    }
    return given
  }

  test('pods that start at once on several nodes: every address is counted, live and from a bundle, and goes when its pod goes', async () => {
    await lab.define('storage', {
      range: '10.20.0.0/24',
      range_start: '10.20.0.16',
      range_end: '10.20.0.200',
      exclude: ['10.20.0.16/30', '10.20.0.25'],
    })
    await lab.define('six', { range: 'fd00:20::/64', network_name: 'red' })
    const starting = Array.from({ length: 9 }, (_, n) => {
      const [host, network] = [NODES[n % 3] as string, n < 6 ? 'storage' : 'six']
      return lab.run(`web-${n}`, host, `10.244.${(n % 3) + 1}.${10 + n}`, network)
    })
    const given = (await Promise.all(starting)).flatMap(({ addresses }) => addresses)
    const values = (prefix: string) => given.filter((text) => text.startsWith(prefix)).sort()
    // 16 to 19 are excluded.
    expect(values('10.')).toEqual([20, 21, 22, 23, 24, 26].map((n) => `10.20.0.${n}`))
    expect(values('fd')).toEqual(['fd00:20::1', 'fd00:20::2', 'fd00:20::3'])

    const live = await audit()
    expect([live.found, live.report.complete, live.code]).toEqual([[], true, 0])
    // 185 within the bounds, less 16 to 19 and 25; in IPv6 all but the first and the last.
    expect(live.pools).toEqual({ '10.20.0.0-24': '6 of 180', 'red-fd00-20---64': `3 of ${2n ** 64n - 2n}` })
    const out = join(folder, 'healthy')
    expect((await runCli(['collect', '--kubeconfig', cluster.kubeconfig, '--out', out])).code).toBe(0)
    const saved = await audit(['--from', out, '--now', live.report.metadata.observedAt])
    expect([saved.found, saved.pools]).toEqual([[], live.pools])

    expect((await lab.call('DEL', { pod: 'web-1', node: 'node-2', network: 'storage' })).code).toBe(0)
    await lab.forget('web-1')
    const after = await audit()
    expect([after.found, after.pools['10.20.0.0-24']]).toEqual([[], '5 of 180'])
  })

  test('a pod that is gone without a call of the plugin leaves its address taken, until somebody calls or a pod of its name comes', async () => {
    await lab.define('storage', { range: '10.21.0.0/24' })
    await runAll(4, 'storage', 'db')
    await lab.forget('db-1')
    await lab.forget('db-2')
    const leak = { rule: 'LEAK-204', severity: 'medium', confidence: 'certain' }
    const leaks = [
      { ...leak, addresses: ['10.21.0.2'], owners: ['default/db-1'] },
      { ...leak, addresses: ['10.21.0.3'], owners: ['default/db-2'] },
    ]
    const live = await audit()
    expect([live.found, live.code, live.pools]).toEqual([leaks, 1, { '10.21.0.0-24': '4 of 254' }])
    const out = join(folder, 'leaks')
    expect((await runCli(['collect', '--kubeconfig', cluster.kubeconfig, '--out', out])).code).toBe(0)
    const saved = await audit(['--from', out, '--now', live.report.metadata.observedAt])
    expect([saved.report.findings, saved.code]).toEqual([live.report.findings, 1])
    // Younger than the grace it may be a pod that is just being created.
    const { code, stdout } = await runCli(['audit', '--json', '--kubeconfig', cluster.kubeconfig])
    expect([code, (JSON.parse(stdout) as AuditReport).findings]).toEqual([0, []])

    expect((await lab.call('DEL', { pod: 'db-1', node: 'node-2', network: 'storage' })).code).toBe(0)
    expect((await lab.run('db-2', 'node-1', '10.244.1.99', 'storage')).addresses).toEqual(['10.21.0.3'])
    expect((await audit()).found).toEqual([])
  })

  test('a reservation that was removed: half a record, and with an overlapping range the address is given twice', async () => {
    await lab.define('wide', { range: '10.22.0.0/24' })
    await lab.define('narrow', { range: '10.22.0.0/25' })
    expect(await runAll(2, 'wide')).toEqual(['10.22.0.1', '10.22.0.2'])
    expect(await runAll(1, 'narrow')).toEqual(['10.22.0.3'])
    const overlap = {
      rule: 'OVL-307',
      severity: 'low',
      confidence: 'certain',
      addresses: ['10.22.0.0/24', '10.22.0.0/25'],
      owners: ['10.22.0.0-24', '10.22.0.0-25'],
    }
    const healthy = await audit()
    expect([healthy.found, healthy.code]).toEqual([[overlap], 0])

    expect((await cluster.api.send('DELETE', `${lab.path.reservations}/10.22.0.1`)).status).toBe(200)
    const half = { rule: 'LEAK-204', severity: 'medium', confidence: 'likely', addresses: ['10.22.0.1'], owners: ['default/wide-0'] }
    const removed = await audit()
    expect([removed.found, removed.code]).toEqual([[half, overlap], 1])
    expect(removed.report.findings[0]?.message).toContain('the OverlappingRangeIPReservation is missing')

    expect((await lab.run('late', 'node-3', '10.244.3.200', 'narrow')).addresses).toEqual(['10.22.0.1'])
    const owners = ['default/late', 'default/wide-0']
    await nextSecond()
    const twice = await audit()
    expect(twice.found).toEqual([
      { rule: 'DUP-101', severity: 'critical', confidence: 'certain', addresses: ['10.22.0.1'], owners },
      { rule: 'DRF-508', severity: 'medium', confidence: 'certain', addresses: ['10.22.0.1'], owners: [...owners].reverse() },
      overlap,
    ])
  })

  test('an entry that was removed from its pool leaves the reservation, by which alone the address is still kept', async () => {
    await lab.define('storage', { range: '10.23.0.0/24' })
    await runAll(2, 'storage')
    const entry = [{ op: 'remove', path: '/spec/allocations/1' }]
    expect((await cluster.api.send('PATCH', `${lab.path.pools}/10.23.0.0-24`, entry, 'application/json-patch+json')).status).toBe(200)
    expect((await lab.run('other', 'node-3', '10.244.3.201', 'storage')).addresses).toEqual(['10.23.0.3'])
    await nextSecond()
    const { found } = await audit()
    expect(found).toEqual([{ rule: 'LEAK-204', severity: 'medium', confidence: 'certain', addresses: ['10.23.0.1'], owners: ['default/storage-0'] }])
  })

  test('a range that is used up: the plugin refuses one more, and the audit counts as it does', async () => {
    await lab.define('small', { range: '10.24.0.0/28', exclude: ['10.24.0.8/29'] })
    await runAll(6, 'small')
    const six = await audit()
    expect([six.found, six.pools]).toEqual([[], { '10.24.0.0-28': '6 of 7' }])
    expect((await lab.run('last', 'node-1', '10.244.1.98', 'small')).addresses).toEqual(['10.24.0.7'])
    const refused = await lab.call('ADD', { pod: 'one-more', node: 'node-2', network: 'small' })
    expect([refused.result, refused.error?.msg]).toEqual([undefined, expect.stringMatching(/Could not allocate IP in range/)])
    const { found, code, pools } = await audit()
    expect(found).toEqual([{ rule: 'CAP-406', severity: 'high', confidence: 'certain', addresses: ['10.24.0.0/28'], owners: [] }])
    expect([code, pools]).toEqual([1, { '10.24.0.0-28': '7 of 7' }])
  })

  test('overlapping ranges without protection: both the fault and its cause', async () => {
    await lab.define('wide', { range: '10.25.0.0/24', enable_overlapping_ranges: false })
    await lab.define('narrow', { range: '10.25.0.0/25', enable_overlapping_ranges: false })
    expect(await runAll(3, 'wide')).toEqual(['10.25.0.1', '10.25.0.2', '10.25.0.3'])
    expect(await runAll(2, 'narrow')).toEqual(['10.25.0.1', '10.25.0.2'])
    const duplicate = { rule: 'DUP-101', severity: 'critical', confidence: 'certain' }
    await nextSecond()
    const { found, code } = await audit()
    expect(found).toEqual([
      { ...duplicate, addresses: ['10.25.0.1'], owners: ['default/narrow-0', 'default/wide-0'] },
      { ...duplicate, addresses: ['10.25.0.2'], owners: ['default/narrow-1', 'default/wide-1'] },
      {
        rule: 'OVL-307',
        severity: 'high',
        confidence: 'certain',
        addresses: ['10.25.0.0/24', '10.25.0.0/25'],
        owners: ['10.25.0.0-24', '10.25.0.0-25'],
      },
    ])
    expect(code).toBe(1)
  })
})
