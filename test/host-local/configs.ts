// One table of host-local configurations with what the real plugin does with each: the plugin's own tests and our reader's validation share it.
// Asserted against the executable in configs.test.ts; messages as of plugins 1.9.1 (the same since 1.1.1).

export interface ConfigCase {
  /** Says the situation. */
  readonly name: string
  /** What the plugin gets on standard input, as libcni hands it over: a plugin object with the list's name and cniVersion. Text where JSON cannot say it. */
  readonly config: Readonly<Record<string, unknown>> | string
  /** First address that ADD answers, one per range set. */
  readonly first?: readonly string[]
  /** How many single ADDs succeed before one is refused; left out where that is more than 20. */
  readonly capacity?: number
  /** Accepted by the plugin, but not what anybody wants: our tools say more than the plugin does. */
  readonly trap?: string
  /** Refused: CNI error code and text. */
  readonly refused?: { readonly code: number; readonly msg: string; readonly details?: string }
}

type Json = Readonly<Record<string, unknown>>

/** A bridge plugin object as libcni would hand it over. */
export const bridgeConfig = (ipam: Json, more: Json = {}): Json => ({
  cniVersion: '1.0.0',
  name: 'pods',
  type: 'bridge',
  ipam: { type: 'host-local', ...ipam },
  ...more,
})

const set = (...ranges: Json[]) => bridgeConfig({ ranges: [ranges] })
const sets = (...subnets: string[]) => bridgeConfig({ ranges: subnets.map((subnet) => [{ subnet }]) })
const refused = (msg: string, code = 999, details?: string) => ({ refused: { code, msg, ...(details === undefined ? {} : { details }) } })

const plain: ConfigCase[] = [
  { name: 'one subnet, old form', config: bridgeConfig({ subnet: '10.22.0.0/24' }), first: ['10.22.0.2/24'] },
  { name: 'one subnet in ranges', config: sets('10.22.0.0/24'), first: ['10.22.0.2/24'] },
  { name: 'IPv4 /30', config: sets('10.22.0.4/30'), first: ['10.22.0.6/30'], capacity: 1 },
  { name: 'IPv4 /29', config: sets('10.22.0.8/29'), first: ['10.22.0.10/29'], capacity: 5 },
  { name: 'IPv4 /28', config: sets('10.22.0.16/28'), first: ['10.22.0.18/28'], capacity: 13 },
  { name: 'IPv6 /126', config: sets('fd00:22::/126'), first: ['fd00:22::2/126'], capacity: 2 },
  { name: 'IPv6 /125', config: sets('fd00:22::8/125'), first: ['fd00:22::a/125'], capacity: 6 },
  { name: 'IPv6 /64', config: sets('fd00:22:0:1::/64'), first: ['fd00:22:0:1::2/64'] },
  { name: 'IPv6 in capitals and with all groups', config: sets('FD00:0022:0000:0001:0000:0000:0000:0000/64'), first: ['fd00:22:0:1::2/64'] },
  { name: 'dual stack', config: sets('10.22.0.0/24', 'fd00:22::/64'), first: ['10.22.0.2/24', 'fd00:22::2/64'] },
  { name: 'two sets of one family', config: sets('10.22.0.0/29', '10.22.0.8/30'), first: ['10.22.0.2/29', '10.22.0.10/30'], capacity: 1 },
  {
    name: 'subnet and ranges together: the subnet becomes set 0',
    config: bridgeConfig({ subnet: '10.22.9.0/24', ranges: [[{ subnet: '10.22.0.0/24' }]] }),
    first: ['10.22.9.2/24', '10.22.0.2/24'],
  },
  {
    name: 'run-time ranges go in front',
    config: bridgeConfig({ subnet: '10.22.9.0/24' }, { runtimeConfig: { ipRanges: [[{ subnet: '10.22.7.0/24' }]] } }),
    first: ['10.22.7.2/24', '10.22.9.2/24'],
  },
]

