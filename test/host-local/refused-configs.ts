// Configurations that the real plugin refuses, with its error code and message.
import { bridgeConfig, type ConfigCase, refused, set, sets } from './config-case.ts'

export const refusedRanges: readonly ConfigCase[] = [
  { name: '/31', config: sets('10.22.5.0/31'), ...refused('invalid range set 0: Network 10.22.5.0/31 too small to allocate from') },
  { name: '/32', config: sets('10.22.5.0/32'), ...refused('invalid range set 0: Network 10.22.5.0/32 too small to allocate from') },
  { name: 'IPv6 /127', config: sets('fd00:22::/127'), ...refused('invalid range set 0: Network fd00:22::/127 too small to allocate from') },
  { name: 'IPv6 /128', config: sets('fd00:22::/128'), ...refused('invalid range set 0: Network fd00:22::/128 too small to allocate from') },
  {
    name: 'host bits',
    config: sets('10.22.5.1/30'),
    ...refused('invalid range set 0: Network has host bits set. For a subnet mask of length 30 the network address is 10.22.5.0'),
  },
  {
    name: 'host bits, IPv6, second set',
    config: sets('10.22.0.0/24', 'fd00:22::1/64'),
    ...refused('invalid range set 1: Network has host bits set. For a subnet mask of length 64 the network address is fd00:22::'),
  },
  { name: 'IPv4-mapped subnet', config: sets('::ffff:10.22.0.0/120'), ...refused('invalid range set 0: IPNet IP and Mask version mismatch') },
  { name: 'no subnet in a range', config: set({ rangeStart: '10.22.0.2' }), ...refused('invalid range set 0: IP <nil> not v4 nor v6') },
  {
    name: 'start outside the subnet',
    config: set({ subnet: '10.22.0.0/29', rangeStart: '10.22.0.8' }),
    ...refused('invalid range set 0: RangeStart 10.22.0.8 not in network 10.22.0.0/29'),
  },
  {
    name: 'end outside the subnet',
    config: set({ subnet: '10.22.0.0/29', rangeEnd: '10.22.0.8' }),
    ...refused('invalid range set 0: RangeEnd 10.22.0.8 not in network 10.22.0.0/29'),
  },
  {
    name: 'start of the other family',
    config: set({ subnet: '10.22.0.0/29', rangeStart: 'fd00::2' }),
    ...refused('invalid range set 0: RangeStart fd00::2 not in network 10.22.0.0/29'),
  },
  {
    name: 'start above end',
    config: set({ subnet: '10.22.0.0/29', rangeStart: '10.22.0.5', rangeEnd: '10.22.0.4' }),
    ...refused('invalid range set 0: RangeStart 10.22.0.5 not in network 10.22.0.0/29'),
  },
  { name: 'empty set', config: bridgeConfig({ ranges: [[]] }), ...refused('invalid range set 0: empty range set') },
  {
    name: 'families mixed in one set',
    config: set({ subnet: '10.22.0.0/29' }, { subnet: 'fd00:22::/64' }),
    ...refused('invalid range set 0: mixed address families'),
  },
  {
    name: 'overlap inside a set',
    config: set({ subnet: '10.22.0.0/24' }, { subnet: '10.22.0.0/29' }),
    ...refused('invalid range set 0: subnets 10.22.0.1-10.22.0.254 and 10.22.0.1-10.22.0.6 overlap'),
  },
  { name: 'overlap between sets', config: sets('10.22.0.0/24', '10.22.0.128/25'), ...refused('range set 0 overlaps with 1') },
  {
    name: 'overlap of subnet and ranges',
    config: bridgeConfig({ subnet: '10.22.0.0/24', ranges: [[{ subnet: '10.22.0.0/24' }]] }),
    ...refused('range set 0 overlaps with 1'),
  },
  { name: 'empty ranges', config: bridgeConfig({ ranges: [] }), ...refused('no IP ranges specified') },
  { name: 'no ranges', config: bridgeConfig({}), ...refused('no IP ranges specified') },
  { name: 'no ipam', config: { cniVersion: '1.0.0', name: 'pods', type: 'bridge' }, ...refused("IPAM config missing 'ipam' key") },
  {
    name: 'two addresses of a family before 0.3.0',
    config: bridgeConfig({ ranges: [[{ subnet: '10.22.0.0/29' }], [{ subnet: '10.23.0.0/29' }]] }, { cniVersion: '0.2.0' }),
    ...refused('CNI version 0.2.0 does not support more than 1 address per family'),
  },
]

export const refusedText: readonly ConfigCase[] = [
  { name: 'bare address as subnet', config: sets('10.22.0.0'), ...refused('invalid CIDR address: 10.22.0.0') },
  { name: 'leading zero in an octet', config: sets('10.022.0.0/24'), ...refused('invalid CIDR address: 10.022.0.0/24') },
  { name: 'blank before the subnet', config: sets(' 10.22.0.0/24'), ...refused('invalid CIDR address:  10.22.0.0/24') },
  { name: 'prefix too long', config: sets('10.22.0.0/33'), ...refused('invalid CIDR address: 10.22.0.0/33') },
  { name: 'zone in the subnet', config: sets('fe80::%eth0/64'), ...refused('invalid CIDR address: fe80::%eth0/64') },
  { name: 'gateway with a prefix', config: set({ subnet: '10.22.0.0/29', gateway: '10.22.0.1/29' }), ...refused('invalid IP address: 10.22.0.1/29') },
  {
    name: 'name that leaves the folder',
    config: bridgeConfig({ subnet: '10.22.0.0/29' }, { name: '../../etc' }),
    ...refused('invalid characters found in network name', 7, '../../etc'),
  },
  { name: 'no name', config: bridgeConfig({ subnet: '10.22.0.0/29' }, { name: undefined }), ...refused('missing network name', 7) },
  {
    name: 'text that is not JSON',
    config: '{"cniVersion": "1.0.0",',
    ...refused('error unmarshall network config: unexpected end of JSON input', 6),
  },
]
