// What a request may say, and what is refused with which words.
import { describe, expect, test } from 'vitest'
import { formatCidr } from '../../src/net/index.ts'
import { readRequest } from '../../src/plan/read-request.ts'
import { RequestFault } from '../../src/plan/request-fault.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'

const cidr = '10.244.0.0/16'

function faultOf(input: RequestInput, normalize = false): string {
  try {
    readRequest(input, { normalize })
  } catch (error) {
    if (error instanceof RequestFault) return error.message
    throw error
  }
  return 'no fault'
}

describe('networks are read strictly', () => {
  test.each([
    ['010.244.0.0/16', 'leading zero: octal or decimal?'],
    ['10.244.3.7/16', 'host bits set for /16; write 10.244.0.0/16'],
    ['10.0.0.0/33', 'above 32'],
    ['10.0.0.0/-1', 'not a plain decimal number'],
    ['10.0.0.0/', 'nothing after the slash'],
    ['10.0.0.0/016', 'prefix length with a leading zero'],
    ['10.0.0.0/1e1', 'not a plain decimal number'],
    ['10.0.0.0/16abc', 'not a plain decimal number'],
    ['0x0a.0.0.0/8', 'write four octets'],
    ['10.1/16', 'write four octets'],
    ['167772160/8', 'write four octets'],
    ['127.1/8', 'write four octets'],
    ['١٠.0.0.0/8', 'has a character that no address has (U+0661)'],
    ['10.0.0.0/8\u00a0', 'has a no-break space (U+00A0)'],
    ['10.0.0.0/8\n', 'has a line break (U+000A)'],
    ['\u001b[31m10.0.0.0/8', 'has an escape character (U+001B)'],
    ['fd00::1%eth0/64', 'has a zone'],
    ['fd00::/048', 'prefix length with a leading zero'],
    ['::ffff:10.0.0.0/104', 'IPv4-mapped network; write 10.0.0.0/8'],
    ['10.244.0.0', 'has no prefix length; add one'],
    ['', 'is empty'],
  ])('%j: %s', (text, words) => {
    expect(faultOf({ clusterCidrs: text })).toContain(words)
    expect(faultOf({ clusterCidrs: cidr, serviceCidrs: text })).toContain(words)
    expect(faultOf({ clusterCidrs: cidr, nodeNetworks: [text] })).toContain(words)
  })

  test('--normalize masks host bits and nothing else', () => {
    expect(readRequest({ clusterCidrs: '10.244.3.7/16' }, { normalize: true }).clusterCidrs.map(formatCidr)).toEqual(['10.244.0.0/16'])
    expect(faultOf({ clusterCidrs: '010.244.3.7/16' }, true)).toContain('leading zero')
    expect(faultOf({ clusterCidrs: '::ffff:10.0.0.7/104' }, true)).toContain('IPv4-mapped')
  })

  test('the place is named to the item', () => {
    expect(faultOf({ clusterCidrs: cidr, reservations: ['10.244.1.1', { range: '10.244.1.9-10.244.1.2' }] })).toBe(
      'reservations[1].range: "10.244.1.9-10.244.1.2" starts after it ends; write 10.244.1.2-10.244.1.9',
    )
  })
})

