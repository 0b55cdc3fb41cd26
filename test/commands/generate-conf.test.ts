import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import GenerateConf from '../../src/commands/generate-conf.ts'
import { runCommand } from '../cli/run-command.ts'
import { runCli } from '../run-cli.ts'

const folders: string[] = []
function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ipam-conf-'))
  folders.push(path)
  return path
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

const nodes = [
  { name: 'Node1', pool: 'default', subnets: ['10.244.1.0/24', 'fd00:10:244:1::/64'], usable: '253', maxPods: 110 },
  { name: 'Node2', pool: 'default', subnets: ['10.244.2.0/24', 'fd00:10:244:2::/64'], usable: '253', maxPods: 110 },
]
const plan = (more: object = {}) => ({
  apiVersion: 'ipam/v1',
  kind: 'AddressPlan',
  spec: { clusterCidrs: ['10.244.0.0/16'] },
  pools: [],
  nodes,
  ...more,
})

function planFile(content: unknown = plan()): string {
  const path = join(folder(), 'plan.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Inside this process, one at a time: a process of its own takes fifty times as long. */
const conf = (args: readonly string[]) => runCommand(GenerateConf, args)
const program = (args: readonly string[], stdin = '') => runCli(['generate-conf', ...args], { stdin })
const paths = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

const one = ['--subnet', '10.9.1.0/24']

describe('to standard output', () => {
  test('the example of every textbook, and nothing else', async () => {
    const result = await program(['--subnet', '192.168.1.0/24', '--type', 'bridge', '--name', 'mynet', '--cni-version', '0.3.1'])
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toBe(`{
  "cniVersion": "0.3.1",
  "name": "mynet",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "cni0",
      "isGateway": true,
      "ipMasq": true,
      "ipam": {
        "type": "host-local",
        "ranges": [
          [{ "subnet": "192.168.1.0/24" }]
        ],
        "routes": [
          { "dst": "0.0.0.0/0" }
        ]
      }
    }
  ]
}
`)
  })
  test('every flag of a bridge reaches the file', async () => {
    const bounds = ['--range-start', '10.9.1.5', '--range-start', 'fd00:9::5', '--range-end', '10.9.1.99', '--gateway', '10.9.1.3']
    const dns = ['--dns-nameserver', '10.96.0.10', '--dns-domain', 'cluster.test', '--dns-search', 'svc.cluster.test', '--dns-search', 'test']
    const routes = ['--route', '10.96.0.0/12=10.9.1.9', '--route', '::/0', '--no-default-route']
    const bridge = ['--bridge', 'br7', '--hairpin', '--no-ip-masq', '--mtu', '1450', '--data-dir', '/run/state', '--portmap', '--bandwidth']
    const result = await conf([
      '--subnet',
      '10.9.1.0/24',
      '--subnet',
      'fd00:9::/64',
      '--name',
      'net7',
      '--cni-version',
      '1.1.0',
      ...bounds,
      ...dns,
      ...routes,
      ...bridge,
    ])
    expect(JSON.parse(result.stdout)).toEqual({
      cniVersion: '1.1.0',
      name: 'net7',
      plugins: [
        {
          type: 'bridge',
          bridge: 'br7',
          isGateway: true,
          ipMasq: false,
          hairpinMode: true,
          mtu: 1450,
          ipam: {
            type: 'host-local',
            dataDir: '/run/state',
            ranges: [
              [{ subnet: '10.9.1.0/24', rangeStart: '10.9.1.5', rangeEnd: '10.9.1.99', gateway: '10.9.1.3' }],
              [{ subnet: 'fd00:9::/64', rangeStart: 'fd00:9::5' }],
            ],
            routes: [{ dst: '10.96.0.0/12', gw: '10.9.1.9' }, { dst: '::/0' }],
          },
          dns: { nameservers: ['10.96.0.10'], domain: 'cluster.test', search: ['svc.cluster.test', 'test'] },
        },
        { type: 'portmap', capabilities: { portMappings: true } },
        { type: 'bandwidth', capabilities: { bandwidth: true } },
      ],
    })
  })
  test('macvlan, and a network without flags of its own', async () => {
    const macvlan = await conf(['--subnet', '10.9.1.0/24', '--type', 'macvlan', '--master', 'ens3.100', '--mode', 'vepa', '--no-ip-masq'])
    const plain = await conf(['--subnet', '10.9.1.0/24'])
    expect(JSON.parse(macvlan.stdout).plugins[0]).toMatchObject({ type: 'macvlan', master: 'ens3.100', mode: 'vepa' })
    expect(JSON.parse(plain.stdout)).toMatchObject({ cniVersion: '1.0.0', name: 'pods', plugins: [{ type: 'bridge', bridge: 'cni0', ipMasq: true }] })
  })
  test('one node of a plan, from a file, from standard input, and from YAML', async () => {
    const yaml = 'apiVersion: ipam/v1\nkind: AddressPlan\nnodes:\n  - name: Node2\n    subnets: [10.244.2.0/24, "fd00:10:244:2::/64"]\n'
    const windows = `\uFEFF${JSON.stringify(plan(), null, 2).replaceAll('\n', '\r\n')}`
    const results = [
      await conf(['--plan', planFile(), '--node', 'Node2']),
      await program(['--plan', '-', '--node', 'Node2'], windows),
      await conf(['--plan', planFile(yaml)]),
    ]
    for (const { code, stdout, stderr } of results) {
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(JSON.parse(stdout).plugins[0].ipam.ranges).toEqual([[{ subnet: '10.244.2.0/24' }], [{ subnet: 'fd00:10:244:2::/64' }]])
    }
  })
  test('says where the gateway of macvlan pods must be, unless --quiet', async () => {
    const args = ['--plan', planFile(), '--node', 'Node2', '--type', 'macvlan', '--master', 'ens3']
    const [loud, quiet, without] = [await conf(args), await conf([...args, '--quiet']), await conf([...args, '--no-default-route'])]
    expect(loud.stderr).toContain('a router on the segment must have it')
    expect([quiet.stderr, without.stderr]).toEqual(['', ''])
  })
  test('with a report in a file', async () => {
    const report = join(folder(), 'report.json')
    const result = await conf(['--subnet', '10.9.1.0/24', '-o', `json=${report}`, '-q'])
    expect(JSON.parse(result.stdout).name).toBe('pods')
    expect(JSON.parse(readFileSync(report, 'utf8')).files).toEqual([{ node: null, path: '10-pods.conflist', subnets: ['10.9.1.0/24'] }])
  })
})

describe('into folders', () => {
  test('one folder for each node, with the bytes that standard output has', async () => {
    const [out, file] = [folder(), planFile()]
    const result = await conf(['--plan', file, '--out-dir', join(out, 'new/out'), '--portmap'])
    const node2 = join(out, 'new/out/Node2/etc/cni/net.d/10-pods.conflist')
    expect(result).toMatchObject({ code: 0, stderr: '' })
    expect(result.stdout).toContain(node2)
    expect(paths(out).sort()).toEqual([node2.replace('Node2', 'Node1'), node2])
    expect(readFileSync(node2, 'utf8')).toBe((await conf(['--plan', file, '--node', 'Node2', '--portmap'])).stdout)
    expect(statSync(node2).mode & 0o777).toBe(0o644)
  })
  test('only the nodes asked for, under a name of choice', async () => {
    const out = folder()
    await conf(['--plan', planFile(), '--node', 'Node2', '--out-dir', out, '--file-name', '05-own.conflist'])
    expect(paths(out)).toEqual([join(out, 'Node2/etc/cni/net.d/05-own.conflist')])
  })
  test('without a plan the file lies in the folder itself', async () => {
    const out = folder()
    const result = await conf(['--subnet', '10.9.1.0/24', '--name', 'net7', '--out-dir', out, '-o', 'json'])
    expect(paths(out)).toEqual([join(out, '10-net7.conflist')])
    expect(JSON.parse(result.stdout)).toMatchObject({
      apiVersion: 'ipam/v1',
      kind: 'GeneratedConfiguration',
      files: [{ node: null, path: join(out, '10-net7.conflist'), subnets: ['10.9.1.0/24'] }],
      refused: [],
    })
  })
  test('names, for pipes', async () => {
    const out = folder()
    const result = await conf(['--plan', planFile(), '--out-dir', out, '-o', 'name'])
    expect(result.stdout).toBe(`file/${out}/Node1/etc/cni/net.d/10-pods.conflist\nfile/${out}/Node2/etc/cni/net.d/10-pods.conflist\n`)
  })
  test('an existing file stays and stops everything; --force replaces it', async () => {
    const [out, file] = [folder(), planFile()]
    const second = join(out, 'Node2/etc/cni/net.d/10-pods.conflist')
    mkdirSync(join(second, '..'), { recursive: true })
    writeFileSync(second, 'mine')
    const refused = await conf(['--plan', file, '--out-dir', out])
    expect(refused).toMatchObject({ code: 5, stdout: '' })
    expect(refused.stderr).toContain(second)
    expect([readFileSync(second, 'utf8'), paths(out)]).toEqual(['mine', [second]])
    expect(await conf(['--plan', file, '--out-dir', out, '--force'])).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(readFileSync(second, 'utf8')).name).toBe('pods')
    expect(paths(out)).toHaveLength(2)
  })
  test('a link, a directory or a file in the way is left as it is, with --force too', async () => {
    const out = folder()
    const target = join(out, 'kept')
    writeFileSync(target, 'mine')
    symlinkSync(target, join(out, '10-a.conflist'))
    mkdirSync(join(out, '10-b.conflist'))
    const run = (name: string, dir = out) => conf(['--subnet', '10.9.1.0/24', '--out-dir', dir, '--name', name, '--force'])
    for (const result of [await run('a'), await run('b'), await run('c', target)]) expect(result).toMatchObject({ code: 5, stdout: '' })
    expect(readFileSync(target, 'utf8')).toBe('mine')
    expect(readdirSync(out).sort()).toEqual(['10-a.conflist', '10-b.conflist', 'kept'])
  })
  test('a folder that takes no files', async () => {
    expect(await conf([...one, '--out-dir', '/proc/ipam'])).toMatchObject({ code: 5, stdout: '' })
  })
  test('two at once: one wins, none is torn', async () => {
    const [out, file] = [folder(), planFile()]
    const results = await Promise.all(['a', 'b'].map((bridge) => program(['--plan', file, '--out-dir', out, '--bridge', bridge])))
    const winner = results.findIndex(({ code }) => code === 0)
    expect(results.map(({ code }) => code).sort()).toEqual([0, 5])
    const bridges = paths(out).map((path) => JSON.parse(readFileSync(path, 'utf8')).plugins[0].bridge)
    expect(bridges).toEqual(winner === 0 ? ['a', 'a'] : ['b', 'b'])
  })
})

describe('nodes that would hand out the same addresses', () => {
  const overlapping = plan({ nodes: [...nodes, { name: 'Node3', subnets: ['10.244.2.128/25'] }] })
  const message = 'nodes Node2 and Node3 would hand out the same addresses: 10.244.2.0/24 and 10.244.2.128/25 overlap'
  test('are refused by name, and nothing is written', async () => {
    const out = join(folder(), 'out')
    const result = await conf(['--plan', planFile(overlapping), '--out-dir', out])
    expect(result).toEqual({ code: 1, stdout: '', stderr: `Error: ${message}\n` })
    expect(existsSync(out)).toBe(false)
  })
  test('also when only one of them is asked for, or neither', async () => {
    const file = planFile(overlapping)
    for (const node of ['Node3', 'Node1']) expect(await conf(['--plan', file, '--node', node, '--quiet'])).toMatchObject({ code: 1, stdout: '' })
  })
  test('are named in JSON with the same exit code', async () => {
    const result = await program(['--plan', planFile(overlapping), '--out-dir', folder(), '--json'])
    expect(result.code).toBe(1)
    expect(JSON.parse(result.stdout)).toMatchObject({
      files: [],
      refused: [{ nodes: ['Node2', 'Node3'], subnets: ['10.244.2.0/24', '10.244.2.128/25'], message }],
    })
  })
  test('are not listed without end', async () => {
    const many = plan({ nodes: Array.from({ length: 300 }, (_, index) => ({ name: `n${index}`, subnets: ['10.244.2.0/24'] })) })
    const result = await conf(['--plan', planFile(many), '--node', 'n7'])
    expect(result.stderr.split('\n').filter(Boolean)).toHaveLength(20)
  })
})

describe('refused with exit 2, nothing on standard output', () => {
  test.each<[string, readonly string[], string]>([
    ['no input', [], 'there is nothing to allocate from: give --subnet CIDR, or --plan FILE as ipam plan -o json writes it'],
    ['two inputs', [...one, '--plan', 'x'], '--subnet and --plan contradict each other; give one of them'],
    ['a node without a plan', [...one, '--node', 'n1'], '--node names a node of a plan; give the plan too: --plan FILE'],
    [
      'bounds with a plan',
      ['--plan', 'x', '--range-start', '10.9.1.5'],
      '--range-start belongs to one subnet, and a plan has one for each node; use --subnet for this node',
    ],
    ['host bits', ['--subnet', '192.168.1.7/24'], '--subnet: "192.168.1.7/24" has host bits set for /24; did you mean 192.168.1.0/24?'],
    ['leading zeros', ['--subnet', '010.9.1.0/24'], '--subnet: "010.9.1.0/24" has an octet with a leading zero: octal or decimal?'],
    ['a /31', ['--subnet', '10.9.1.0/31'], '--subnet: 10.9.1.0/31 is too small: host-local needs a /30 or larger'],
    ['a /32', ['--subnet', '10.9.1.7/32'], '--subnet: 10.9.1.7/32 is too small: host-local needs a /30 or larger'],
    ['a /128', ['--subnet', 'fd00::1/128'], '--subnet: fd00::1/128 is too small: host-local needs a /126 or larger'],
    ['a range outside', [...one, '--range-end', '10.9.2.5'], '--subnet: the end of the range 10.9.2.5 lies outside 10.9.1.0/24'],
    [
      'an address that is none',
      [...one, '--gateway', '10.9.1'],
      '--gateway: "10.9.1" is a short or hexadecimal form; write all four octets in decimal',
    ],
    [
      'a network name that leaves the folder',
      [...one, '--name', '../x'],
      '--name: "../x" is no network name: letters, digits, "_", "." and "-", a letter or digit first',
    ],
    ['an empty network name', [...one, '--name', ''], '--name: "" is no network name: letters, digits, "_", "." and "-", a letter or digit first'],
    ['a long bridge name', [...one, '--bridge', 'a234567890123456'], '--bridge: "a234567890123456" is no interface name: it has more than 15 bytes'],
    [
      'a bridge name with a slash',
      [...one, '--bridge', 'a/b'],
      '--bridge: "a/b" is no interface name: it must not be empty, "." or "..", or hold "/", ":" or blanks',
    ],
    [
      'a file that no runtime loads',
      [...one, '--file-name', 'x.conf'],
      '--file-name: "x.conf" is no name like 10-pods.conflist: letters, digits, "_", "." and "-", ending in .conflist',
    ],
    [
      'a file name with a folder',
      [...one, '--file-name', 'a/x.conflist'],
      '--file-name: "a/x.conflist" is no name like 10-pods.conflist: letters, digits, "_", "." and "-", ending in .conflist',
    ],
    ['a relative data folder', [...one, '--data-dir', 'x'], '--data-dir: "x" is no absolute path, like /run/cni-ipam-state'],
    [
      'macvlan without an interface',
      [...one, '--type', 'macvlan'],
      '--master is missing: which interface of the node is macvlan to share? for example --master eth0',
    ],
    [
      'a mode of another plugin',
      [...one, '--type', 'ipvlan', '--master', 'e', '--mode', 'vepa'],
      '--mode: "vepa" is no mode of ipvlan; there is l2, l3, l3s',
    ],
    ['a flag of another plugin', [...one, '--type', 'ptp', '--hairpin'], '--hairpin is for --type bridge, not for ptp'],
    [
      'masquerading where there is none',
      [...one, '--type', 'macvlan', '--master', 'e', '--ip-masq'],
      '--ip-masq is for --type bridge or ptp, not for macvlan',
    ],
    ['a route of another family', [...one, '--route', 'fd00::/8'], '--route: fd00::/8 is IPv6, and --subnet has no such subnet'],
    ['a route of two families', [...one, '--route', '10.0.0.0/8=fd00::1'], '--route: the gateway fd00::1 and 10.0.0.0/8 are of two address families'],
    [
      'an MTU too small for IPv6',
      ['--subnet', 'fd00::/64', '--mtu', '1200'],
      '--mtu: 1200 is less than the 1280 that IPv6 needs, and --subnet has an IPv6 subnet',
    ],
    ['a name server that is none', [...one, '--dns-nameserver', 'dns.test'], '--dns-nameserver: "dns.test" is not an IPv4 or IPv6 address'],
    ['a domain that is none', [...one, '--dns-search', 'a..b'], '--dns-search: "a..b" is no domain name'],
    ['an empty folder name', [...one, '--out-dir', ''], '--out-dir is empty; name a folder'],
    [
      'a report in place of the configuration',
      [...one, '-o', 'yaml'],
      '-o and --json describe the files that were written; without --out-dir the configuration itself goes to standard output',
    ],
  ])('%s', async (_, args, message) => {
    expect(await conf(args)).toEqual({ code: 2, stdout: '', stderr: `Error: ${message}\n` })
  })

  test.each<[string, unknown, readonly string[], string]>([
    ['an unknown node, with the nearest', plan(), ['--node', 'node1'], '--node: "node1" is not in FILE; did you mean Node1?'],
    ['an unknown node, with those there are', plan(), ['--node', 'worker'], '--node: "worker" is not in FILE; it has Node1, Node2'],
    [
      'several nodes and one output',
      plan(),
      [],
      'there are 2 nodes and one standard output: give --node NAME for one of them, or --out-dir DIR for all',
    ],
    ['another kind', plan({ kind: 'AuditReport' }), [], 'FILE: kind must be "AddressPlan" (made by ipam plan -o json), not "AuditReport"'],
    ['another version', plan({ apiVersion: 'ipam/v2' }), [], 'FILE: apiVersion must be "ipam/v1", not "ipam/v2"'],
    ['no nodes key', plan({ nodes: undefined }), [], 'FILE: nodes is missing'],
    ['no nodes', plan({ nodes: [] }), [], 'FILE: the plan has no nodes; plan with --node NAME or --nodes N'],
    [
      'a node without subnets',
      plan({ nodes: [{ name: 'n1', subnets: [] }] }),
      [],
      'FILE: node "n1": there is no subnet; give one, or one of each family',
    ],
    [
      'a subnet with host bits',
      plan({ nodes: [{ name: 'n1', subnets: ['10.9.1.7/24'] }] }),
      [],
      'FILE: node "n1": "10.9.1.7/24" has host bits set for /24; did you mean 10.9.1.0/24?',
    ],
    [
      'a subnet that is too small',
      plan({ nodes: [{ name: 'n1', subnets: ['10.9.1.0/31'] }] }),
      [],
      'FILE: node "n1": 10.9.1.0/31 is too small: host-local needs a /30 or larger',
    ],
    ['two nodes of one name', plan({ nodes: [nodes[0], nodes[0]] }), ['--node', 'Node1'], 'FILE: the node "Node1" is there twice'],
    [
      'a node name that leaves the folder',
      plan({ nodes: [{ name: '../../etc', subnets: ['10.9.1.0/24'] }] }),
      [],
      'FILE: nodes[0].name "../../etc" is no node name',
    ],
    [
      'subnets that are no list',
      plan({ nodes: [{ name: 'n1', subnets: '10.9.1.0/24' }] }),
      [],
      'FILE: nodes[0].subnets must be a list of CIDRs, not "10.9.1.0/24"',
    ],
    ['broken JSON', '{"kind":\n"AddressPlan",}', [], 'FILE:2:15: not valid JSON: expected a key in double quotes, found "}"'],
    ['an empty file', '', [], 'FILE: it is empty'],
  ])('plan: %s', async (_, content, args, message) => {
    const file = planFile(content)
    const result = await conf(['--plan', file, ...args])
    expect(result).toEqual({ code: 2, stdout: '', stderr: `Error: ${message.replace('FILE', file)}\n` })
  })

  test('a plan that is a FIFO, a folder, endless or missing is not waited for', async () => {
    const fifo = join(folder(), 'fifo')
    execFileSync('mkfifo', [fifo])
    for (const path of [fifo, folder(), '/dev/zero', '/nowhere/plan.json']) {
      const result = await program(['--plan', path])
      expect(result).toMatchObject({ code: 2, stdout: '' })
      expect(result.stderr).toContain(path)
    }
  })
  test('with --json the error is a JSON document', async () => {
    const result = await conf(['--subnet', '10.9.1.7/24', '--out-dir', folder(), '--json'])
    expect(result.code).toBe(2)
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: 'Error', error: { code: 2 } })
  })
  test('control characters in what was given are shown and not sent to the terminal', async () => {
    const result = await conf(['--subnet', '10.9.1.0/24\u001b[31m', '--name', 'x'])
    expect(result.code).toBe(2)
    expect(result.stderr).not.toContain('\u001b')
  })
})
