import { expect, test } from 'vitest'
import type { Pod } from '../../src/model/inventory.ts'
import { parseAddress } from '../../src/net/index.ts'
import { reportedIpDiffersFromRecorded as rule } from '../../src/rules/reported-ip-differs-from-recorded.ts'
import { inventory, minutes, modeIs, NOW, pod } from '../inventory.ts'
import { found, gapsOf } from './run-one.ts'

const CALICO = 'cni.projectcalico.org/podIPs'
const recorded = (ips: readonly string[], by = CALICO) => ({ recorded: { by, addresses: ips.map(parseAddress) } })
const given = (one: Pod, mode: Parameters<typeof modeIs>[0] = 'calico') => inventory({ pods: [one], signals: [modeIs(mode)] })
const web = (ips: readonly string[], rest: Partial<Pod>) => pod('shop/web', 'n1', ips, rest)
const ODD = ['high - | 10.48.0.1 10.48.0.5 | n1 | shop/web']

test.each<[string, Pod, readonly string[]]>([
  ['another address', web(['10.48.0.1'], recorded(['10.48.0.5'])), ODD],
  ['the same', web(['10.48.0.1'], recorded(['10.48.0.1'])), []],
  ['one family in common', web(['10.48.0.1'], recorded(['10.48.0.1', 'fd00::1'])), []],
  ['given back', web(['10.48.0.1'], recorded([])), []],
  ['not reported yet', web([], recorded(['10.48.0.5'])), []],
  ['terminating', web(['10.48.0.1'], { ...recorded(['10.48.0.5']), deletedAt: NOW }), []],
  ['finished', web(['10.48.0.1'], { ...recorded(['10.48.0.5']), phase: 'Succeeded' }), []],
  ['young', web(['10.48.0.1'], { ...recorded(['10.48.0.5']), startedAt: NOW - minutes(5) }), []],
  ['a new sandbox', web(['10.48.0.1'], { ...recorded(['10.48.0.5']), sandboxAt: NOW - minutes(5) }), []],
  ['of a CNI that is not in use', web(['10.48.0.1'], recorded(['10.48.0.5'], 'ovn.kubernetes.io/ip_address')), []],
])('%s', (_, one, expected) => expect(found(rule, given(one))).toEqual(expected))

test.each(['ovn.kubernetes.io/ip_address', 'k8s.ovn.org/pod-networks'])('%s under its own CNI', (by) =>
  expect(found(rule, given(web(['10.48.0.1'], recorded(['10.48.0.5'], by)), by.startsWith('ovn') ? 'kube-ovn' : 'ovn-k'))).toEqual(ODD),
)

test('without any annotation there is nothing to compare', () =>
  expect(gapsOf(rule, given(web(['10.48.0.1'], {})))).toEqual([
    '!what CNIs recorded on pods: no pod has an annotation of a CNI that writes its addresses down',
  ]))
