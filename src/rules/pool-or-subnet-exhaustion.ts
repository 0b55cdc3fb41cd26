// CAP-406: a pool of a CNI or of a secondary network has nothing left for those who need it.
import type { Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Pool, Shortage } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isLive } from '../model/pod-state.ts'
import type { PoolUsage } from '../model/pool-usage.ts'
import { addressKey, blockSize, formatRange, holds, rangeSet } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { counted, nameList } from './facts/name-list.ts'
import { subnetsWithoutRoom } from './facts/subnet-room.ts'

/** Counted by CAP-401, CAP-402, CAP-404 and CAP-405. */
const ELSEWHERE = new Set(['node-cidr', 'host-local', 'services', 'calico'])

/** A pool of one address is a fixed address, and a cloud fills up the pool of a node as it needs; slices of secondary networks do not grow. */
const isCounted = ({ pool, capacity }: PoolUsage): boolean =>
  !ELSEWHERE.has(pool.system) && (pool.node === undefined || pool.use === 'attachments') && pool.disabled !== true && capacity > 1n

const keyOf = (system: string, pool: string): string => `${system}\0${pool}`

const textsOf = (pools: readonly Pool[]): string[] => [...new Set(pools.flatMap(({ ranges }) => ranges.map(formatRange)))]

/** Addresses of one block; undefined for pools of single addresses. */
const sizeOfBlock = (pool: Pool): bigint | undefined =>
  pool.blockSize ?? (pool.blockPrefix === undefined ? undefined : blockSize(pool.family, pool.blockPrefix))

const freeBlocks = ({ pool, available }: PoolUsage): bigint => available / (sizeOfBlock(pool) ?? 1n)

const blockCounts = (usages: readonly PoolUsage[]): string =>
  usages
    .map((usage) => ({ free: freeBlocks(usage), all: usage.capacity / (sizeOfBlock(usage.pool) ?? 1n) }))
    .map(({ free, all }) => `${all - free} of ${all} blocks`)
    .join(' and ')

/** What the allocator said to nodes, held against what is left: a message can outlive its cause in multi-pool mode (Cilium keeps it). */
function shortageViolation(shortages: readonly Shortage[], usages: readonly PoolUsage[]): Violation {
  const [first] = shortages as readonly [Shortage, ...Shortage[]]
  const nodes = [...new Set(shortages.flatMap(({ node }) => node ?? []))].sort()
  const cut = usages.filter(({ pool }) => sizeOfBlock(pool) !== undefined)
  const full = usages.some((usage) => freeBlocks(usage) === 0n)
  const left = usages.length > 0 && !full
  const counts = cut.length === 0 ? '' : `; ${blockCounts(cut)} are given out`
  return {
    cause: 'shortage',
    severity: left ? 'medium' : 'high',
    confidence: left ? 'possible' : usages.length === 0 ? 'likely' : 'certain',
    message: `${first.system} has nothing for ${nodes.length === 0 ? 'those who ask' : nameList(nodes)}${first.pool === '' ? '' : ` in pool ${first.pool}`}: "${first.error}"${counts}${left ? '; addresses are left, so the message may be an old one' : ''}`,
    addresses: textsOf(usages.map(({ pool }) => pool)),
    nodes,
    subject: [first.system, first.pool],
    evidence: [
      ...shortages.slice(0, 10).map(({ node, error, origin }) => ({ source: origin, fact: `${node ?? 'the allocator'}: ${error}` })),
      ...usages.map(({ pool }) => ({ source: pool.origin, fact: `pool ${pool.name} is ${pool.ranges.map(formatRange).join(', ')}` })),
    ],
  }
}

/** Blocks hide how few addresses are in use: distinct addresses of live pods and of nodes themselves are what fills a pool of blocks. */
function usedAddresses(pool: Pool, inventory: Inventory): bigint {
  const set = rangeSet(pool.ranges)
  const used = new Set<number | bigint>()
  for (const { system, address, purpose } of inventory.allocations)
    if (system === pool.system && purpose !== undefined && address.family === pool.family && holds(set, address)) used.add(addressKey(address))
  for (const pod of inventory.pods)
    if (isLive(pod)) for (const address of pod.addresses) if (address.family === pool.family && holds(set, address)) used.add(addressKey(address))
  return BigInt(used.size)
}

/** Allocators that cut blocks keep the first and the last address of each back. */
function usableIn({ pool, capacity }: PoolUsage): bigint {
  const size = sizeOfBlock(pool)
  if (size === undefined) return capacity
  return size > 2n ? capacity - 2n * (capacity / size) : capacity
}

