// Which CNI configuration wins on each node, and where it is not the one that should: runtimes take the first file in bytewise order
// so a leftover or a sample that sorts early silently becomes the default network.

import { groupBy } from '../../model/group-by.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { NodeState } from '../../model/node-state.ts'
import { byNodeName } from './node-configuration.ts'
import { baseName, isRuntimeSample } from './runtime-sample.ts'
import { sharedRangesByNode } from './shared-fixed-ranges.ts'

type ConfigFile = NodeState['configFiles'][number]

export interface WrongFirst {
  readonly state: NodeState
  readonly first: ConfigFile
  readonly others: readonly ConfigFile[]
  /** `runtime-sample` and `shadowed` are faults; `several-files` only says that the order decides. */
  readonly cause: 'runtime-sample' | 'shadowed' | 'several-files'
  /** The network that most nodes of this kind have first. */
  readonly expected: string | undefined
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)

/** Files that compete on a node, in the runtime's order: those of one folder, readable, and no loopback, which every folder may hold beside the network. */
function candidates(state: NodeState): readonly ConfigFile[] {
  const usable = state.configFiles.filter(
    (file) => file.error === undefined && file.network !== undefined && !/(^|\/)multus\/net\.d\//.test(file.name),
  )
  const taken = state.networks.find((network) => network.order === 0)?.file
  const folder = folderOf((usable.find((file) => file.name === taken) ?? usable[0])?.name ?? '')
  return usable.filter((file) => folderOf(file.name) === folder && file.type !== 'loopback')
}

const isMultus = (file: ConfigFile): boolean => baseName(file.name).startsWith('00-multus')

interface Contender {
  readonly state: NodeState
  readonly first: ConfigFile
  readonly others: readonly ConfigFile[]
  readonly sample: boolean
  /** One of the later files is no sample. */
  readonly rival: boolean
  /** Nodes are compared with nodes of the same operating system only. */
  readonly os: string
}

function contenderOf(state: NodeState, inventory: Inventory): Contender | undefined {
  const [first, ...others] = candidates(state)
  const node = inventory.nodeOf.get(state.node)
  if (first === undefined) return undefined
  const [sample = false, ...later] = [first, ...others].map((file) => isRuntimeSample(file.name, state, node))
  return { state, first, others, sample, rival: later.includes(false), os: node?.os ?? 'linux' }
}

interface Votes {
  readonly counts: ReadonlyMap<string, number>
  /** The network with the most nodes, by name among equals. */
  readonly best: string | undefined
}

/** How many nodes of one operating system have each network first, samples aside. */
function votesOf(contenders: readonly Contender[]): Votes {
  const counts = new Map<string, number>()
  for (const { first, sample } of contenders)
    if (!sample && first.network !== undefined) counts.set(first.network, (counts.get(first.network) ?? 0) + 1)
  const [best] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  return { counts, best: best?.[0] }
}

/** The network that more of the other nodes have first than have this node's, itself included: two nodes that disagree prove nothing about each other. */
function expectedFor({ first, sample }: Contender, { counts, best }: Votes): string | undefined {
  const own = sample ? 0 : (counts.get(first.network ?? '') ?? 0)
  const most = counts.get(best ?? '') ?? 0
  if (most > own) return best === first.network ? undefined : best
  return own > 1 ? first.network : undefined
}

function causeOf(contender: Contender, expected: string | undefined): WrongFirst['cause'] | undefined {
  const { first, others, sample, rival } = contender
  if (isMultus(first) || first.type === 'multus') return undefined
  if (sample) return rival || expected !== undefined ? 'runtime-sample' : undefined
  if (first.network === expected) return undefined
  if (others.some((file) => isMultus(file) || (expected !== undefined && file.network === expected))) return 'shadowed'
  return others.length > 0 ? 'several-files' : undefined
}

/** Nodes whose default network is in a group of shared fixed ranges are left out: DUP-103 reports them. A sample before the real file is the cause of both. */
export function wrongFirstConfigurations(inventory: Inventory): readonly WrongFirst[] {
  const shared = sharedRangesByNode(inventory)
  const contenders = byNodeName(inventory.nodeStates).flatMap((state) => contenderOf(state, inventory) ?? [])
  const votes = new Map([...groupBy(contenders, ({ os }) => os)].map(([os, group]) => [os, votesOf(group)]))
  return contenders.flatMap((contender): WrongFirst[] => {
    if (shared.has(contender.state.node) && !(contender.sample && contender.rival)) return []
    const expected = expectedFor(contender, votes.get(contender.os) ?? { counts: new Map(), best: undefined })
    const cause = causeOf(contender, expected)
    return cause === undefined ? [] : [{ state: contender.state, first: contender.first, others: contender.others, cause, expected }]
  })
}

/** Nodes where the wrong file is in force: what follows from it is not reported again. */
export function nodesWithWrongFirst(inventory: Inventory): ReadonlySet<string> {
  return new Set(wrongFirstConfigurations(inventory).flatMap(({ cause, state }) => (cause === 'several-files' ? [] : [state.node])))
}
