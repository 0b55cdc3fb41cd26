// What generate-conf writes to standard output.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conf, folder, plan, planFile, program } from './run-generate-conf.ts'

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
