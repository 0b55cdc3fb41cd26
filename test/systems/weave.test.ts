import { describe, expect, test } from 'vitest'
import { formatCidr, formatRange } from '../../src/net/index.ts'
import type { Document } from '../../src/sources/source.ts'
import { weave } from '../../src/systems/weave.ts'
import { AT, object, parsed } from './parse.ts'

type Entry = readonly [token: string, size: number, node: string, known?: boolean, version?: number]

/** Peer names are MAC addresses in real reports; here they are the node's name with a letter in front. */
const entryOf = ([Token, Size, node, IsKnownPeer = true, Version = 1]: Entry) => ({
  Token,
  Size,
  Peer: `p-${node}`,
  Nickname: node,
  IsKnownPeer,
  Version,
})
const RANGE = '10.32.0.0/24'

function report(node: string, entries: readonly (Entry | object)[], rest: { ipam?: object; peer?: string } = {}): Document {
  const Entries = entries.map((entry) => (Array.isArray(entry) ? entryOf(entry as unknown as Entry) : entry))
  const content = {
    Ready: true,
    Router: { Name: rest.peer ?? `p-${node}`, NickName: node },
    IPAM: { Paxos: null, Range: RANGE, Entries, PendingClaims: null, PendingAllocates: null, ...rest.ipam },
  }
  return {
    type: 'file',
    area: 'peer',
    node,
    path: 'weave-report.json',
    text: JSON.stringify(content),
    mtime: AT,
    origin: `peers/${node}/weave-report.json`,
  }
}

const halves: readonly Entry[] = [
  ['10.32.0.0', 100, 'a'],
  ['10.32.0.100', 156, 'b'],
]
const shares = (...documents: Document[]): string[] => {
  const byNode = new Map<string, string[]>()
  for (const { node, cidr } of parsed(weave, documents).blocks ?? []) byNode.set(node, [...(byNode.get(node) ?? []), formatCidr(cidr)])
  return [...byNode].map(([node, cidrs]) => `${node} ${cidrs.join(' ')}`)
}
const contradictions = (...documents: Document[]): string[] =>
  (parsed(weave, documents).inconsistencies ?? []).map(
    ({ cause, minor, addresses }) => `${cause}${minor === true ? ' minor' : ''} ${addresses?.join(' ')}`,
  )
const lost = (...documents: Document[]): string[] =>
  (parsed(weave, documents).nodeRecords ?? []).map(({ node, ranges }) => `${node} ${ranges.map(formatRange).join(' ')}`)

describe('shares', () => {
  test('token ranges need not be CIDRs', () =>
    expect(shares(report('a', halves))).toEqual([
      'a 10.32.0.0/26 10.32.0.64/27 10.32.0.96/30',
      'b 10.32.0.100/30 10.32.0.104/29 10.32.0.112/28 10.32.0.128/25',
    ]))

  test('the newest view counts', () => {
    const newer: Entry[] = [
      ['10.32.0.0', 128, 'a', true, 5],
      ['10.32.0.128', 128, 'b', true, 2],
    ]
    expect(shares(report('a', halves), report('b', newer))).toEqual(['a 10.32.0.0/25', 'b 10.32.0.128/25'])
  })

  test('peers are nodes by their own report, then by Weave’s list, then by nickname', () => {
    const list = object('v1', 'ConfigMap', {
      metadata: {
        name: 'weave-net',
        annotations: {
          'kube-peers.weave.works/peers': JSON.stringify({
            Peers: [
              { PeerName: 'p-b', NodeName: 'node-b' },
              { PeerName: 'p-x', NodeName: 'node-x' },
            ],
          }),
        },
      },
    })
    const own = {
      ...report('x', [
        ['10.32.0.0', 128, 'x'],
        ['10.32.0.128', 64, 'b'],
        ['10.32.0.192', 64, 'c'],
      ]),
      node: 'folder-x',
    } as Document
    expect(shares(list, own)).toEqual(['folder-x 10.32.0.0/25', 'node-b 10.32.0.128/26', 'c 10.32.0.192/26'])
  })

  test('the universe is a pool whose usage nobody knows, and a sign of the mode', () => {
    const part = parsed(weave, [report('a', halves)])
    expect(part.pools).toMatchObject([{ system: 'weave', unrecorded: true }])
    expect(part.signals?.map(({ mode, weight, fact }) => `${mode} ${weight} ${fact}`)).toEqual([
      'weave 2 weave report of 1 node: the ring is 10.32.0.0/24',
    ])
    expect(parsed(weave, [report('a', halves, { ipam: { Range: '10.32.0.0-10.32.0.255' } })]).pools?.[0]?.ranges.map(formatRange)).toEqual([RANGE])
  })
})

