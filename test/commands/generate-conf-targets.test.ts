// What generate-conf writes for each system, held against the fields that the systems publish, and against the plan.
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { readConfiguration } from '../../src/systems/cni/read-configuration.ts'
import { publishedFiles, publishedSchemas } from '../systems/cni/targets/published-schemas.ts'
import { furtherNetworks, plannedFile } from './plan-file.ts'
import { conf, folder, paths } from './run-generate-conf.ts'

const ajv = new Ajv({ strict: false, allErrors: true })

interface Read {
  readonly apiVersion?: string
  readonly kind?: string
  readonly metadata: { readonly name: string }
  readonly spec: Readonly<Record<string, unknown>>
  readonly [key: string]: unknown
}

const documents = (text: string): Read[] => parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as Read)

/** Everything in the files, by kind and name, each held against its schema. */
function checked(files: Readonly<Record<string, string>>): Map<string, Read> {
  const found = new Map<string, Read>()
  for (const [path, content] of Object.entries(files)) {
    if (!path.endsWith('.yaml')) continue
    for (const object of documents(content)) {
      const key = object.kind === undefined ? basename(path) : `${object.apiVersion} ${object.kind}`
      const schema = publishedSchemas[key] ?? publishedFiles[key]
      if (schema === undefined) throw new Error(`no schema for ${key}`)
      const validate = ajv.compile(schema)
      expect(validate(object) ? [] : validate.errors, `${path}: ${key}`).toEqual([])
      found.set(object.kind === undefined ? key : `${object.kind} ${object.metadata?.name ?? ''}`, object)
    }
  }
  return found
}

async function generate(target: string, request: object = {}, flags: readonly string[] = []) {
  const out = folder()
  const result = await conf(['--plan', await plannedFile(request), '--target', target, '--out-dir', out, '-q', ...flags])
  expect(result).toMatchObject({ code: 0, stderr: '' })
  const files = Object.fromEntries(paths(out).map((path) => [path.slice(out.length + 1), readFileSync(path, 'utf8')]))
  return { files, objects: checked(files) }
}

describe('calico', () => {
  const request = { profile: 'calico', nodePrefixes: [26, 122], reservations: ['10.70.3.0/25', '10.70.9.9', 'fd00:70::5'] }
  test('pools, reservations and the Installation say the same', async () => {
    const { objects } = await generate('calico', request)
    expect([...objects.keys()].sort()).toEqual([
      'IPPool cluster-ipv4',
      'IPPool cluster-ipv6',
      'IPReservation cluster-ipv4-reserved',
      'IPReservation cluster-ipv6-reserved',
      'Installation default',
    ])
    expect(objects.get('IPPool cluster-ipv4')?.spec).toMatchObject({ cidr: '10.70.0.0/16', blockSize: 26, nodeSelector: 'all()' })
    expect(objects.get('IPReservation cluster-ipv4-reserved')?.spec).toEqual({ reservedCIDRs: ['10.70.3.0/25', '10.70.9.9/32'] })
    const pools = objects.get('Installation default')?.spec['calicoNetwork']
    expect(pools).toMatchObject({
      ipPools: [
        { name: 'cluster-ipv4', cidr: '10.70.0.0/16', blockSize: 26 },
        { name: 'cluster-ipv6', cidr: 'fd00:70::/56', blockSize: 122 },
      ],
    })
  })
  test('several pools need the label that tells their nodes, and get it', async () => {
    const pools = {
      nodes: undefined,
      nodePools: [
        { name: 'web', nodes: 2 },
        { name: 'db', nodes: 2, nodePrefixes: [28, 124] },
      ],
    }
    const { objects } = await generate('calico', { ...request, ...pools, reservations: [] }, ['--node-label', 'shop.test/pool'])
    expect(objects.get('IPPool db-ipv4')?.spec).toMatchObject({ nodeSelector: 'shop.test/pool == "db"', blockSize: 28 })
    const without = await conf(['--plan', await plannedFile({ ...request, ...pools }), '--target', 'calico'])
    expect(without).toMatchObject({ code: 2, stdout: '' })
    expect(without.stderr).toContain('--node-label is missing: the plan has the pools web, db')
  })
})

