// A small cluster that lives through a seeded story with the real plugin, saved as a bundle together with the truth about it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Expected, truthOf } from './expected.ts'
import { type Random, randomFrom } from './random.ts'
import { runNode } from './run-node.ts'
import { type StoryNode, tellStory } from './story.ts'
import { writeBundle } from './write-bundle.ts'

export interface ScenarioOptions {
  /** Nodes, named node-1 and so on; 3. */
  readonly nodes?: number
  /** ADDs, DELs and worse over all nodes; 200. */
  readonly steps?: number
  /** Addresses that a pod gets; 4. */
  readonly families?: '4' | '6' | 'dual'
  /** Prefix length of a node's IPv4 range; 25. */
  readonly nodePrefix?: number
  /** Plugins are killed in the middle, pods vanish without a DEL; true. */
  readonly faults?: boolean
  /** How many times a node reboots; 2 with faults, else 0. */
  readonly reboots?: number
  /** Files that each reboot leaves without content; 1 with faults, else 0. */
  readonly emptied?: number
  /** The first two nodes carry the same conflist with a fixed range in place of their own; false. */
  readonly copiedRange?: boolean
  /** The last node loses its state directory half-way, under running pods; false. */
  readonly lostState?: boolean
  /** Each node has a crictl-pods.json; false. */
  readonly sandboxes?: boolean
  /** Times are written to stat.json and bundle.json, not only to the files; true. */
  readonly stat?: boolean
  /** ADDs per node just before the collection, of pods that show no address yet; 0. */
  readonly inFlight?: number
  /** Quiet time between the last step and the collection; 60. */
  readonly settleMinutes?: number
}

export interface Scenario {
  /** The bundle. */
  readonly folder: string
  readonly expected: Expected
  readonly nodes: readonly StoryNode[]
  /** Removes the bundle. */
  dispose(): void
}

export type Settings = Required<ScenarioOptions>

/** Where every story begins; files and objects get times after it, so that ages are the same on every day that a test runs. */
const beginning = Date.parse('2026-11-02T08:00:00Z')

/** The same seed and options give the same story; only what a kill leaves behind depends on the machine, and `expected` knows it. */
export async function buildScenario(seed: number, options: ScenarioOptions = {}): Promise<Scenario> {
  const faults = options.faults ?? true
  const settings: Settings = {
    nodes: 3,
    steps: 200,
    families: '4',
    nodePrefix: 25,
    faults,
    reboots: faults ? 2 : 0,
    emptied: faults ? 1 : 0,
    copiedRange: false,
    lostState: false,
    sandboxes: false,
    stat: true,
    inFlight: 0,
    settleMinutes: 60,
    ...options,
  }
  const folder = mkdtempSync(join(tmpdir(), 'ipam-scenario-'))
  const dispose = () => rmSync(folder, { recursive: true, force: true })
  try {
    const random = randomFrom(seed)
    const clock = { now: beginning }
    const nodes = Array.from({ length: settings.nodes }, (_, index) => storyNode(index, settings, folder, random, clock))
    await tellStory(nodes, settings, random, clock)
    writeBundle({ folder, nodes, settings, collectedAt: clock.now, beginning })
    return { folder, expected: truthOf(nodes, clock.now), nodes, dispose }
  } catch (error) {
    dispose()
    throw error
  }
}

function storyNode(index: number, settings: Settings, folder: string, random: Random, clock: { readonly now: number }): StoryNode {
  const name = `node-${index + 1}`
  const podCidrs = cidrsOfNode(settings, index)
  const copied = settings.copiedRange && index < 2
  const subnets = copied ? [`10.88.0.0/${settings.nodePrefix}`] : podCidrs
  const network = copied ? 'sample' : 'pods'
  const dataDir = join(folder, 'nodes', name, 'var/lib/cni/networks')
  mkdirSync(dataDir, { recursive: true })
  const machine = runNode({ network, subnets, dataDir, random, now: () => clock.now })
  return { name, podCidrs, subnets, network, machine, pods: [] }
}

function cidrsOfNode({ families, nodePrefix }: Settings, index: number): string[] {
  const size = 2 ** (32 - nodePrefix)
  const base = index * size
  const v4 = `10.244.${base >> 8}.${base & 255}/${nodePrefix}`
  const v6 = `fd00:10:244:${(index + 1).toString(16)}::/64`
  return families === '4' ? [v4] : families === '6' ? [v6] : [v4, v6]
}