describe('lost peers', () => {
  const dead = (...entries: Entry[]): Entry[] => [['10.32.0.0', 128, 'a'], ...entries]

  test('a peer that no answering node reaches keeps its ranges', () =>
    expect(lost(report('a', dead(['10.32.0.128', 64, 'gone', false], ['10.32.0.192', 64, 'gone', false])))).toEqual(['gone 10.32.0.128/25']))

  test('a partition is no loss: one node that reaches it, or the peer itself, clears it', () => {
    const seen = dead(['10.32.0.128', 128, 'b', false])
    expect(lost(report('a', seen), report('c', dead(['10.32.0.128', 128, 'b', true])))).toEqual([])
    expect(lost(report('a', seen), report('b', dead(['10.32.0.128', 128, 'b', true])))).toEqual([])
  })

  test('a node made anew leaves its old peer behind, under a name that no node has', () => {
    const entries = [
      ['10.32.0.0', 128, 'a'],
      { Token: '10.32.0.128', Size: 128, Peer: 'old-a', Nickname: 'a', IsKnownPeer: false, Version: 1 },
    ] as const
    expect(lost(report('a', entries as unknown as Entry[]))).toEqual(['old-a 10.32.0.128/25'])
  })

  test('a forgotten peer has no nickname', () => {
    const entries = [['10.32.0.0', 128, 'a'], { Token: '10.32.0.128', Size: 128, Peer: 'old', Nickname: '', IsKnownPeer: false, Version: 1 }] as const
    expect(lost(report('a', entries as unknown as Entry[]))).toEqual(['old 10.32.0.128/25'])
  })
})

describe('views that contradict', () => {
  const claim = (node: string, version: number): Document =>
    report(
      node,
      node === 'a'
        ? [
            ['10.32.0.0', 192, 'a', true, version],
            ['10.32.0.192', 64, 'b'],
          ]
        : [
            ['10.32.0.0', 128, 'a'],
            ['10.32.0.128', 128, 'b', true, version],
          ],
    )

  test.each<[string, Document[], string[]]>([
    ['equal views', [report('a', halves), report('b', halves)], []],
    ['a third party that lags behind', [report('a', halves), report('c', [['10.32.0.0', 256, 'b']])], []],
    ['a hand-over between two reports', [claim('a', 1), claim('b', 4)], ['handed-over minor 10.32.0.128/26']],
    [
      'a hole in the ring',
      [
        report('a', [
          ['10.32.0.0', 100, 'a'],
          ['10.32.0.128', 128, 'b'],
        ]),
      ],
      ['ring-size 10.32.0.0/24'],
    ],
    [
      'tokens that overlap in one view',
      [
        report('a', [
          ['10.32.0.0', 200, 'a'],
          ['10.32.0.128', 128, 'b'],
        ]),
      ],
      ['ring-size 10.32.0.0/24'],
    ],
    [
      'a cloned machine',
      [report('a', [['10.32.0.0', 256, 'a']]), report('b', [['10.32.0.0', 256, 'a']], { peer: 'p-a' })],
      ['one-name-twice 10.32.0.0/24'],
    ],
    [
      'two rings',
      [report('a', halves), report('b', [['10.40.0.0', 256, 'b']], { ipam: { Range: '10.40.0.0/24' } })],
      ['two-universes 10.32.0.0/24 10.40.0.0/24'],
    ],
    ['no ring yet', [report('a', [], { ipam: { Paxos: { Quorum: 2 } } })], []],
  ])('%s', (_, documents, expected) => expect(contradictions(...documents)).toEqual(expected))

  test('two owners at one version are two nodes with one range', () => {
    expect(contradictions(claim('a', 3), claim('b', 3))).toEqual([])
    const blocks = parsed(weave, [claim('a', 3), claim('b', 3)]).blocks?.filter(({ cidr }) => formatCidr(cidr) === '10.32.0.128/26')
    expect(blocks?.map(({ node }) => node).sort()).toEqual(['a', 'b'])
  })
})

test('waiting containers and a ring without consensus are shortages', () =>
  expect(
    parsed(weave, [
      report('a', halves, { ipam: { PendingAllocates: ['c1', 'c2'] } }),
      report('b', [], { ipam: { Paxos: { Quorum: 2 } } }),
    ]).shortages?.map(({ node, error }) => `${node}: ${error}`),
  ).toEqual(['a: containers wait for an address: 2', 'b: the peers have not agreed on a ring yet (no consensus)']))

describe('malformed', () => {
  const raw = (text: string): Document => ({ ...(report('a', []) as object), text }) as Document
  test.each<[string, Document, string]>([
    ['no JSON', raw('weave 2.8.1'), 'it has no Router.Name'],
    ['no address allocation', report('a', [], { ipam: { Range: '' } }), 'IPAM.Range is "", not a range'],
    ['a token that is none', report('a', [['10.32.0', 256, 'a']]), 'has an entry without an address and a peer'],
    ['a size that is none', report('a', [{ Token: '10.32.0.0', Size: -1, Peer: 'p' }]), 'has an entry of size -1 at 10.32.0.0'],
    ['an entry outside of the ring', report('a', [['10.33.0.0', 4, 'a']]), 'has an entry outside of 10.32.0.0/24'],
  ])('%s', (_, document, message) => {
    const part = parsed(weave, [document])
    expect(part.problems?.[0]?.message).toContain(message)
    expect(part.coverage).toMatchObject([{ source: 'peers/a/weave-report.json', status: 'failed' }])
  })

  test('the list of peers', () =>
    expect(
      parsed(weave, [object('v1', 'ConfigMap', { metadata: { name: 'weave-net', annotations: { 'kube-peers.weave.works/peers': '{' } } })]).problems,
    ).toMatchObject([{ kind: 'unreadable', source: 'configmaps' }]))
})
