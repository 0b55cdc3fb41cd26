// One row for each source that knows of a node: its object, its pods, its files, and what systems record for it.
import { groupBy } from '../model/group-by.ts'
import type { Node, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeState } from '../model/node-state.ts'
import { isBlind, isLive, isTerminal, podId } from '../model/pod-state.ts'
import { showTime } from '../model/show-time.ts'
import { formatAddress, formatCidr, formatRange } from '../net/index.ts'
import type { SourceRow } from './explanation.ts'
import { latestEvents } from './latest-events.ts'
import { factRow } from './source-rows.ts'
import { counted, listed } from './wording.ts'

function nodeRow(node: Node): SourceRow {
  const facts = [
    node.ready === undefined ? 'readiness not known' : node.ready ? 'ready' : 'not ready',
    ...(node.schedulable ? [] : ['not schedulable']),
    node.podCidrs.length === 0 ? 'no podCIDR' : `podCIDR ${node.podCidrs.map(formatCidr).join(', ')}`,
    ...node.addresses.map(({ type, address }) => `${type} ${formatAddress(address)}`),
    ...(node.maxPods === undefined ? [] : [`at most ${counted(node.maxPods, 'pod')}`]),
    ...(node.runtime === '' ? [] : [node.runtime]),
    ...(node.createdAt === undefined ? [] : [`created ${showTime(node.createdAt)}`]),
    ...(node.deletedAt === undefined ? [] : ['is being deleted']),
  ]
  return factRow('nodes', facts.join('; '), node.origin)
}

function podRow(pods: readonly Pod[]): SourceRow {
  const waiting = pods.filter(isBlind)
  const kinds = [
    `${pods.filter(isLive).length} with an address`,
    `${pods.filter((pod) => pod.hostNetwork && !isTerminal(pod)).length} on the host network`,
    `${pods.filter(isTerminal).length} finished`,
    `${waiting.length} without an address yet${waiting.length === 0 ? '' : `: ${listed(waiting.map(podId), 3)}`}`,
  ]
  return factRow('pod status', `${counted(pods.length, 'pod')}: ${kinds.join(', ')}`, pods[0]?.origin)
}

function* stateRows(state: NodeState): Generator<SourceRow> {
  const { node, origin } = state
  const read = `read ${showTime(state.collectedAt)}${state.bootTime === undefined ? '' : `, booted ${showTime(state.bootTime)}`}`
  for (const { network, files, error, origin: place } of state.directories) {
    const newest = Math.max(...files.map(({ mtime }) => mtime))
    const age = files.length === 0 || !state.timesKnown ? '' : `, the newest of ${showTime(newest)}`
    const fault = error === undefined ? '' : `; could not be read whole: ${error}`
    yield factRow(
      `host-local on ${node}`,
      `${counted(files.length, 'allocation file')} of network ${network}${age}; ${read}${fault}`,
      place,
      state.collectedAt,
    )
  }
  for (const { name, file, order, type, ipam, ranges, rangesFromNode } of state.networks) {
    const place = order === 0 ? 'default network' : 'network'
    const from = rangesFromNode
      ? ', ranges from the node object or its daemon'
      : ranges.length === 0
        ? ''
        : `, ${listed(ranges.map(({ subnet }) => formatCidr(subnet)))}`
    yield factRow(`CNI configuration on ${node}`, `${place} ${name}: ${type}${ipam === '' ? '' : ` with ${ipam}`}${from}`, `${origin}/${file}`)
  }
  if (state.sandboxes !== undefined) {
    const ready = state.sandboxes.filter((sandbox) => sandbox.ready).length
    yield factRow(`sandboxes on ${node}`, `${counted(state.sandboxes.length, 'sandbox', 'sandboxes')}, ${ready} of them ready`, origin)
  }
  if (state.results.length > 0) yield factRow(`CNI results on ${node}`, counted(state.results.length, 'cached result'), origin)
  if (state.flannel !== undefined)
    yield factRow(`flannel on ${node}`, `works with ${listed(state.flannel.subnets.map(formatCidr))}`, state.flannel.origin)
}

function* recordRows(inventory: Inventory, name: string): Generator<SourceRow> {
  const blocks = inventory.blocks.filter(({ node }) => node === name)
  for (const [system, own] of groupBy(blocks, (block) => block.system))
    yield factRow(
      system,
      `${counted(own.length, 'block')}: ${listed(own.map(({ cidr, state }) => `${formatCidr(cidr)}${state === undefined ? '' : ` (${state})`}`))}`,
      own[0]?.origin,
    )
  const allocations = inventory.allocations.filter(({ node }) => node === name)
  for (const [system, own] of groupBy(allocations, (allocation) => allocation.system)) {
    const special = own.filter(({ owner, purpose }) => owner.kind === 'node' && purpose !== undefined)
    const words = special.length === 0 ? '' : `; ${listed(special.map(({ purpose, address }) => `${purpose} ${formatAddress(address)}`))}`
    yield factRow(system, `${counted(own.length, 'address', 'addresses')} recorded on it${words}`, own[0]?.origin)
  }
  for (const { system, node, what, ranges, recordedAt, foreign, origin } of inventory.nodeRecords)
    if (node === name)
      yield factRow(
        system,
        `${what} with ${ranges.length === 0 ? 'no range' : listed(ranges.map(formatRange))}${foreign === true ? ', a host outside of Kubernetes' : ''}`,
        origin,
        recordedAt,
      )
  for (const { system, node, pool, error, origin } of inventory.shortages)
    if (node === name) yield factRow(system, `could not serve it${pool === '' ? '' : ` from pool ${pool}`}: ${error}`, origin)
}

export function nodeSources(inventory: Inventory, name: string): SourceRow[] {
  const node = inventory.nodeOf.get(name)
  const pods = inventory.podsOfNode.get(name) ?? []
  const state = inventory.stateOf.get(name)
  const events = latestEvents(inventory.events.filter(({ kind, subject }) => kind === 'no-node-range' && subject === name))
  return [
    ...(node === undefined ? [] : [nodeRow(node)]),
    ...(pods.length === 0 ? [] : [podRow(pods)]),
    ...recordRows(inventory, name),
    ...(state === undefined ? [] : stateRows(state)),
    ...events.map((event) =>
      factRow(
        'events',
        `CIDRNotAvailable${event.count === undefined || event.count === 1 ? '' : ` (${event.count} times)`}`,
        event.origin,
        event.lastAt,
      ),
    ),
  ]
}
