// `ipam explain` from outside: state of real software and of known incidents, with the exact verdict and exit code.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const captures = 'fixtures/captures'
const firstLine = (text: string): string => text.split('\n')[0] ?? ''

const ask = (subject: string, from: string, ...rest: readonly string[]) => runCli(['explain', subject, '--from', from, ...rest])

describe('state that real software wrote', () => {
  test.each([
    // expected.json of each: what was injected, and what was left healthy
    [
      'host-local/leak-reboot',
      '10.244.1.2',
      1,
      '10.244.1.2 on node-2 is taken in network podnet and no pod there has it: written before the last boot; the reboot took the sandbox and nobody sent a DEL',
    ],
    ['host-local/clean', '10.244.1.3', 0, '10.244.1.3 is held by pod shop/web-4 on node-2, as 2 of 2 sources say'],
    ['host-local/clean', '10.244.0.250', 0, '10.244.0.250 is free in the range of node node-1, 10.244.0.0/24'],
    ['host-local/clean', '8.8.8.8', 0, 'nobody hands out 8.8.8.8: it is in no known range'],
    ['host-local/clean', '10.96.0.1', 0, '10.96.0.1 is held by Service default/kubernetes, as 2 of 2 sources say'],
    ['calico/clean', '10.48.0.16', 0, '10.48.0.16 is held by node node-1, as 1 of 1 source says'],
    ['calico/clean', '10.48.0.28', 0, '10.48.0.28 is held by pod shop/api-4 on node-1, as 3 of 3 sources say'],
    ['calico/clean', '10.48.0.31', 0, '10.48.0.31 is free in block 10.48.0.24/29 of node node-4 (calico)'],
    ['calico/clean', 'node-1', 0, 'node node-1 has 1 block of calico with 8 of 8 addresses taken: 10.48.0.16/29'],
    ['kubelet-containerd/clean', 'node/worker-1', 0, undefined],
  ] as const)('%s: %s', async (folder, subject, code, verdict) => {
    const result = await ask(subject, `${captures}/${folder}`)
    expect(result.stderr).toBe('')
    if (verdict !== undefined) expect(firstLine(result.stdout)).toBe(verdict)
    expect(result.code).toBe(code)
  })

  test('a pod whose first tries left addresses behind: exit 1, with each of them', async () => {
    const { code, stdout } = await ask(
      'default/web-5775b668df-5pc4r',
      `${captures}/kubelet-containerd/leak-portmap-missing`,
      '--grace',
      '25s',
      '-o',
      'json',
    )
    const { verdict, findings, sources, addresses } = JSON.parse(stdout)
    expect(code).toBe(1)
    expect(verdict).toEqual({
      state: 'running',
      text: 'pod default/web-5775b668df-5pc4r has 10.244.0.27 on worker-1, as 3 of 3 sources say; see LEAK-201 stale-allocation-file below',
    })
    expect(findings.flatMap((finding: { addresses: string[] }) => finding.addresses).sort()).toEqual([
      '10.244.0.12',
      '10.244.0.15',
      '10.244.0.17',
      '10.244.0.20',
      '10.244.0.23',
    ])
    expect(addresses.map(({ address }: { address: string }) => address)).toContain('10.244.0.27')
    const events = sources.filter(({ source }: { source: string }) => source === 'events')
    expect(events).toHaveLength(1) // five tries that differ in the sandbox alone
    expect(events[0].says).toMatch(/^sandbox failed \(5 times\): .*failed to find plugin "portmap" in path \[\/opt\/cni\/bin\]$/)
  })

  test('a node that is gone, and its block is not', async () => {
    const { code, stdout } = await ask('node-4', `${captures}/calico/orphan-block-deleted-node`)
    expect(firstLine(stdout)).toMatch(
      /^there is no node node-4, and 10\.48\.0\.24\/29 \(calico\) and 4 addresses are still kept for it; see LEAK-203/,
    )
    expect(code).toBe(1)
  })
})

