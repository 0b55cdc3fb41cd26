import { describe, expect, test } from 'vitest'
import { formatAddress, formatCidr } from '../../src/net/index.ts'
import type { StateEntry } from '../../src/sources/source.ts'
import { hostLocal } from '../../src/systems/host-local.ts'
import { parseAllocationFile } from '../../src/systems/node/allocation-file.ts'
import { entry, nodeFacts, nodeFile, parsed, stateOf } from './parse.ts'

const SANDBOX = 'a'.repeat(64)
const bridge = (name: string, subnet: string) => ({
  cniVersion: '1.0.0',
  name,
  plugins: [{ type: 'bridge', isGateway: true, ipam: { type: 'host-local', ranges: [[{ subnet }]] } }],
})

function seen(given: StateEntry) {
  const file = parseAllocationFile(given)
  return file === undefined
    ? 'not an address'
    : [file.address && formatAddress(file.address), file.sandbox.slice(0, 4), file.interface ?? '-', file.fault ?? 'ok'].join(' ')
}

describe('allocation files of every age', () => {
  test.each<[string, StateEntry, string]>([
    ['id, CR LF, interface', entry('10.9.0.2', `${SANDBOX}\r\neth0`), '10.9.0.2 aaaa eth0 ok'],
    ['id alone, before v0.8.0', entry('10.9.0.2', SANDBOX), '10.9.0.2 aaaa - ok'],
    ['white space around, as host-local trims it', entry('10.9.0.2', ` ${SANDBOX}\r\neth0\r\n`), '10.9.0.2 aaaa eth0 ok'],
    ['line feed only: no DEL matches it', entry('10.9.0.2', `${SANDBOX}\neth0`), '10.9.0.2 aaaa eth0 line-feed-only'],
    ['empty', entry('10.9.0.2', ''), '10.9.0.2  - empty'],
    ['white space only', entry('10.9.0.2', '\r\n'), '10.9.0.2  - empty'],
    ['NUL bytes after a power cut', entry('10.9.0.2', '\0'.repeat(70)), '10.9.0.2  - nul-filled'],
    ['three lines', entry('10.9.0.2', 'ab\r\neth0\r\nx'), '10.9.0.2 ab eth0 junk-owner'],
    ['an escape in the id', entry('10.9.0.2', '\u001b[31mab\r\neth0'), '10.9.0.2 \u001b[31 eth0 junk-owner'],
    ['5 MB', entry('10.9.0.2', 'x'.repeat(4096), { size: 5_000_000 }), '10.9.0.2 x - too-large'],
    ['a link', entry('10.9.0.2', undefined, { kind: 'symlink' }), '10.9.0.2  - not-a-regular-file'],
    ['unreadable', entry('10.9.0.2', undefined, { size: 70, error: 'EACCES' }), '10.9.0.2  - unreadable'],
    ['IPv6', entry('fd00:9::2', `${SANDBOX}\r\neth0`), 'fd00:9::2 aaaa eth0 ok'],
    ['IPv6 as Windows writes it', entry('fd00_9__2', `${SANDBOX}\r\neth0`), 'fd00:9::2 aaaa eth0 ok'],
    ['leading zero in the name', entry('10.9.0.05', `${SANDBOX}\r\neth0`), '10.9.0.5 aaaa eth0 other-spelling'],
    ['IPv6 in capitals', entry('FD00:9::2', `${SANDBOX}\r\neth0`), 'fd00:9::2 aaaa eth0 other-spelling'],
    ['no octet', entry('10.9.0.300', `${SANDBOX}\r\neth0`), 'not an address'],
    ['a copy', entry('10.9.0.2.bak', `${SANDBOX}\r\neth0`), 'not an address'],
  ])('%s', (_, given, expected) => expect(seen(given)).toBe(expected))
})