describe('cilium', () => {
  test('cluster-pool: the lists leave out what is reserved', async () => {
    const { objects } = await generate('cilium', {
      clusterCidrs: '10.70.0.0/22',
      nodePrefixes: 26,
      serviceCidrs: '10.71.0.0/20',
      reservations: ['10.70.1.0/25'],
    })
    expect(objects.get('values.yaml')).toMatchObject({
      ipam: {
        mode: 'cluster-pool',
        operator: { clusterPoolIPv4PodCIDRList: ['10.70.0.0/24', '10.70.1.128/25', '10.70.2.0/23'], clusterPoolIPv4MaskSize: 26 },
      },
      ipv4: { enabled: true },
      ipv6: { enabled: false },
    })
  })
  test('multi-pool: the pools as objects, and in the values for the first start', async () => {
    const { objects } = await generate('cilium', { profile: 'cilium-multi-pool', nodePrefixes: [27, 120] })
    const spec = { ipv4: { cidrs: ['10.70.0.0/16'], maskSize: 27 }, ipv6: { cidrs: ['fd00:70::/56'], maskSize: 120 } }
    expect(objects.get('CiliumPodIPPool default')?.spec).toEqual(spec)
    expect(objects.get('values.yaml')).toMatchObject({ ipam: { mode: 'multi-pool', operator: { autoCreateCiliumPodIPPools: { default: spec } } } })
  })
})

describe('the control plane', () => {
  test('kubeadm', async () => {
    const { objects } = await generate('kubeadm')
    expect(objects.get('ClusterConfiguration ')).toEqual({
      apiVersion: 'kubeadm.k8s.io/v1beta4',
      kind: 'ClusterConfiguration',
      networking: { podSubnet: '10.70.0.0/16,fd00:70::/56', serviceSubnet: '10.71.0.0/20,fd00:71::/112' },
      controllerManager: {
        extraArgs: [
          { name: 'node-cidr-mask-size-ipv4', value: '24' },
          { name: 'node-cidr-mask-size-ipv6', value: '64' },
        ],
      },
    })
  })
  test('flags, with the one mask flag of a single family', async () => {
    const { files } = await generate('kube-controller-manager', {
      clusterCidrs: '10.70.0.0/16',
      nodePrefixes: 25,
      serviceCidrs: '10.70.128.0/20',
      nodeNetworks: [],
    })
    expect(files).toEqual({
      'kube-controller-manager.flags':
        '--allocate-node-cidrs=true\n--cluster-cidr=10.70.0.0/16\n--node-cidr-mask-size=25\n--service-cluster-ip-range=10.70.128.0/20\n',
      'kube-apiserver.flags': '--service-cluster-ip-range=10.70.128.0/20\n',
    })
  })
  test('k3s', async () => {
    const { objects } = await generate('k3s')
    expect(objects.get('config.yaml')).toEqual({
      'cluster-cidr': '10.70.0.0/16,fd00:70::/56',
      'service-cidr': '10.71.0.0/20,fd00:71::/112',
      'cluster-dns': '10.71.0.10,fd00:71::a',
      'kube-controller-manager-arg': ['node-cidr-mask-size-ipv4=24', 'node-cidr-mask-size-ipv6=64'],
    })
  })
})

