// The second look at suspects of a live cluster: what is gone was churn, what still holds is reported, and what could not be asked for stays.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runAudit } from '../../src/cli/audit-run.ts'
import type { Finding } from '../../src/model/finding.ts'
import { rules } from '../../src/rules/index.ts'
import type { ObjectDocument, ObjectName } from '../../src/sources/source.ts'
import { readCases } from '../corpus/read-cases.ts'
import { metadataOf, objectsIn, type World, world } from './live-world.ts'

const HOUR = 3_600_000
const now = Date.parse('2026-11-23T12:00:00Z')

async function audit({ source }: World, options: { readonly confirm?: boolean; readonly now?: number } = {}) {
  const notices: string[] = []
  const { findings } = await runAudit({
    source,
    rules,
    grace: HOUR / 4,
    failOn: 'medium',
    strict: false,
    now: options.now ?? now,
    generatedAt: 0,
    version: 'test',
    confirm: options.confirm ?? true,
    notice: (text) => notices.push(text),
  })
  return { findings, notices }
}

const old = '2026-11-01T00:00:00Z'
const object = (
  apiVersion: string,
  kind: string,
  plural: string,
  body: { readonly metadata: object; readonly [key: string]: unknown },
): ObjectDocument => {
  const group = apiVersion.includes('/') ? `.${apiVersion.slice(0, apiVersion.indexOf('/'))}` : ''
  return { type: 'object', apiVersion, kind, object: { apiVersion, kind, ...body }, origin: `cluster/${plural}${group}.json` }
}
const pod = (name: string, node: string, ip: string, more: { readonly uid?: string; readonly annotations?: object } = {}) =>
  object('v1', 'Pod', 'pods', {
    metadata: { name, namespace: 'shop', uid: more.uid ?? `uid-${name}`, creationTimestamp: old, annotations: more.annotations ?? {} },
    spec: { nodeName: node },
    status: { phase: 'Running', startTime: old, podIP: ip, podIPs: [{ ip }] },
  })
const node = (name: string, ...podCIDRs: string[]) =>
  object('v1', 'Node', 'nodes', { metadata: { name, uid: `uid-${name}`, creationTimestamp: old }, spec: { podCIDR: podCIDRs[0], podCIDRs } })
const CALICO = 'crd.projectcalico.org/v1'
const block = (cidr: string, host: string, owners: Readonly<Record<number, string>>) => {
  const ordinals = Object.keys(owners).map(Number)
  return object(CALICO, 'IPAMBlock', 'ipamblocks', {
    metadata: { name: cidr.replaceAll(/[./]/g, '-'), uid: `uid-${cidr}`, creationTimestamp: old },
    spec: {
      cidr,
      affinity: `host:${host}`,
      strictAffinity: false,
      allocations: Array.from({ length: 8 }, (_, i) => (ordinals.includes(i) ? ordinals.indexOf(i) : null)),
      unallocated: Array.from({ length: 8 }, (_, i) => i).filter((i) => !ordinals.includes(i)),
      attributes: ordinals.map((i) => ({ handle_id: `h.${i}`, secondary: { namespace: 'shop', node: host, pod: owners[i] } })),
    },
  })
}
const calicoPool = object(CALICO, 'IPPool', 'ippools', { metadata: { name: 'pool', uid: 'uid-pool' }, spec: { cidr: '10.48.0.0/16', blockSize: 29 } })
const calico = [calicoPool, node('n1'), pod('other', 'n1', '10.48.0.1')]

type Objects = readonly ObjectDocument[]
const dual = [node('n1', '10.1.0.0/24'), node('n2', '10.1.1.0/24'), pod('a', 'n1', '10.1.0.5'), pod('b', 'n2', '10.1.1.5')]
const twins: Objects = [...dual, pod('x', 'n1', '10.1.0.9'), pod('y', 'n1', '10.1.0.9')]
const without = (objects: Objects, ...names: readonly string[]): Objects => objects.filter((one) => !names.includes(metadataOf(one).name))
const ranges: Objects = [...dual, node('n3', '10.1.1.0/24')]
const leaks = (...owners: readonly number[]): Objects => [
  ...calico,
  block('10.48.0.0/29', 'n1', { 1: 'other', ...Object.fromEntries(owners.map((i) => [i, `gone-${i}`])) }),
]
const unrecorded = (...recorded: readonly number[]): Objects => [
  ...calico,
  ...[2, 3, 4, 5, 6].map((i) => pod(`p${i}`, 'n1', `10.48.0.${i}`)),
  block('10.48.0.0/29', 'n1', Object.fromEntries(recorded.map((i) => [i, i === 1 ? 'other' : `p${i}`]))),
]
const vanished: Objects = [...calico, block('10.48.0.0/29', 'n1', { 1: 'other' }), block('10.48.0.8/29', 'n9', {})]
const annotated = (ip: string) => [
  ...calico.filter((one) => metadataOf(one).name !== 'other'),
  pod('other', 'n1', '10.48.0.1', { annotations: { 'cni.projectcalico.org/podIP': `${ip}/32` } }),
  block('10.48.0.0/29', 'n1', { 1: 'other' }),
]
const waiting: Objects = [...dual, node('late')]

/** Addresses of the findings of a rule. */
const said = (findings: readonly Finding[], rule: string) =>
  findings.filter((finding) => finding.rule === rule).map(({ addresses }) => addresses.toSorted().join())