function fullViolation({ pool }: PoolUsage, used: bigint, capacity: bigint): Violation {
  const left = capacity > used ? capacity - used : 0n
  return {
    cause: 'nearly-full',
    message: `pool ${pool.name} of ${pool.system} (${pool.ranges.map(formatRange).join(', ')}) is ${left === 0n ? 'full' : `nearly full: ${counted(left, 'address', 'addresses')} left`} (${used} of ${capacity} in use)`,
    domain: pool.domain,
    addresses: textsOf([pool]),
    subject: [pool.system, pool.name],
    evidence: [{ source: pool.origin, fact: `${used} of ${capacity} addresses of pool ${pool.name} are in use` }],
  }
}

/** Each node takes one block, and none is left for the next: CAP-401 for CNIs that cut the cluster CIDR themselves. */
function lastBlock(usage: PoolUsage, inventory: Inventory): Violation | undefined {
  const { pool } = usage
  const blocks = inventory.blocks.filter((block) => block.system === pool.system && block.pool === pool.name && block.cidr.family === pool.family)
  const holders = new Set(blocks.map(({ node }) => node))
  if (pool.blockPrefix === undefined || freeBlocks(usage) > 0n || blocks.length < 2 || holders.size !== blocks.length) return undefined
  if (inventory.nodes.some((node) => !node.virtual && !holders.has(node.name))) return undefined
  return {
    severity: 'medium',
    cause: 'last-block',
    message: `all ${blocks.length} blocks of pool ${pool.name} of ${pool.system} (${pool.ranges.map(formatRange).join(', ')}) are given out, one to each node; another node cannot get one`,
    domain: pool.domain,
    addresses: textsOf([pool]),
    subject: [pool.system, pool.name],
    evidence: [{ source: pool.origin, fact: `pool ${pool.name} has ${blocks.length} blocks of /${pool.blockPrefix}` }],
  }
}

function* check(inventory: Inventory): Generator<Violation> {
  const usages = inventory.usage().filter(isCounted)
  const shortages = inventory.shortages.filter(({ system }) => system !== 'calico')
  const waiting = groupBy(shortages, ({ system, pool }) => keyOf(system, pool))
  for (const [key, group] of waiting) {
    const same = usages.filter(({ pool }) => keyOf(pool.system, pool.name) === key)
    yield shortageViolation(group, same)
  }
  for (const usage of usages) {
    const { pool } = usage
    const capacity = usableIn(usage)
    if (waiting.has(keyOf(pool.system, pool.name))) continue
    const used = sizeOfBlock(pool) === undefined ? usage.allocated : usedAddresses(pool, inventory)
    if (used * 10n >= capacity * 9n) yield fullViolation(usage, used, capacity)
    else {
      const last = lastBlock(usage, inventory)
      if (last !== undefined) yield last
    }
  }
  yield* subnetsWithoutRoom(inventory)
}

function gaps(inventory: Inventory): readonly Gap[] {
  if (inventory.shortages.length > 0 || inventory.subnets.length > 0 || inventory.usage().some(({ pool }) => !ELSEWHERE.has(pool.system))) return []
  return [{ reason: 'pools of CNIs and of secondary networks: the input holds none', whole: true }]
}

export const poolOrSubnetExhaustion = defineRule({
  id: 'CAP-406',
  name: 'pool-or-subnet-exhaustion',
  title: 'A pool has nothing left',
  severity: 'high',
  revision: 1,
  why: 'Pods that need the pool stay in ContainerCreating, and nodes without a block never run one, while other pools look half empty.',
  predicate:
    'The allocator itself says that it cannot serve a node, and no block or address of that pool is left (high; no more than possible where some are left, since the message may be an old one). Or nine tenths of the addresses of a pool are in use (high). Or every node has one block of a pool and none is left for the next node (medium). Or a subnet in the lists of the cloud has no free address (high), or at least 16 and no aligned /28 (medium; possible only where no interface holds a /28).',
  guards: [
    'Cluster CIDRs, node ranges, Calico blocks and Service ranges have rules of their own.',
    'A pool of one address is a fixed address and meant to be full; pools that a cloud fills for each node are not counted.',
    'T23: addresses attached in advance are not in use.',
    'Blocks given out are not addresses in use; fragmentation of cloud subnets is never guessed: without a list of the addresses in use there is none.',
  ],
  playbook: 'R5',
  links: [
    'https://github.com/cilium/cilium/issues/17837',
    'https://github.com/cilium/cilium/issues/40350',
    'https://github.com/cilium/cilium/issues/39874',
    'https://github.com/aws/amazon-vpc-cni-k8s/issues/2749',
  ],
  gaps,
  check,
})
