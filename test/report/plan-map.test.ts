// The map of a plan: every block is in the square that holds its addresses.
import { describe, expect, test } from 'vitest'
import { planPools } from '../../src/plan/plan-pools.ts'
import { readRequest } from '../../src/plan/read-request.ts'
import type { RequestInput } from '../../src/plan/request-schema.ts'
import { planMap } from '../../src/report/plan-map.ts'

const mapOf = (input: RequestInput) => planMap(planPools(readRequest(input, { normalize: false })))
const cells = (input: RequestInput) => mapOf(input).grids.map(({ rows }) => rows.flatMap((row) => row.cells))

describe('squares', () => {
  test('of one block each', () => {
    const [only] = cells({ clusterCidrs: '10.9.0.0/21', nodePrefixes: 24, nodes: ['a', 'b'], reservations: '10.9.1.7', serviceCidrs: '10.9.6.0/23' })
    expect(only?.map(({ state }) => state)).toEqual(['given', 'reserved', 'given', 'free', 'free', 'free', 'reserved', 'reserved'])
    expect(only?.[2]?.text).toBe('10.9.2.0/24: b')
  })
  test('of several blocks, which may be given in part', () => {
    const [only] = cells({ clusterCidrs: '10.0.0.0/12', nodePrefixes: 24, nodes: 13, reservations: '10.0.2.0/24' })
    expect(only).toHaveLength(512)
    expect(only?.[0]).toEqual({ state: 'given', text: '10.0.0.0/21: 7 of 8 blocks given, the first to node-1' })
    expect(only?.[1]).toEqual({ state: 'part', text: '10.0.8.0/21: 6 of 8 blocks given, the first to node-8' })
    expect(only?.[2]?.state).toBe('free')
  })
  test('of both families, each with its own squares', () => {
    const [v4, v6] = cells({ clusterCidrs: ['10.9.0.0/22', 'fd00:9::/60'], nodePrefixes: [24, 64], nodes: 3 })
    expect([v4?.length, v6?.length]).toEqual([4, 16])
    expect(v6?.slice(0, 4).map(({ state }) => state)).toEqual(['given', 'given', 'given', 'free'])
  })
  test('where the system chooses the places, the number is drawn and said to be one', () => {
    const map = mapOf({ profile: 'calico', clusterCidrs: '10.9.0.0/20', nodePrefixes: 26, nodes: 4, maxPods: 60 })
    expect(map.grids[0]?.rows.flatMap((row) => row.cells).filter(({ state }) => state === 'given')).toHaveLength(4)
    expect(map.grids[0]?.note).toContain('the system chooses the places')
  })
  test('never as wide as the pool where that is one block', () => {
    expect(cells({ clusterCidrs: '10.9.0.0/24', nodePrefixes: 24, nodes: ['x'] })[0]).toEqual([{ state: 'given', text: '10.9.0.0/24: x' }])
  })
})

test('names the first three hundred nodes and says how many more there are', () => {
  const map = mapOf({ clusterCidrs: '10.0.0.0/12', nodePrefixes: 24, nodes: 310 })
  expect([map.holders.length, map.more, map.holders[299]]).toEqual([300, 10, { name: 'node-300', ranges: '10.1.43.0/24' }])
})
