// What `ipam plan` promises and `ipam generate-conf` writes, held against the real plugins: addresses lie in the node's range, and the range is full just when the plan says.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cidrHolds, parseAddressWithPrefix, parseCidr } from '../../src/net/index.ts'
import { describeReal } from '../needs.ts'
import { namespacesMissing, openNode } from '../node-namespace.ts'
import { cniExec, pluginOfList, pluginsMissing } from '../plugins.ts'
import { runCli } from '../run-cli.ts'

type Conflist = Readonly<Record<string, unknown>>
interface PlannedNode {
  readonly name: string
  readonly subnets: readonly string[]
  readonly usable: string
}

let folder = ''
let nodes: readonly PlannedNode[] = []

async function ipam(...args: readonly string[]): Promise<void> {
  const { code, stderr } = await runCli(args, { cwd: folder })
  if (code !== 0) throw new Error(`ipam ${args.join(' ')} ended with ${code}: ${stderr}`)
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ipam-generated-'))
  await ipam(
    'plan',
    '--cluster-cidr',
    '10.77.0.0/24,fd00:77::/56',
    '--node-prefix',
    '29,64',
    '--reserve',
    '10.77.0.0/29',
    '--nodes',
    '3',
    '-q',
    '-o',
    'json=plan.json',
  )
  nodes = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')).nodes
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function generated(type: string, version: string): Promise<(node: PlannedNode) => Conflist> {
  const out = `${type}-${version}`
  const master = type.endsWith('vlan') ? ['--master', 'eth0'] : []
  await ipam(
    'generate-conf',
    '--plan',
    'plan.json',
    '--type',
    type,
    '--name',
    'pods',
    '--cni-version',
    version,
    ...master,
    '--out-dir',
    out,
    '-q',
    '-o',
    `name=${out}.txt`,
  )
  return (node) => JSON.parse(readFileSync(join(folder, out, node.name, 'etc/cni/net.d/10-pods.conflist'), 'utf8'))
}

const inside = (node: PlannedNode, address: string): boolean =>
  node.subnets.some((subnet) => cidrHolds(parseCidr(subnet), parseAddressWithPrefix(address).address))

describeReal('generated configuration and the real host-local', pluginsMissing(), () => {
  test.each([
    ['bridge', '0.3.1'],
    ['bridge', '1.1.0'],
    ['ptp', '1.0.0'],
    ['macvlan', '0.4.0'],
    ['ipvlan', '1.0.0'],
  ])('%s %s: every node gives just its own addresses, and as many as planned', async (type, version) => {
    const conflist = await generated(type, version)
    expect(nodes.map((node) => node.usable)).toEqual(['5', '5', '5'])
    for (const node of nodes) {
      const config = pluginOfList(conflist(node))
      const dataDir = join(folder, 'state', `${type}-${version}`, node.name)
      const add = (i: number) => cniExec({ command: 'ADD', plugin: 'host-local', config, containerId: `pod-${i}`, dataDir })
      const given = Array.from({ length: Number(node.usable) }, (_, i) => add(i))
      expect(given.flatMap(({ error }) => error ?? [])).toEqual([])
      const addresses = given.flatMap(({ result }) => (result?.ips ?? []).map(({ address }) => address))
      expect(addresses.filter((address) => !inside(node, address))).toEqual([])
      expect(new Set(addresses).size).toBe(2 * Number(node.usable))
      expect(add(99).error?.msg).toContain('no IP addresses available in range set')
    }
  })
})

describeReal('generated configuration and the real bridge in a network namespace', pluginsMissing() ?? namespacesMissing(), () => {
  test('a pod gets both addresses of its node’s range, and a default route', async () => {
    // The masquerading that a bridge does by default needs iptables, which is another test's business.
    await ipam(
      'generate-conf',
      '--plan',
      'plan.json',
      '--type',
      'bridge',
      '--name',
      'pods',
      '--no-ip-masq',
      '--out-dir',
      'real',
      '-q',
      '-o',
      'name=real.txt',
    )
    for (const planned of nodes) {
      const node = openNode()
      try {
        const pod = node.pod()
        const answer = node.run('add', JSON.parse(readFileSync(join(folder, 'real', planned.name, 'etc/cni/net.d/10-pods.conflist'), 'utf8')), pod)
        expect(answer.error).toBe('')
        expect(answer.result?.ips?.map(({ address }) => inside(planned, address))).toEqual([true, true])
        expect(node.sh('ip route', pod)).toContain('default via')
      } finally {
        node.close()
      }
    }
  })
})
