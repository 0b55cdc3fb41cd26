import { expect, it } from 'vitest'
import { cniInternalUses, specialUses } from '../../src/model/special-use.ts'
import { formatCidr, parseRange } from '../../src/net/index.ts'

const shown = (text: string, role: 'pods' | 'services' = 'pods') =>
  specialUses(parseRange(text), role).map(({ cidr, kind, severity }) => `${severity} ${kind} ${formatCidr(cidr)}`)

it.each<[string, string[]]>([
  ['10.244.0.0/16', []],
  ['172.16.0.0/12', []],
  ['192.168.0.0/16', []],
  ['fd00:10:244::/56', []],
  ['172.15.0.0/16', ['high public 172.15.0.0/16']],
  ['172.32.0.0/16', ['high public 172.32.0.0/16']],
  ['172.0.0.0/8', ['high public 172.0.0.0/12']],
  ['0.0.0.0/8', ['high this-network 0.0.0.0/8']],
  ['127.1.0.0/16', ['critical loopback 127.0.0.0/8']],
  ['126.0.0.0/7', ['critical loopback 127.0.0.0/8', 'high public 126.0.0.0/8']],
  ['169.254.20.10/32', ['critical link-local 169.254.0.0/16']],
  ['224.1.0.0/16', ['critical multicast 224.0.0.0/4']],
  ['255.255.255.0/24', ['high future 240.0.0.0/4', 'high broadcast 255.255.255.255/32']],
  ['100.64.0.0/16', ['info shared 100.64.0.0/10']],
  ['100.128.0.0/16', ['high public 100.128.0.0/16']],
  ['198.19.0.0/16', ['info benchmark 198.18.0.0/15']],
  ['192.0.0.0/22', ['high public 192.0.1.0/24', 'high protocol 192.0.0.0/24', 'high documentation 192.0.2.0/24']],
  ['203.0.113.128/25', ['high documentation 203.0.113.0/24']],
  ['::1/128', ['critical loopback ::1/128']],
  ['::/128', ['high this-network ::/128']],
  ['fe80::/64', ['critical link-local fe80::/10']],
  ['ff02::/16', ['critical multicast ff00::/8']],
  ['fc00::/8', ['info undefined-ula fc00::/8']],
  ['64:ff9b::/96', ['high translation 64:ff9b::/96']],
  ['2001:db8::/48', ['high documentation 2001:db8::/32']],
  ['2002:a00::/24', ['high relay 2002::/16']],
  ['100::/64', ['high discard 100::/64']],
  ['2a01:4f8::/32', ['high public 2a01:4f8::/32']],
])('%s', (text, expected) => expect(shown(text).sort()).toEqual([...expected].sort()))

it('lists the worst first', () => {
  expect(shown('64.0.0.0/2').map((text) => text.split(' ')[0])).toEqual(['critical', 'high', 'info'])
})

it('knows IPv4-mapped space, which is not written as a CIDR', () => {
  const mapped = { family: 6, first: 0xffffn << 32n, last: (0xffffn << 32n) + 9n } as const
  expect(specialUses(mapped, 'pods').map(({ kind }) => kind)).toEqual(['mapped'])
})

it('takes the Service range of GKE for its own, for Services only', () => {
  expect(shown('34.118.224.0/20', 'services')).toEqual([])
  expect(shown('34.118.224.0/20', 'pods')).toEqual(['high public 34.118.224.0/20'])
  expect(shown('34.118.0.0/16', 'services')).toEqual(['high public 34.118.0.0/16'])
})

it('knows the networks of the CNI in force only', () => {
  const uses = (text: string, mode: Parameters<typeof cniInternalUses>[1]) =>
    cniInternalUses(parseRange(text), mode).map(({ cidr }) => formatCidr(cidr))
  expect(uses('100.64.0.0/10', 'ovn-k')).toEqual(['100.64.0.0/16', '100.88.0.0/16'])
  expect(uses('100.64.0.0/10', 'kube-ovn')).toEqual(['100.64.0.0/16'])
  expect(uses('fd00::/8', 'ovn-k')).toEqual(['fd69::/112', 'fd97::/64', 'fd98::/64'])
  expect(uses('100.64.0.0/10', 'calico')).toEqual([])
})