describe('contradictions', () => {
  test.each<[string, RequestInput, string]>([
    ['no range', { nodes: 3 }, 'clusterCidrs: missing; say which range'],
    ['one family twice', { clusterCidrs: ['10.0.0.0/16', '10.1.0.0/16'] }, '10.0.0.0/16 and 10.1.0.0/16 are both IPv4'],
    ['three ranges', { clusterCidrs: ['10.0.0.0/16', 'fd00::/48', '10.1.0.0/16'] }, 'has 3 ranges'],
    [
      'one Service family twice',
      { clusterCidrs: cidr, serviceCidrs: '10.96.0.0/16,10.97.0.0/16' },
      'serviceCidrs: 10.96.0.0/16 and 10.97.0.0/16 are both IPv4',
    ],
    [
      'a block larger than the range',
      { clusterCidrs: cidr, nodePrefixes: 8 },
      'a block of /8 for each node is larger than the whole range 10.244.0.0/16',
    ],
    ['a prefix longer than an address', { clusterCidrs: cidr, nodePrefixes: 64 }, '/64 is longer than an IPv4 address'],
    ['two prefixes for one range', { clusterCidrs: cidr, nodePrefixes: '24,64' }, 'two prefix lengths for one range'],
    ['swapped prefixes', { clusterCidrs: [cidr, 'fd00::/48'], nodePrefixes: '64,24' }, '/64 is longer than an IPv4 address (10.244.0.0/16)'],
    ['a prefix in words', { clusterCidrs: cidr, nodePrefixes: 'a24' }, '"a24" is not a prefix length'],
    ['a surge in words', { clusterCidrs: cidr, surge: 'some' }, 'surge: "some" is neither'],
    ['a negative growth', { clusterCidrs: cidr, growth: '-5%' }, 'growth: "-5%" is not a number of percent'],
    ['no pods', { clusterCidrs: cidr, maxPods: 0 }, 'maxPods: must be 1 or more'],
    ['an unknown profile', { clusterCidrs: cidr, profile: 'kubeadmin' }, '"kubeadmin" is no profile'],
    ['a node twice', { clusterCidrs: cidr, nodes: ['a', 'b', 'a'] }, 'nodes[2]: the node "a" is there twice'],
    ['a path as a name', { clusterCidrs: cidr, nodes: ['../etc'] }, 'nodes[0]: "../etc" is no name'],
    ['an escape sequence as a name', { clusterCidrs: cidr, nodes: ['a\u001b[31m'] }, 'is no name'],
    ['an empty name', { clusterCidrs: cidr, nodes: [''] }, 'is no name'],
    [
      'overlapping blocks',
      {
        clusterCidrs: cidr,
        nodes: [
          { name: 'a', subnets: '10.244.0.0/23' },
          { name: 'b', subnets: '10.244.1.0/24' },
        ],
      },
      '10.244.1.0/24 of "b" overlaps 10.244.0.0/23 of "a"',
    ],
    ['two blocks of one family', { clusterCidrs: cidr, nodes: [{ name: 'a', subnets: '10.244.0.0/24,10.244.1.0/24' }] }, 'two subnets of one family'],
    ['no node pools', { clusterCidrs: cidr, nodePools: [] }, 'nodePools: is empty'],
    ['nodes beside node pools', { clusterCidrs: cidr, nodes: 3, nodePools: [{ name: 'a' }] }, 'nodes: contradicts nodePools'],
    ['a node pool twice', { clusterCidrs: cidr, nodePools: [{ name: 'a' }, { name: 'a' }] }, 'nodePools[1].name: "a" is there twice'],
    [
      'a node that another pool counts',
      {
        clusterCidrs: cidr,
        nodePools: [
          { name: 'a', nodes: 12 },
          { name: 'b', nodes: ['a-7'] },
        ],
      },
      'nodePools[1].nodes[0]: the node "a-7" is there twice',
    ],
  ])('%s', (_, input, words) => {
    expect(faultOf(input)).toContain(words)
  })

  test('a name beyond the count of another pool is free', () => {
    expect(
      faultOf({
        clusterCidrs: cidr,
        nodePools: [
          { name: 'a', nodes: 12 },
          { name: 'b', nodes: ['a-13', 'a-07'] },
        ],
      }),
    ).toBe('no fault')
  })
})

describe('node prefixes', () => {
  const prefixes = (clusterCidrs: string, nodePrefixes: RequestInput['nodePrefixes'] & {}) =>
    Object.fromEntries(readRequest({ clusterCidrs, nodePrefixes }, { normalize: false }).nodePools[0]?.nodePrefixes ?? [])

  test('one number belongs to the family that it can be meant for', () => {
    expect(prefixes('10.244.0.0/16,fd00::/48', 26)).toEqual({ 4: 26 })
    expect(prefixes('10.244.0.0/16,fd00::/48', 72)).toEqual({ 6: 72 })
    expect(prefixes('fd00::/20', 24)).toEqual({ 6: 24 })
  })

  test('two numbers belong to the ranges in their order', () => {
    expect(prefixes('10.244.0.0/16,fd00::/48', '26,60')).toEqual({ 4: 26, 6: 60 })
    expect(prefixes('fd00::/20,10.244.0.0/16', [24, 26])).toEqual({ 6: 24, 4: 26 })
  })
})
