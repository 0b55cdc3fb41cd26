// One table of host-local configurations with what the real plugin does with each: the plugin's own tests and our reader's validation share it.
// Asserted against the executable in configs.test.ts; messages as of plugins 1.9.1 (the same since 1.1.1).
import { bridgeConfig, type ConfigCase, set, sets } from './config-case.ts'
import { refusedRanges, refusedText } from './refused-configs.ts'

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