describe('pools of other systems', () => {
  const reservations = ['10.70.0.128/25', '10.70.9.9-10.70.9.12']
  test('kube-ovn: gateway and reservations excluded, IPv4 first', async () => {
    const { objects } = await generate('kube-ovn', { reservations })
    expect(objects.get('Subnet cluster')?.spec).toMatchObject({
      protocol: 'Dual',
      cidrBlock: '10.70.0.0/16,fd00:70::/56',
      gateway: '10.70.0.1,fd00:70::1',
      excludeIps: ['10.70.0.1', '10.70.0.128..10.70.0.255', '10.70.9.9..10.70.9.12', 'fd00:70::1'],
    })
  })
  test('antrea: ranges around the reservations', async () => {
    const { objects } = await generate('antrea', { reservations })
    expect(objects.get('IPPool cluster-ipv4')?.spec).toEqual({
      ipRanges: [
        { start: '10.70.0.2', end: '10.70.0.127' },
        { start: '10.70.1.0', end: '10.70.9.8' },
        { start: '10.70.9.13', end: '10.70.255.254' },
      ],
      subnetInfo: { gateway: '10.70.0.1', prefixLength: 16 },
    })
  })
  test('spiderpool: a pool for each node, or for all where the system chooses', async () => {
    const fixed = await generate('spiderpool')
    expect(fixed.objects.get('SpiderIPPool beta-ipv4')?.spec).toEqual({
      ipVersion: 4,
      subnet: '10.70.0.0/16',
      ips: ['10.70.1.0-10.70.1.255'],
      nodeName: ['beta'],
    })
    const open = await generate('spiderpool', { profile: 'whereabouts', nodePrefixes: [32, 128], reservations })
    expect(open.objects.get('SpiderIPPool cluster-ipv4')?.spec['ips']).toEqual([
      '10.70.0.1-10.70.0.127',
      '10.70.1.0-10.70.9.8',
      '10.70.9.13-10.70.255.254',
    ])
  })
  test('metallb', async () => {
    const { objects } = await generate('metallb', {}, ['-n', 'lb'])
    expect(objects.get('IPAddressPool load-balancers')).toMatchObject({
      metadata: { namespace: 'lb' },
      spec: { addresses: ['10.72.0.200-10.72.0.219', '10.73.0.0/28'] },
    })
  })
  test('terraform: values for every variable that is declared, and no others', async () => {
    const { files } = await generate('terraform')
    const values = JSON.parse(files['ipam.auto.tfvars.json'] ?? '') as Record<string, unknown>
    const declared = [...(files['ipam-variables.tf'] ?? '').matchAll(/^variable "(\w+)"/gm)].map(([, name]) => name)
    expect(Object.keys(values).sort()).toEqual(declared.sort())
    expect(values).toMatchObject({ ipam_max_pods: 97, ipam_node_subnets: { gamma: ['10.70.2.0/24', 'fd00:70:0:2::/64'] } })
  })
})

describe('network attachments', () => {
  const configOf = (object: Read | undefined): string => String(object?.spec['config'])
  test('for the networks of the plan: whereabouts for all nodes, host-local with a range for each', async () => {
    const { objects, files } = await generate('nad', { secondaryNetworks: furtherNetworks }, ['--master', 'ens7'])
    expect(JSON.parse(configOf(objects.get('NetworkAttachmentDefinition storage'))).plugins[0]).toEqual({
      type: 'macvlan',
      master: 'ens7',
      ipam: { type: 'whereabouts', network_name: 'storage', ipRanges: [{ range: '10.74.0.0/20', exclude: ['10.74.0.1/32'] }] },
    })
    const [gamma] = readConfiguration(configOf(objects.get('NetworkAttachmentDefinition video-gamma')), 'x').networks
    expect(gamma).toMatchObject({ type: 'ipvlan', ipam: 'host-local', ranges: [{ range: { first: 0x0a4b00c0n, last: 0x0a4b00fen } }] })
    expect(Object.keys(files).sort()).toEqual(['alpha/video-alpha.yaml', 'beta/video-beta.yaml', 'gamma/video-gamma.yaml', 'storage.yaml'])
  })
  test('for the blocks of nodes, without a default route, with the resource of a device plugin', async () => {
    const { objects } = await generate('nad', {}, ['--type', 'sriov', '--vlan', '7', '--resource', 'vendor.test/fast', '--name', 'fast'])
    const beta = objects.get('NetworkAttachmentDefinition fast-beta')
    expect(beta?.metadata).toMatchObject({ annotations: { 'k8s.v1.cni.cncf.io/resourceName': 'vendor.test/fast' } })
    expect(JSON.parse(configOf(beta)).plugins[0]).toEqual({
      type: 'sriov',
      vlan: 7,
      ipam: { type: 'host-local', ranges: [[{ subnet: '10.70.1.0/24' }], [{ subnet: 'fd00:70:0:1::/64' }]] },
    })
  })
  test('whereabouts: one for the pool', async () => {
    const { objects } = await generate('whereabouts', { reservations: ['10.70.0.0/30'] }, ['--type', 'macvlan', '--master', 'ens7'])
    expect(JSON.parse(configOf(objects.get('NetworkAttachmentDefinition pods'))).plugins[0].ipam.ipRanges).toEqual([
      { range: '10.70.0.0/16', exclude: ['10.70.0.0/30'] },
      { range: 'fd00:70::/56' },
    ])
  })
})

