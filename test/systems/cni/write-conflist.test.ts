// The text of a conflist, and that the audit's reader finds in it what was asked for.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cidr, formatAddress, lastOf, networkOf, parseAddress, parseCidr } from '../../../src/net/index.ts'
import { type ConfRange, cniVersions, type MainPlugin } from '../../../src/systems/cni/conf-settings.ts'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'
import { writeConflist } from '../../../src/systems/cni/write-conflist.ts'
import { confRange, settings } from './settings.ts'

const parsed = (...args: Parameters<typeof writeConflist>) => JSON.parse(writeConflist(...args))
const plugin = (...args: Parameters<typeof writeConflist>) => parsed(...args).plugins[0]

test('the example of every textbook, byte for byte', () => {
  const bridge: MainPlugin = { type: 'bridge', bridge: 'cni0', ipMasq: true, hairpinMode: false }
  const text = writeConflist(settings({ name: 'mynet', cniVersion: '0.3.1', plugin: bridge }), [confRange('192.168.1.0/24')])
  expect(text).toBe(`{
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

test('everything at once, in the order in which people write it', () => {
  const full = settings({
    plugin: { type: 'bridge', bridge: 'br7', ipMasq: false, hairpinMode: true },
    mtu: 1450,
    routes: [{ destination: parseCidr('10.96.0.0/12'), gateway: parseAddress('10.9.1.9') }],
    dns: { nameservers: [parseAddress('10.96.0.10'), parseAddress('fd00::a')], domain: 'cluster.test', search: ['svc.cluster.test', 'test'] },
    dataDir: '/run/state',
    portmap: true,
    bandwidth: true,
  })
  const text = writeConflist(full, [confRange('10.9.1.0/24', { start: '10.9.1.5', end: '10.9.1.99', gateway: '10.9.1.3' }), confRange('fd00:9::/64')])
  expect(text).toBe(`{
  "cniVersion": "0.4.0",
  "name": "net7",
  "plugins": [
    {
      "type": "bridge",
      "bridge": "br7",
      "isGateway": true,
      "ipMasq": false,
      "hairpinMode": true,
      "mtu": 1450,
      "ipam": {
        "type": "host-local",
        "dataDir": "/run/state",
        "ranges": [
          [
            {
              "subnet": "10.9.1.0/24",
              "rangeStart": "10.9.1.5",
              "rangeEnd": "10.9.1.99",
              "gateway": "10.9.1.3"
            }
          ],
          [{ "subnet": "fd00:9::/64" }]
        ],
        "routes": [
          { "dst": "0.0.0.0/0" },
          { "dst": "::/0" },
          { "dst": "10.96.0.0/12", "gw": "10.9.1.9" }
        ]
      },
      "dns": {
        "nameservers": ["10.96.0.10", "fd00::a"],
        "domain": "cluster.test",
        "search": ["svc.cluster.test", "test"]
      }
    },
    {
      "type": "portmap",
      "capabilities": { "portMappings": true }
    },
    {
      "type": "bandwidth",
      "capabilities": { "bandwidth": true }
    }
  ]
}
`)
})

describe('main plugins', () => {
  const range = [confRange('10.9.1.0/24')]
  const withPlugin = (main: MainPlugin) => plugin(settings({ plugin: main, mtu: 9000, defaultRoute: false }), range)
  const ipam = { type: 'host-local', ranges: [[{ subnet: '10.9.1.0/24' }]] }
  test('ptp', () => {
    expect(withPlugin({ type: 'ptp', ipMasq: true })).toEqual({ type: 'ptp', ipMasq: true, mtu: 9000, ipam })
  })
  test('macvlan', () => {
    expect(withPlugin({ type: 'macvlan', master: 'ens3', mode: 'vepa' })).toEqual({ type: 'macvlan', master: 'ens3', mode: 'vepa', mtu: 9000, ipam })
  })
  test('ipvlan, its mode left to the plugin', () => {
    expect(withPlugin({ type: 'ipvlan', master: 'ens3', mode: undefined })).toEqual({ type: 'ipvlan', master: 'ens3', mtu: 9000, ipam })
  })
})

describe('routes', () => {
  const routes = (more: Parameters<typeof settings>[0], ...ranges: readonly ConfRange[]) => plugin(settings(more), ranges).ipam.routes
  const v4 = confRange('10.9.1.0/24')
  const v6 = confRange('fd00:9::/64')
  const through = (destination: string, gateway?: string) => {
    return { destination: parseCidr(destination), gateway: gateway === undefined ? undefined : parseAddress(gateway) }
  }
  test('a default route for each family, in the order of the subnets', () => {
    expect(routes({}, v6, v4)).toEqual([{ dst: '::/0' }, { dst: '0.0.0.0/0' }])
  })
  test('a default route that is given is not doubled', () => {
    expect(routes({ routes: [through('0.0.0.0/0', '10.9.1.9')] }, v4, v6)).toEqual([{ dst: '::/0' }, { dst: '0.0.0.0/0', gw: '10.9.1.9' }])
  })
  test('none at all', () => {
    expect(routes({ defaultRoute: false }, v4)).toBeUndefined()
    expect(routes({ defaultRoute: false, routes: [through('10.0.0.0/8')] }, v4)).toEqual([{ dst: '10.0.0.0/8' }])
  })
})

test('no dns key without dns, and only the keys that are given', () => {
  const dns = (more: object) => plugin(settings({ dns: { nameservers: [], domain: undefined, search: [], ...more } }), [confRange('10.9.1.0/24')]).dns
  expect(dns({})).toBeUndefined()
  expect(dns({ domain: 'test' })).toEqual({ domain: 'test' })
  expect(dns({ search: ['a.test'] })).toEqual({ search: ['a.test'] })
  expect(dns({ nameservers: [parseAddress('10.9.1.53')] })).toEqual({ nameservers: ['10.9.1.53'] })
})

describe('read back by the reader of the audit', () => {
  const plugins: readonly MainPlugin[] = [
    { type: 'bridge', bridge: 'br7', ipMasq: true, hairpinMode: true },
    { type: 'ptp', ipMasq: false },
    { type: 'macvlan', master: 'ens3', mode: 'bridge' },
    { type: 'ipvlan', master: 'ens3', mode: 'l3' },
  ]
  const subnetOf = (bits: 32 | 128) =>
    fc.tuple(fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }), fc.integer({ min: 1, max: bits - 2 })).map(([value, prefix]) => {
      return networkOf({ family: bits === 32 ? 4 : 6, value }, prefix)
    })
  /** Bounds that lie in the subnet and in order, or none. */
  // An address of ::ffff:0:0/96 is an IPv4 address in another spelling, which the reader says.
  const isMapped = (family: number, value: bigint) => family === 6 && value >> 32n === 0xffffn
  const rangeOf = (subnet: Cidr) =>
    fc.array(fc.bigInt({ min: subnet.base + 1n, max: lastOf(subnet) - 1n }), { minLength: 2, maxLength: 2 }).map((bounds): ConfRange => {
      const [first = 0n, last = 0n] = bounds.sort((a, b) => (a < b ? -1 : 1))
      const at = (value: bigint) => ({ family: subnet.family, value })
      if (last - first < 2n || [first, first + 1n, last].some((value) => isMapped(subnet.family, value)))
        return { subnet, start: undefined, end: undefined, gateway: undefined }
      return { subnet, start: at(first), end: at(last), gateway: at(first + 1n) }
    })
  const ranges = fc
    .constantFrom<(32 | 128)[]>([32], [128], [32, 128], [128, 32])
    .chain((families) => fc.tuple(...families.map((bits) => subnetOf(bits).chain(rangeOf))))

  test.each(plugins)('$type in every version and family', (main) => {
    fc.assert(
      fc.property(ranges, fc.constantFrom(...cniVersions), fc.boolean(), (wanted, cniVersion, chained) => {
        const conf = settings({ plugin: main, cniVersion, dataDir: '/run/state', portmap: chained, bandwidth: chained })
        const reading = readConfiguration(writeConflist(conf, wanted), '70-net7.conflist')
        const types = chained ? [main.type, 'portmap', 'bandwidth'] : [main.type]
        expect(reading).toMatchObject({ error: undefined, problems: [], name: 'net7', cniVersion, plugins: types })
        expect(reading.networks).toHaveLength(1)
        const isShared = 'master' in main
        expect(reading.networks[0]).toMatchObject({ ipam: 'host-local', dataDir: '/run/state', rangesFromNode: false, sharedSegment: isShared })
        const expected = wanted.map(({ subnet, start, end, gateway }, set) => {
          const { family, base } = subnet
          const last = lastOf(subnet) - (family === 4 ? 1n : 0n)
          const range = { family, first: start?.value ?? base + 1n, last: end?.value ?? last }
          return { subnet, range, gateway: gateway ?? { family, value: base + 1n }, set }
        })
        expect(reading.networks[0]?.ranges).toEqual(expected)
      }),
      { numRuns: 200 },
    )
  })
  test('the bounds reach the text', () => {
    const [range] = plugin(settings(), [confRange('10.9.1.0/24', { gateway: '10.9.1.254' })]).ipam.ranges[0]
    expect(range).toEqual({ subnet: '10.9.1.0/24', gateway: formatAddress(parseAddress('10.9.1.254')) })
  })
})