describe('a node', () => {
  const node = (...documents: Parameters<typeof parsed>[1]) => parsed(hostLocal, [nodeFacts(), ...documents]).nodeStates?.[0]

  test('bookkeeping, cursors and strangers are told apart', () => {
    const state = node(
      stateOf('var/lib/cni/networks/lan', [
        entry('lock', ''),
        entry('last_reserved_ip.0', '10.9.0.2'),
        entry('10.9.0.2', `${SANDBOX}\r\neth0`),
        entry('foo', 'x'),
        entry('sub', undefined, { kind: 'directory' }),
      ]),
    )
    const [directory] = state?.directories ?? []
    expect(directory?.network).toBe('lan')
    expect(directory?.files.map((file) => file.name)).toEqual(['10.9.0.2'])
    expect(directory?.cursors).toEqual([{ name: 'last_reserved_ip.0', text: '10.9.0.2' }])
    expect(directory?.unknown).toEqual([
      { name: 'foo', kind: 'file' },
      { name: 'sub', kind: 'directory' },
    ])
  })

  test('the first configuration in bytewise order is the default network', () => {
    const state = node(
      nodeFile('etc/cni/net.d/9-late.conflist', bridge('late', '10.9.0.0/24')),
      nodeFile('etc/cni/net.d/10-early.conflist', bridge('early', '10.8.0.0/24')),
    )
    expect(state?.networks.map((network) => [network.name, network.order])).toEqual([
      ['early', 0],
      ['late', 1],
    ])
  })

  test('what Multus keeps in its own folder is never the default network', () => {
    const state = node(
      nodeFile('etc/cni/multus/net.d/00-lan.conflist', bridge('lan', '10.9.0.0/24')),
      nodeFile('etc/cni/net.d/10-pods.conflist', bridge('pods', '10.8.0.0/24')),
    )
    expect(state?.networks.map((network) => [network.name, network.order])).toEqual([
      ['lan', undefined],
      ['pods', 0],
    ])
  })

  test('the network that Multus names as the cluster’s is the default one', () => {
    const multus = { cniVersion: '0.3.1', name: 'multus-cni-network', type: 'multus', clusterNetwork: 'pods' }
    const state = node(nodeFile('etc/cni/net.d/00-multus.conf', multus), nodeFile('etc/cni/net.d/10-pods.conflist', bridge('pods', '10.8.0.0/24')))
    expect(state?.networks.find((network) => network.name === 'pods')?.order).toBe(0)
  })

  test('files that libcni does not load are no configuration', () => {
    const state = node(
      nodeFile('etc/cni/net.d/10-pods.conflist.bak', bridge('old', '10.9.0.0/24')),
      nodeFile('etc/cni/net.d/10-pods.CONFLIST', bridge('loud', '10.9.0.0/24')),
    )
    expect(state?.configurationKnown).toBe(false)
  })

  test('subnet.env has host bits and more than one family', () => {
    const state = node(
      nodeFile(
        'run/flannel/subnet.env',
        'FLANNEL_NETWORK=10.244.0.0/16\nFLANNEL_SUBNET=10.244.1.1/24\nFLANNEL_IPV6_SUBNET=fd00:10:244:1::1/64\nFLANNEL_MTU=1450\n',
      ),
    )
    expect(state?.flannel?.subnets.map(formatCidr)).toEqual(['10.244.1.0/24', 'fd00:10:244:1::/64'])
    expect(state?.flannel?.networks.map(formatCidr)).toEqual(['10.244.0.0/16'])
  })

  test('sandboxes: nanoseconds above 2^53, state, attempt', () => {
    const state = node(
      nodeFile('crictl-pods.json', {
        items: [
          {
            id: SANDBOX,
            metadata: { name: 'web-0', namespace: 'shop', uid: 'u', attempt: 2 },
            state: 'SANDBOX_NOTREADY',
            createdAt: '1795462094620579558',
          },
        ],
      }),
    )
    expect(state?.sandboxes).toEqual([
      { id: SANDBOX, name: 'web-0', namespace: 'shop', uid: 'u', attempt: 2, ready: false, createdAt: 1795462094620 },
    ])
  })

  test('a sandbox listing that is none is a problem, not an empty listing', () => {
    const part = parsed(hostLocal, [nodeFacts(), nodeFile('crictl-pods.json', 'FATA[0000] connect: permission denied')])
    expect(part.nodeStates?.[0]?.sandboxes).toBeUndefined()
    expect(part.problems?.map(({ kind, message }) => `${kind} ${message}`)).toEqual([
      'unreadable nodes/n1/crictl-pods.json: is not the output of `crictl pods -o json`',
    ])
  })

  test('the result cache names the pod, whatever its file is called', () => {
    const cached = {
      kind: 'cniCacheV1',
      containerId: SANDBOX,
      ifName: 'eth0',
      networkName: 'a-b-c',
      cniArgs: [
        ['K8S_POD_NAME', 'web-0'],
        ['K8S_POD_NAMESPACE', 'shop'],
        ['K8S_POD_UID', 'u'],
      ],
      result: { cniVersion: '1.0.0', ips: [{ address: '10.9.0.2/24' }] },
    }
    const [result] = node(nodeFile(`var/lib/cni/results/a-b-c-${SANDBOX}-eth0`, cached))?.results ?? []
    expect([result?.network, result?.pod, result?.podUid, result?.addresses.map(formatAddress)]).toEqual(['a-b-c', 'shop/web-0', 'u', ['10.9.0.2']])
  })

  test('results of CNI 0.2.0 have one address a family', () => {
    const [result] =
      node(nodeFile('var/lib/cni/results/x', { containerId: SANDBOX, result: { ip4: { ip: '10.9.0.2/24' }, ip6: { ip: 'fd00::2/64' } } }))?.results ??
      []
    expect(result?.addresses.map(formatAddress)).toEqual(['10.9.0.2', 'fd00::2'])
  })

  test('docker’s bridge is an outside network', () => {
    const part = parsed(hostLocal, [
      nodeFacts(),
      nodeFile('etc/docker/daemon.json', { bip: '10.200.0.1/24', 'default-address-pools': [{ base: '10.201.0.0/16', size: 24 }] }),
    ])
    expect(part.outside?.map(({ name, cidr, node: on }) => `${name} ${formatCidr(cidr)} ${on}`)).toEqual([
      'docker bridge 10.200.0.0/24 n1',
      'docker address pool 10.201.0.0/16 n1',
    ])
  })

  test('the configuration of other systems says which mode the node is in', () => {
    const calico = { cniVersion: '0.3.1', name: 'k8s-pod-network', plugins: [{ type: 'calico', ipam: { type: 'calico-ipam' } }] }
    expect(
      parsed(hostLocal, [nodeFacts(), nodeFile('etc/cni/net.d/10-calico.conflist', calico)]).signals?.map(({ mode, weight }) => [mode, weight]),
    ).toEqual([['calico', 2]])
  })
})
