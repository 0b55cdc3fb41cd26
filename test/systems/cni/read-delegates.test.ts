// Multus: delegates and the cluster network.
import { describe, expect, test } from 'vitest'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'
import { chain, FILE } from './configurations.ts'

describe('multus', () => {
  const delegate = (name: string, subnet: string) => ({ cniVersion: '0.3.1', name, type: 'bridge', ipam: { type: 'host-local', subnet } })
  const list = { name: 'listed', plugins: [{ type: 'ptp', ipam: { type: 'host-local', subnet: '10.3.0.0/24' } }] }
  const multus = (more: object) => JSON.stringify({ cniVersion: '0.3.1', name: 'multus-cni-network', type: 'multus', ...more })
  const read = (more: object) => readConfiguration(multus(more), 'etc/cni/net.d/00-multus.conf')
  const summary = (more: object) => read(more).networks.map(({ name, type, order }) => [name, type, order])

  test('delegates are networks, the first the default', () => {
    expect(summary({ delegates: [delegate('a', '10.1.0.0/24'), list] })).toEqual([
      ['a', 'bridge', 0],
      ['listed', 'ptp', undefined],
    ])
    expect(read({ delegates: [list] })).toMatchObject({
      name: 'multus-cni-network',
      type: 'multus',
      plugins: ['multus'],
      problems: [],
      clusterNetwork: undefined,
    })
  })
  test('clusterNetwork takes the place of the first', () => {
    expect(summary({ clusterNetwork: 'pods', delegates: [delegate('a', '10.1.0.0/24')] })).toEqual([['a', 'bridge', undefined]])
    expect(read({ clusterNetwork: '/etc/cni/net.d/10-flannel.conflist' }).clusterNetwork).toBe('/etc/cni/net.d/10-flannel.conflist')
  })
  test('in a conflist, and as the thick plugin', () => {
    const reading = readConfiguration(chain({ type: 'multus-shim', delegates: [delegate('a', '10.1.0.0/24')] }, { type: 'tuning' }), FILE)
    expect(reading.networks.map(({ name, order }) => [name, order])).toEqual([['a', 0]])
    expect(reading.plugins).toEqual(['multus-shim', 'tuning'])
  })
  test('a broken delegate is a problem and does not hide the others', () => {
    const file = 'etc/cni/net.d/00-multus.conf'
    const delegates = [7, { name: 'a' }, { name: '../etc', type: 'bridge' }, delegate('b', '10.1.0.0/24'), delegate('c', '10.1.0.9/24')]
    expect(summary({ delegates })).toEqual([
      ['b', 'bridge', undefined],
      ['c', 'bridge', undefined],
    ])
    expect(read({ delegates }).problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
      `unreadable: ${file}: delegate 0: 7 is not an object`,
      `unreadable: ${file}: delegate 1: has no plugin type`,
      `unreadable: ${file}: delegate 2: the network name "../etc" is not allowed`,
      `wrong-range: ${file}: network "c": range set 0: subnet "10.1.0.9/24": host bits set; write 10.1.0.0/24`,
    ])
  })
  test('delegates of delegates are not followed', () => {
    const inner = { name: 'inner', type: 'multus', delegates: [delegate('a', '10.1.0.0/24')] }
    expect(summary({ delegates: [inner] })).toEqual([['inner', 'multus', 0]])
  })
})