describe.each<[string, string, Objects, readonly string[], readonly (readonly [string, Objects, readonly string[]])[]]>([
  [
    'two pods with one address',
    'DUP-101',
    twins,
    ['10.1.0.9'],
    [
      ['one is gone', without(twins, 'x'), []],
      ['one is another pod of that name', [...without(twins, 'x'), pod('x', 'n1', '10.1.0.10', { uid: 'another' })], []],
      ['one has another address', [...without(twins, 'x'), pod('x', 'n1', '10.1.0.10')], []],
      ['one came again with the same', [...without(twins, 'x'), pod('x', 'n1', '10.1.0.9', { uid: 'another' })], ['10.1.0.9']],
    ],
  ],
  [
    'two nodes with one range',
    'DUP-102',
    ranges,
    ['10.1.1.0/24'],
    [
      ['one is gone', without(ranges, 'n3'), []],
      ['one got another', [...without(ranges, 'n3'), node('n3', '10.1.2.0/24')], []],
    ],
  ],
  ['a node without a range', 'CAP-401', waiting, ['10.1.0.0/23'], [['it got one', [...without(waiting, 'late'), node('late', '10.1.7.0/24')], []]]],
  [
    'a pod that reports another address than its CNI',
    'DUP-106',
    annotated('10.48.0.2'),
    ['10.48.0.1,10.48.0.2'],
    [['it was written meanwhile', annotated('10.48.0.1'), []]],
  ],
  [
    'allocations of pods that are not there',
    'LEAK-202',
    leaks(2, 3),
    ['10.48.0.2', '10.48.0.3'],
    [
      ['both were freed', leaks(), []],
      ['one was freed', leaks(3), ['10.48.0.3']],
      ['the pod of one came', [...leaks(2, 3), pod('gone-2', 'n1', '10.48.0.2')], ['10.48.0.3']],
      ['a third came meanwhile', leaks(2, 3, 4), ['10.48.0.2', '10.48.0.3']],
    ],
  ],
  [
    'pods that the store has no record of',
    'DRF-506',
    unrecorded(1, 4, 5, 6),
    ['10.48.0.2,10.48.0.3'],
    [
      ['one was recorded meanwhile', unrecorded(1, 2, 4, 5, 6), ['10.48.0.3']],
      ['both were recorded meanwhile', unrecorded(1, 2, 3, 4, 5, 6), []],
      ['one of them went', without(unrecorded(1, 4, 5, 6), 'p3'), ['10.48.0.2']],
      ['another lost its record meanwhile', unrecorded(1, 5, 6), ['10.48.0.2,10.48.0.3']],
    ],
  ],
  ['a pod outside its node range', 'DRF-504', [...dual, pod('x', 'n1', '10.20.0.5')], ['10.20.0.5'], [['it is gone', dual, []]]],
  [
    'a block of a node that is not there',
    'LEAK-203',
    vanished,
    ['10.48.0.8/29'],
    [
      ['the node came', [...vanished, node('n9')], []],
      ['the block was released', without(vanished, '10-48-0-8-29'), []],
    ],
  ],
])('%s', (_, rule, objects, expected, later) => {
  test('is reported where nothing has changed, and where it is not looked at again', async () => {
    const { findings, notices } = await audit(world(objects, objects))
    expect([said(findings, rule), notices]).toEqual([expected, []])
    const once = world(objects, [])
    expect(said((await audit(once, { confirm: false })).findings, rule)).toEqual(expected)
    expect(once.asked).toEqual([])
  })

  test('is reported and said to be unconfirmed where it cannot be asked for again', async () => {
    const { findings, notices } = await audit(world(objects, [], () => true))
    expect(said(findings, rule)).toEqual(expected)
    expect(notices.join()).toMatch(/could not be looked at a second time/)
  })

  test.each(later)('%s', async (__, there, left) => {
    const { findings, notices } = await audit(world(objects, there))
    expect(said(findings, rule)).toEqual(left)
    expect(/suspicions? (was|were) dropped/.test(notices.join())).toBe(left.length < expected.length)
  })
})

test('a pod that is gone does not spare another suspect that could not be asked for', async () => {
  const { findings } = await audit(world(twins, without(twins, 'x'), ({ name }: ObjectName) => name === 'y'))
  expect(said(findings, 'DUP-101')).toEqual(['10.1.0.9'])
})

test('nothing is asked for again in a healthy cluster', async () => {
  const healthy = world(dual, [])
  await audit(healthy)
  expect(healthy.asked).toEqual([])
})

test('no more than 2,000 objects are asked for, and what did not fit is reported as it was seen', async () => {
  const many = Array.from({ length: 1500 }, (_, i) => i).flatMap((i) =>
    ['x', 'y'].map((name) => pod(`${name}-${i}`, 'n1', `10.1.${64 + (i >> 8)}.${i & 255}`)),
  )
  const large = world([...dual, ...many], dual)
  const { findings, notices } = await audit(large)
  expect(large.asked.length).toBeLessThanOrEqual(2000)
  expect(said(findings, 'DUP-101').length).toBeGreaterThanOrEqual(500)
  expect(notices.join()).toMatch(/suspicions were dropped.*suspicions could not be looked at a second time/s)
})

const live = readCases().flatMap(({ name, paths, args }) =>
  (['faulty', 'silent'] as const).flatMap((side) => {
    const path = paths[side]
    const isLive = path !== undefined && !['nodes', 'peers', 'cloud', 'external'].some((area) => existsSync(join(path, area)))
    return isLive ? [{ name: `${name}/${side}`, path, at: args[args.indexOf('--now') + 1] }] : []
  }),
)

test.each(live)('where nothing has changed since, $name shows what it showed at first', async ({ path, at }) => {
  const objects = await objectsIn(path)
  const moment = { now: at === undefined ? now : new Date(at).getTime() }
  const [first, second] = [await audit(world(objects, objects), { ...moment, confirm: false }), await audit(world(objects, objects), moment)]
  expect(second.findings).toEqual(first.findings)
  expect(second.notices.filter((text) => text.includes('dropped'))).toEqual([])
})