const bounds: ConfigCase[] = [
  {
    name: 'two subnets in one set',
    config: set({ subnet: '10.22.3.0/30' }, { subnet: '10.22.4.0/30' }),
    first: ['10.22.3.2/30'],
    capacity: 2,
  },
  {
    name: 'two disjoint slices of one subnet',
    config: set(
      { subnet: '10.22.3.0/24', rangeStart: '10.22.3.10', rangeEnd: '10.22.3.12' },
      { subnet: '10.22.3.0/24', rangeStart: '10.22.3.13', rangeEnd: '10.22.3.13' },
    ),
    first: ['10.22.3.10/24'],
    capacity: 4,
  },
  {
    name: 'explicit bounds hand out the network and broadcast addresses',
    config: set({ subnet: '10.22.0.0/29', rangeStart: '10.22.0.0', rangeEnd: '10.22.0.7' }),
    first: ['10.22.0.0/29'],
    capacity: 7,
    trap: 'network address and broadcast address are in the range',
  },
  {
    name: 'own gateway: .1 is handed out',
    config: set({ subnet: '10.22.0.0/29', gateway: '10.22.0.6' }),
    first: ['10.22.0.1/29'],
    capacity: 5,
  },
  {
    name: 'gateway outside the subnet',
    config: set({ subnet: '10.22.0.0/29', gateway: '192.168.1.1' }),
    first: ['10.22.0.1/29'],
    capacity: 6,
    trap: 'gateway outside the subnet',
  },
  {
    name: 'gateway outside start and end',
    config: set({ subnet: '10.22.0.0/24', rangeStart: '10.22.0.100', rangeEnd: '10.22.0.103' }),
    first: ['10.22.0.100/24'],
    capacity: 4,
  },
  {
    name: 'nothing but the gateway',
    config: set({ subnet: '10.22.0.0/29', rangeStart: '10.22.0.1', rangeEnd: '10.22.0.1' }),
    capacity: 0,
    trap: 'no address left',
  },
  {
    name: 'start above the default end runs out of the subnet',
    config: set({ subnet: '10.22.15.0/30', rangeStart: '10.22.15.3' }),
    first: ['10.22.15.3/30'],
    trap: 'rangeStart lies above the default rangeEnd: addresses outside the subnet are handed out without end',
  },
]

const spelling: ConfigCase[] = [
  {
    name: 'unknown keys are ignored',
    config: bridgeConfig({ subnet: '10.22.0.0/29', exclude: ['10.22.0.2'] }),
    first: ['10.22.0.2/29'],
    capacity: 5,
  },
  {
    name: 'keys in other case count',
    config: bridgeConfig({ RANGES: [[{ Subnet: '10.22.0.0/29', RangeStart: '10.22.0.5' }]] }),
    first: ['10.22.0.5/29'],
    capacity: 2,
  },
  { name: 'ipam.type is not looked at', config: bridgeConfig({ type: 'whereabouts', subnet: '10.22.0.0/29' }), first: ['10.22.0.2/29'], capacity: 5 },
  { name: 'prefix with a leading zero', config: sets('10.0.0.0/08'), first: ['10.0.0.2/8'], trap: 'prefix length with a leading zero' },
  {
    name: 'IPv4-mapped bounds mean IPv4',
    config: set({ subnet: '10.22.0.0/29', rangeStart: '::ffff:10.22.0.4' }),
    first: ['10.22.0.4/29'],
    capacity: 3,
    trap: 'IPv4-mapped address',
  },
  { name: 'no cniVersion', config: bridgeConfig({ subnet: '10.22.0.0/29' }, { cniVersion: undefined }), capacity: 5 },
  {
    name: 'a key twice: the last counts',
    config: '{"cniVersion":"1.0.0","name":"pods","type":"bridge","ipam":{"type":"host-local","subnet":"10.1.0.0/24","subnet":"10.22.0.0/29"}}',
    first: ['10.22.0.2/29'],
    capacity: 5,
    trap: 'key given twice',
  },
]

const refusedRanges: ConfigCase[] = [
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

const refusedText: ConfigCase[] = [
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

export const configCases: readonly ConfigCase[] = [...plain, ...bounds, ...spelling, ...refusedRanges, ...refusedText]

/** Names of networks (and container ids) with what CNI says to them since 0.8.0. */
export const networkNames: readonly (readonly [name: string, accepted: boolean])[] = [
  ['pods', true],
  ['0', true],
  ['A_b-1.c', true],
  ['x'.repeat(200), true],
  ['', false],
  ['.pods', false],
  ['-pods', false],
  ['_pods', false],
  ['..', false],
  ['my pods', false],
  ['a/b', false],
  ['a:b', false],
  ['pöds', false],
  ['pods\n', false],
]
