// What --subnet, --range-start, --range-end and --gateway may ask for.
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/model/errors.ts'
import { parseAddress, parseCidr } from '../../../src/net/index.ts'
import { confRanges } from '../../../src/systems/cni/conf-ranges.ts'
import { confRange } from './settings.ts'

interface Given {
  readonly subnets: readonly string[]
  readonly starts?: readonly string[]
  readonly ends?: readonly string[]
  readonly gateways?: readonly string[]
}

function ranges({ subnets, starts = [], ends = [], gateways = [] }: Given) {
  const hosts = (texts: readonly string[]) => texts.map(parseAddress)
  return confRanges(subnets.map(parseCidr), { starts: hosts(starts), ends: hosts(ends), gateways: hosts(gateways) }, '--subnet')
}

test('each bound finds its subnet', () => {
  const given = { subnets: ['fd00::/64', '10.9.1.0/24'], starts: ['10.9.1.5', 'fd00::5'], ends: ['fd00::9'], gateways: ['10.9.1.254'] }
  expect(ranges(given)).toEqual([
    confRange('fd00::/64', { start: 'fd00::5', end: 'fd00::9' }),
    confRange('10.9.1.0/24', { start: '10.9.1.5', gateway: '10.9.1.254' }),
  ])
})

test('the smallest subnets that host-local takes', () => {
  expect(ranges({ subnets: ['10.9.1.0/30', 'fd00::/126'] })).toEqual([confRange('10.9.1.0/30'), confRange('fd00::/126')])
})

test('the very last IPv6 address is a host', () => {
  expect(ranges({ subnets: ['fd00::/120'], ends: ['fd00::ff'] })).toEqual([confRange('fd00::/120', { end: 'fd00::ff' })])
})

describe('refused', () => {
  test.each<[string, Given, string]>([
    ['nothing', { subnets: [] }, '--subnet: there is no subnet; give one, or one of each family'],
    ['a /31', { subnets: ['10.9.1.0/31'] }, '--subnet: 10.9.1.0/31 is too small: host-local needs a /30 or larger'],
    ['a /127', { subnets: ['10.9.1.0/24', 'fd00::/127'] }, '--subnet: fd00::/127 is too small: host-local needs a /126 or larger'],
    [
      'one family twice',
      { subnets: ['10.9.1.0/24', 'fd00::/64', '10.9.2.0/24'] },
      '--subnet: 10.9.1.0/24 and 10.9.2.0/24 are both IPv4; a node has one subnet of each family',
    ],
    ['a start outside', { subnets: ['10.9.1.0/24'], starts: ['10.9.2.5'] }, '--subnet: the start of the range 10.9.2.5 lies outside 10.9.1.0/24'],
    [
      'an end of the other family',
      { subnets: ['10.9.1.0/24'], ends: ['fd00::5'] },
      '--subnet: the end of the range fd00::5 lies outside 10.9.1.0/24',
    ],
    [
      'a gateway outside of both',
      { subnets: ['10.9.1.0/24', 'fd00::/64'], gateways: ['10.9.2.1'] },
      '--subnet: the gateway 10.9.2.1 lies outside 10.9.1.0/24 and fd00::/64',
    ],
    [
      'two starts',
      { subnets: ['10.9.1.0/24'], starts: ['10.9.1.5', '10.9.1.6'] },
      '--subnet: 10.9.1.5 and 10.9.1.6 are both the start of the range in 10.9.1.0/24; give one',
    ],
    [
      'start after end',
      { subnets: ['10.9.1.0/24'], starts: ['10.9.1.9'], ends: ['10.9.1.5'] },
      '--subnet: the range 10.9.1.9-10.9.1.5 in 10.9.1.0/24 starts after it ends',
    ],
    [
      'the network address',
      { subnets: ['10.9.1.0/24'], starts: ['10.9.1.0'] },
      '--subnet: the start of the range 10.9.1.0 is the network or broadcast address of 10.9.1.0/24; use 10.9.1.1 to 10.9.1.254',
    ],
    [
      'the broadcast address, which host-local takes and runs out of the subnet from',
      { subnets: ['10.9.1.0/30'], starts: ['10.9.1.3'] },
      '--subnet: the start of the range 10.9.1.3 is the network or broadcast address of 10.9.1.0/30; use 10.9.1.1 to 10.9.1.2',
    ],
    [
      'the broadcast address as gateway',
      { subnets: ['10.9.1.0/24'], gateways: ['10.9.1.255'] },
      '--subnet: the gateway 10.9.1.255 is the network or broadcast address of 10.9.1.0/24; use 10.9.1.1 to 10.9.1.254',
    ],
    [
      'the first IPv6 address',
      { subnets: ['fd00::/120'], starts: ['fd00::'] },
      '--subnet: the start of the range fd00:: is the network or broadcast address of fd00::/120; use fd00::1 to fd00::ff',
    ],
    [
      'a range of the gateway alone',
      { subnets: ['10.9.1.0/24'], ends: ['10.9.1.1'] },
      '--subnet: the only address of 10.9.1.1-10.9.1.1 is the gateway, so none can be handed out; widen the range or give another gateway',
    ],
  ])('%s', (_, given, message) => {
    expect(() => ranges(given)).toThrow(new UsageError(message))
  })
})
