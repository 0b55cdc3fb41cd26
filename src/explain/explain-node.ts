// What is known of one node: its ranges and how full they are, who takes its addresses, and what every system keeps for it.
import { usesNodeRanges } from '../model/detect-mode.ts'
import { isDefaultNetwork } from '../model/host-local-ranges.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { nodeUsage } from '../model/node-usage.ts'
import { formatRange, rangeOf } from '../net/index.ts'
import type { Judged } from './explain-address.ts'
import type { Account, AddressRow, RangeRow } from './explanation.ts'
import { podOfSandbox, shortId, showing } from './file-mentions.ts'
import { nodeSources } from './node-sources.ts'
import { nodeVerdict } from './node-verdict.ts'
import { harmless } from './pod-cause.ts'
import { rangesAround } from './ranges-around.ts'
import { brokenRows, fileRows, silentRows } from './source-rows.ts'

/** Files of the default network that no live pod of the node shows the address of, the oldest first. */
export function unheldFiles(inventory: Inventory, node: string): AddressRow[] {
  const state = inventory.stateOf.get(node)
  // Without the pods every file would look so.
  if (!inventory.coverage.some(({ source, read }) => source === 'pods' && read > 0)) return []
  const rows = (state?.directories ?? []).flatMap((directory) =>
    state === undefined || !isDefaultNetwork(state, directory)
      ? []
      : directory.files.flatMap((file): AddressRow[] => {
          const { address, sandbox, mtime, name } = file
          if (address === undefined || showing(inventory, node, address).length > 0) return []
          const pod = podOfSandbox(inventory, state, sandbox)
          const holder =
            pod === undefined ? (sandbox === '' ? 'names no owner' : `sandbox ${shortId(sandbox)}`) : `pod ${pod}, sandbox ${shortId(sandbox)}`
          return [
            { address, state: 'no pod has it', holder, node, since: state.timesKnown ? mtime : undefined, origin: `${directory.origin}/${name}` },
          ]
        }),
  )
  return rows.sort((a, b) => (a.since ?? 0) - (b.since ?? 0))
}

/** Blocks of the node, pools that are its own, and pools around these. */
function rangesOf(inventory: Inventory, name: string): RangeRow[] {
  const usage = nodeUsage(inventory)
  const own = [
    ...inventory.blocks.flatMap(({ node, cidr }) => (node === name ? [rangeOf(cidr)] : [])),
    ...inventory.pools.flatMap(({ node, ranges }) => (node === name ? ranges : [])),
    ...(inventory.nodeOf.get(name)?.podCidrs ?? []).map(rangeOf),
  ]
  const rows = new Map<string, RangeRow>()
  for (const range of new Map(own.map((one) => [formatRange(one), one])).values())
    for (const row of rangesAround(inventory, usage, range))
      if (row.node === name || (row.kind !== 'outside' && row.kind !== 'special use'))
        rows.set([row.kind, row.system, row.name, row.node, formatRange(row.range), row.origin].join('\0'), row)
  return [...rows.values()]
}

export const knownNode = (inventory: Inventory, name: string): boolean =>
  inventory.nodeOf.has(name) || inventory.podsOfNode.has(name) || onlyRecorded(inventory, name)

/** No object of the API has the name, and a file, block or record has. */
const onlyRecorded = ({ stateOf, blocks, nodeRecords, allocations }: Inventory, name: string): boolean =>
  stateOf.has(name) ||
  blocks.some(({ node }) => node === name) ||
  nodeRecords.some(({ node }) => node === name) ||
  allocations.some(({ node }) => node === name)

export function explainNode(inventory: Inventory, name: string, judged: Judged): Account {
  const findings = judged.findings.filter(({ nodes, owners }) => nodes.includes(name) || owners.includes(name))
  const rows = nodeSources(inventory, name)
  const heard = new Set([...rows.map(({ source }) => source), 'Services', ...inventory.pools.map(({ system }) => system), ...inventory.systems])
  const onFiles = usesNodeRanges(inventory.mode) || inventory.nodeStates.length > 0
  return {
    verdict: nodeVerdict(inventory, name, findings.filter(judged.fails)),
    sources: [...rows, ...brokenRows(inventory), ...silentRows(inventory, heard), ...fileRows(inventory, onFiles ? [name] : [], heard)],
    why: [...harmless(inventory, name)],
    ranges: rangesOf(inventory, name),
    addresses: unheldFiles(inventory, name),
    findings,
    around: [],
  }
}