describe('whole conflists of systems', () => {
  test('flannel leaves the ranges to its daemon', async () => {
    const { files } = await generate('conflist', {}, ['--type', 'flannel'])
    const conflist = files['beta/etc/cni/net.d/10-flannel.conflist'] ?? ''
    expect(JSON.parse(conflist)).toEqual({
      cniVersion: '0.3.1',
      name: 'cbr0',
      plugins: [
        { type: 'flannel', delegate: { hairpinMode: true, isDefaultGateway: true } },
        { type: 'portmap', capabilities: { portMappings: true } },
      ],
    })
    expect(readConfiguration(conflist, 'x').networks).toMatchObject([{ rangesFromNode: true }])
  })
  test('kindnet keeps its state where it is gone after a boot', async () => {
    const { files } = await generate('conflist', {}, ['--type', 'kindnet'])
    const [network] = readConfiguration(files['beta/etc/cni/net.d/10-kindnet.conflist'] ?? '', 'x').networks
    expect(network).toMatchObject({ name: 'kindnet', type: 'ptp', dataDir: '/run/cni-ipam-state' })
  })
  test.each([
    ['vlan', ['--master', 'ens7', '--vlan', '70'], { type: 'vlan', master: 'ens7', vlanId: 70 }],
    ['host-device', ['--device', 'ens8'], { type: 'host-device', device: 'ens8' }],
    ['sriov', ['--device', '0000:03:02.0'], { type: 'sriov', deviceID: '0000:03:02.0' }],
  ])('%s', async (type, flags, plugin) => {
    const { stdout } = await conf(['--subnet', '10.9.1.0/24', '--type', type, ...flags])
    const { ipam, ...rest } = JSON.parse(stdout).plugins[0]
    expect(rest).toEqual(plugin)
    expect(ipam).toMatchObject({ ranges: [[{ subnet: '10.9.1.0/24' }]] })
  })
})

describe('handed over', () => {
  test('as a kustomization: objects as resources, other files in a ConfigMap', async () => {
    const nads = await generate('nad', {}, ['--layout', 'kustomize'])
    expect(documents(nads.files['kustomization.yaml'] ?? '')[0]).toMatchObject({
      resources: ['alpha/pods-alpha.yaml', 'beta/pods-beta.yaml', 'gamma/pods-gamma.yaml'],
    })
    const conflists = await generate('conflist', {}, ['--layout', 'kustomize', '--name', 'cni'])
    expect(documents(conflists.files['kustomization.yaml'] ?? '')[0]).toMatchObject({
      configMapGenerator: [
        { name: 'cni', files: ['alpha.10-cni.conflist=alpha/etc/cni/net.d/10-cni.conflist', expect.any(String), expect.any(String)] },
      ],
    })
  })
  test('as a ConfigMap with the very bytes of the files', async () => {
    const [tree, map] = [await generate('conflist'), await generate('conflist', {}, ['--layout', 'configmap'])]
    expect(map.objects.get('ConfigMap pods')?.['data']).toEqual(
      Object.fromEntries(
        ['alpha', 'beta', 'gamma'].map((node) => [`${node}.10-pods.conflist`, tree.files[`${node}/etc/cni/net.d/10-pods.conflist`]]),
      ),
    )
  })
  test('as several ConfigMaps where one would be too large', async () => {
    const { objects } = await generate(
      'conflist',
      { nodes: 1500, clusterCidrs: ['10.64.0.0/10', 'fd00:70::/48'], serviceCidrs: [], nodeNetworks: [], loadBalancerRanges: [] },
      ['--layout', 'configmap'],
    )
    const data = [...objects.values()].map((object) => object['data'] as Record<string, string>)
    expect(data.length).toBeGreaterThan(1)
    expect(data.flatMap((each) => Object.keys(each))).toHaveLength(1500)
    for (const each of data) expect(JSON.stringify(each).length).toBeLessThan(1_000_000)
  })
})