describe('a pod that hangs in ContainerCreating on a node full of leftovers', () => {
  let folder: string
  const stuck = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-3', namespace: 'shop', uid: 'u3', creationTimestamp: '2026-11-23T10:00:00Z' },
    spec: { nodeName: 'node-1' },
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True', lastTransitionTime: '2026-11-23T10:00:00Z' }] },
  }
  const failed = {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'web-3.1', namespace: 'shop' },
    reason: 'FailedCreatePodSandBox',
    involvedObject: { kind: 'Pod', namespace: 'shop', name: 'web-3' },
    message: `failed to setup network for sandbox "${'f'.repeat(64)}": plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.244.0.1-10.244.0.14`,
    count: 40,
    lastTimestamp: '2026-11-23T11:59:30Z',
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ipam-explain-'))
    cpSync('fixtures/corpus/015-failed-starts-never-give-back/faulty', folder, { recursive: true })
    writeFileSync(join(folder, 'cluster/stuck.json'), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [stuck, failed] }))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('from the symptom to the cause, and what to do', async () => {
    const { code, stdout } = await ask('pod/shop/web-3', folder, '--now', '2026-11-23T12:00:00Z')
    expect(firstLine(stdout)).toBe(
      'pod shop/web-3 has no address: ContainerCreating on node-1, because node-1’s range 10.244.0.0/28 is full: 13 of 13 addresses are taken, 11 of them by files that belong to no live pod',
    )
    expect(stdout).toContain('scheduled to node-1 2 h before it was read, and still without a sandbox network: ContainerCreating')
    expect(stdout).toContain('no address was left in 10.244.0.1-10.244.0.14 (last 2026-11-23T11:59:30Z, 40 times)')
    expect(stdout).toContain('CRITICAL  CAP-402 node-range-full')
    expect(stdout).toContain('What to do (R2)')
    expect(code).toBe(1)
  })

  test('its node says the same', async () => {
    const { code, stdout } = await ask('node-1', folder, '--now', '2026-11-23T12:00:00Z', '-o', 'json')
    const { verdict, addresses } = JSON.parse(stdout)
    expect(verdict).toEqual({
      state: 'full',
      text: 'node node-1 has no address left: 13 of 13 of 10.244.0.0/28 are taken, 11 of them by files that belong to no live pod',
    })
    expect(addresses).toHaveLength(11)
    expect(code).toBe(1)
  })

  test('--fail-on never: the same words, exit 0', async () => {
    expect((await ask('node-1', folder, '--now', '2026-11-23T12:00:00Z', '--fail-on', 'never')).code).toBe(0)
  })
})

describe('no answer, and no clean bill', () => {
  test.each([
    ['node-9', 2, 'Error: nothing called "node-9" in any source; did you mean node/node-a?'],
    ['pod/shop/nosuch-at-all', 2, 'Error: no pod "shop/nosuch-at-all" in any source; write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'],
  ])('%s: exit %i', async (subject, code, message) => {
    const result = await ask(subject, 'fixtures/demo')
    expect(result.stderr.trim()).toBe(message)
    expect(result.stdout).toBe('')
    expect(result.code).toBe(code)
  })

  test('flags of a cluster that is not read are refused, -n is not one of them', async () => {
    expect((await ask('shop/api-0', 'fixtures/demo', '--context', 'x')).code).toBe(2)
    expect((await ask('api-0', 'fixtures/demo', '-n', 'shop')).code).toBe(1)
  })

  test('a file that could not be read makes the answer incomplete: exit 3, and the verdict is not "free"', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ipam-explain-'))
    try {
      cpSync('fixtures/captures/calico/clean', folder, { recursive: true })
      writeFileSync(join(folder, 'cluster/pods.json'), '{"kind":"List","items":[{')
      const { code, stdout, stderr } = await ask('10.48.0.31', folder)
      expect(firstLine(stdout)).toMatch(
        /^10\.48\.0\.31 is held by nobody as far as could be read, in block 10\.48\.0\.24\/29 of node node-4 \(calico\); .* could not be read whole$/,
      )
      expect(stdout).toMatch(/^! \S*pods\.json +could not look: /m)
      expect(stdout).toContain('INCOMPLETE')
      expect(stderr).toContain('INCOMPLETE')
      expect(code).toBe(3)
      expect((await ask('pod/shop/nosuch', folder)).code).toBe(3)
      expect((await ask('10.48.0.31', folder, '--allow-incomplete')).code).toBe(0)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('no cluster to be reached: exit 4', async () => {
    expect((await runCli(['explain', '10.0.0.1'], { env: { KUBECONFIG: '/nonexistent', HOME: '/nonexistent' } })).code).toBe(4)
  })
})

test('names that would move the cursor are made visible, everywhere', async () => {
  const evil = 'web\u001b[2J\u202e'
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: evil, namespace: 'shop', uid: 'u' },
    spec: { nodeName: evil },
    status: { phase: 'Running', podIP: '10.0.0.7' },
  }
  const stdin = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [pod] })
  const folder = mkdtempSync(join(tmpdir(), 'ipam-explain-'))
  const formats = ['wide', 'json', 'yaml', 'markdown', 'csv', 'name']
  try {
    for (const subject of ['10.0.0.7', `shop/${evil}`, evil]) {
      const outputs = formats.flatMap((format) => ['-o', `${format}=${join(folder, format)}`])
      const { stdout, stderr } = await runCli(['explain', subject, '--from', '-', '-o', 'table', ...outputs, '--force'], { stdin })
      const written = subject === evil ? [] : formats.map((format) => readFileSync(join(folder, format), 'utf8'))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      for (const text of [stdout, stderr, ...written]) expect(text, subject).not.toMatch(/[\u001b\u202e]/)
      expect(stdout + stderr).toContain('web\\u{1b}[2J\\u{202e}')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
