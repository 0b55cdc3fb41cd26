// What one node is: with room, full, without a range, in conflict with another, or gone.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Finding } from '../model/finding.ts'
import type { Block } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { type NodeUsage, nodeUsage, type SetUsage } from '../model/node-usage.ts'
import { addressKey, cidrHolds, cidrSize, formatCidr, formatRange } from '../net/index.ts'
import type { Verdict } from './explanation.ts'
import { fullSet, unheldText } from './pod-cause.ts'
import { counted, listed, pointer } from './wording.ts'

function goneVerdict(inventory: Inventory, name: string, failing: readonly Finding[]): Verdict {
  const blocks = inventory.blocks.filter(({ node }) => node === name)
  const allocations = inventory.allocations.filter(({ node }) => node === name)
  const records = inventory.nodeRecords.filter(({ node }) => node === name)
  const kept = [
    ...[...new Set(blocks.map(({ system, cidr }) => `${formatCidr(cidr)} (${system})`))],
    ...(allocations.length === 0 ? [] : [counted(allocations.length, 'address', 'addresses')]),
    ...(blocks.length + allocations.length === 0 ? records.map(({ system, what }) => `${what} (${system})`) : []),
  ]
  const whole = inventory.coverage.some(({ source, status }) => source === 'nodes' && status === 'complete')
  if (!whole)
    return {
      state: 'unknown',
      text: `node ${name} is known from other sources only: the nodes were not read${inventory.stateOf.has(name) ? `, its files were${filesText(inventory, name)}` : ''}${pointer(failing)}`,
    }
  return {
    state: 'gone',
    text: `there is no node ${name}${kept.length === 0 ? '' : `, and ${listed(kept)} ${kept.length === 1 && allocations.length < 2 ? 'is' : 'are'} still kept for it`}${pointer(failing)}`,
  }
}

function filesText(inventory: Inventory, name: string): string {
  const usage = nodeUsage(inventory).find((one) => one.name === name)
  return usage === undefined ? '' : `, ${usage.allocated} of ${usage.capacity} addresses taken`
}

const setText = (usage: NodeUsage, set: SetUsage): string => listed(usage.ranges.filter(({ family }) => family === set.family).map(formatRange))

/** Blocks that a node took of a pool, where it has no range of its own. */
function blocksText(inventory: Inventory, blocks: readonly Block[]): string {
  const taken = new Set<number | bigint>()
  const note = (address: Parameters<typeof addressKey>[0]) => blocks.some(({ cidr }) => cidrHolds(cidr, address)) && taken.add(addressKey(address))
  const systems = new Set(blocks.map(({ system }) => system))
  for (const { system, address } of inventory.allocations) if (systems.has(system)) note(address)
  for (const pod of inventory.podsOfNode.get(blocks[0]?.node ?? '') ?? []) if (!pod.hostNetwork) pod.addresses.forEach(note)
  const size = blocks.reduce((sum, { cidr }) => sum + cidrSize(cidr), 0n)
  return `${counted(blocks.length, 'block')} of ${listed([...systems])} with ${taken.size} of ${counted(size, 'address', 'addresses')} taken: ${listed(blocks.map(({ cidr }) => formatCidr(cidr)))}`
}

export function nodeVerdict(inventory: Inventory, name: string, failing: readonly Finding[]): Verdict {
  const node = inventory.nodeOf.get(name)
  if (node === undefined) return goneVerdict(inventory, name, failing)
  const usage = nodeUsage(inventory).find((one) => one.name === name)
  const set = fullSet(usage)
  const ready = node.ready === false ? '; it is not ready' : ''
  if (usage !== undefined && set !== undefined)
    return {
      state: 'full',
      text: `node ${name} has no address left: ${set.used} of ${set.usable} of ${setText(usage, set)} are taken${unheldText(set)}${ready}`,
    }
  const twins = failing.filter(({ rule, nodes }) => rule.startsWith('DUP-') && nodes.length > 1)
  // One range of two nodes is the cause of the addresses that are there twice.
  const twin = twins.find(({ addresses }) => addresses.some((text) => text.includes('/'))) ?? twins[0]
  if (twin !== undefined)
    return {
      state: 'duplicate',
      text: `node ${name} is in conflict with ${listed(twin.nodes.filter((other) => other !== name))}: ${twin.message}${ready}`,
    }
  const shortage = inventory.shortages.find((one) => one.node === name)
  if (shortage !== undefined) return { state: 'full', text: `node ${name} got no addresses: ${shortage.system} says ${shortage.error}${ready}` }
  if (usage !== undefined) {
    const left = `${usage.available} of ${usage.capacity} addresses left in ${listed(usage.ranges.map(formatRange))}`
    const limit = usage.maxPods === undefined ? '' : ` of at most ${usage.maxPods}`
    return { state: 'ok', text: `node ${name} has ${left}; ${counted(usage.pods, 'pod')}${limit} with an address${ready}${pointer(failing)}` }
  }
  if (usesNodeRanges(inventory.mode)) {
    const refused = inventory.events.some(({ kind, subject }) => kind === 'no-node-range' && subject === name)
    return {
      state: 'no-range',
      text: `node ${name} has no range of its own, so no pod on it gets an address${refused ? ': kube-controller-manager found none that was free (CIDRNotAvailable)' : ''}${ready}${pointer(failing)}`,
    }
  }
  // A podCIDR that nobody draws from is a block on paper.
  const unused = new Set(node.podCidrs.map(formatCidr))
  const blocks = inventory.blocks.filter((block) => block.node === name && !unused.has(formatCidr(block.cidr)))
  const pods = inventory.podsOfNode.get(name)?.length ?? 0
  const by = inventory.mode === 'unknown' ? '; who hands out addresses is not known' : ''
  if (blocks.length === 0)
    return { state: 'ok', text: `node ${name} has no block or range of its own; ${counted(pods, 'pod')} on it${by}${ready}${pointer(failing)}` }
  return { state: 'ok', text: `node ${name} has ${blocksText(inventory, blocks)}${by}${ready}${pointer(failing)}` }
}