describe('refused', () => {
  const cases: readonly (readonly [string, object, readonly string[], number, string])[] = [
    ['no plan', {}, ['--target', 'calico', '--subnet', '10.9.1.0/24'], 2, '--target calico needs a whole plan: give --plan FILE'],
    ['a flag of plugins', {}, ['--target', 'calico', '--mtu', '1400'], 2, '--mtu is about a CNI plugin, and --target calico writes none'],
    ['a flag of another target', {}, ['--target', 'k3s', '--node-label', 'pool'], 2, '--node-label is for --target calico, not for k3s'],
    ['blocks that Calico does not take', {}, ['--target', 'calico'], 2, 'the pool cluster has IPv6 blocks of /64, and Calico takes /116 to /128'],
    ['no load balancers', { loadBalancerRanges: [] }, ['--target', 'metallb'], 2, 'the plan has no ranges for load balancers'],
    ['load balancers among pods', { loadBalancerRanges: ['10.70.8.0/24'] }, ['--target', 'metallb'], 1, 'the load balancers'],
    [
      'Services among pods, where nobody leaves them out',
      { serviceCidrs: ['10.70.128.0/20'] },
      ['--target', 'metallb'],
      1,
      'the pool cluster and the Services',
    ],
    [
      'a reservation that the controller would hand out',
      { reservations: ['10.70.4.0/24'] },
      ['--target', 'kubeadm'],
      2,
      'cannot keep 10.70.4.0/24 out of its range',
    ],
    [
      'a range of one block',
      { clusterCidrs: '10.70.0.0/22', nodePrefixes: 24, reservations: ['10.70.1.0/24'] },
      ['--target', 'cilium'],
      2,
      'Cilium refuses a range that is one block only',
    ],
    [
      'several pools in cluster-pool',
      {
        nodes: undefined,
        profile: 'calico',
        nodePrefixes: [26, 122],
        nodePools: [
          { name: 'a', nodes: 1 },
          { name: 'b', nodes: 1, nodePrefixes: [27, 123] },
        ],
      },
      ['--target', 'cilium'],
      2,
      'plan with --profile cilium-multi-pool',
    ],
    ['two files and one output', {}, ['--target', 'terraform'], 2, 'there are 2 files and one standard output: give --out-dir DIR'],
    ['a kustomization without a folder', {}, ['--layout', 'kustomize'], 2, '--layout kustomize writes a folder: give --out-dir DIR'],
    [
      'a network of a type that nobody writes',
      { secondaryNetworks: [{ ...furtherNetworks[0], type: 'ovs' }] },
      ['--target', 'nad'],
      2,
      'no configuration is written for type "ovs"',
    ],
    [
      'a segment that is too small',
      { secondaryNetworks: [{ ...furtherNetworks[1], cidr: '10.75.0.0/30', exclude: [] }] },
      ['--target', 'nad', '--master', 'ens7'],
      2,
      'has no range for each of 3 nodes',
    ],
    ['an interface that is missing', { secondaryNetworks: furtherNetworks }, ['--target', 'nad'], 2, '--master is missing'],
  ]
  test.each(cases)('%s', async (_, request, flags, code, message) => {
    const plan = flags.includes('--subnet') ? [] : ['--plan', await plannedFile(request)]
    const result = await conf([...plan, ...flags])
    expect(result).toMatchObject({ code, stdout: '' })
    expect(result.stderr).toContain(message)
  })
  test('a plan whose request has an unknown key', async () => {
    const path = join(folder(), 'plan.json')
    const plan = JSON.parse(readFileSync(await plannedFile(), 'utf8')) as { spec: object }
    writeFileSync(path, JSON.stringify({ ...plan, spec: { ...plan.spec, clusterCidr: [] } }))
    expect((await conf(['--plan', path, '--target', 'k3s'])).stderr).toContain('unknown key "clusterCidr"; did you mean clusterCidrs?')
  })
})
