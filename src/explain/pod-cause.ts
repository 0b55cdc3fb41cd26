// Why a pod has no address: from ContainerCreating to its cause, step by step, as far as there is evidence.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Finding } from '../model/finding.ts'
import type { ClusterEvent, Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { type NodeUsage, nodeUsage, type SetUsage } from '../model/node-usage.ts'
import { showSpan, showTime } from '../model/show-time.ts'
import { formatRange } from '../net/index.ts'
import type { Step } from './explanation.ts'
import { counted, listed } from './wording.ts'

export interface Cause {
  /** In words that follow "because", or undefined where nothing that was read says why. */
  readonly because: string | undefined
  readonly steps: readonly Step[]
  /** Findings that tell of the cause. */
  readonly findings: readonly Finding[]
  /** Nothing is wrong yet: it was scheduled a moment ago. */
  readonly young: boolean
}

/** The range set of a node with the fewest addresses left, when it has none. */
export const fullSet = (usage: NodeUsage | undefined): SetUsage | undefined => usage?.sets.find(({ used, usable }) => BigInt(used) >= usable)

/** `41 of its 253 files belong to no pod`, as far as files and pods were read. */
export const unheldText = (set: SetUsage): string =>
  set.unheld === undefined || set.unheld === 0 ? '' : `, ${set.unheld} of them by files that belong to no live pod`

const shownSet = (set: SetUsage): string =>
  listed(
    set.ranges.map(({ subnet }) =>
      formatRange({ family: set.family, first: subnet.base, last: subnet.base + (1n << BigInt((set.family === 4 ? 32 : 128) - subnet.prefix)) - 1n }),
    ),
  )

const fullText = (node: string, set: SetUsage): string =>
  `${node}'s range ${shownSet(set)} is full: ${set.used} of ${set.usable} addresses are taken${unheldText(set)}`

const eventStep = (event: ClusterEvent, what: string): Step => {
  const times = event.count === undefined || event.count === 1 ? '' : `, ${event.count} times`
  return { what: `${what}${event.lastAt === undefined ? '' : ` (last ${showTime(event.lastAt)}${times})`}`, origin: event.origin }
}

function faultWords({ fault, about }: ClusterEvent, node: string): string {
  switch (fault) {
    case 'no-address-left':
      return `no address was left${about === undefined ? '' : ` in ${about}`}`
    case 'plugin-missing':
      return `${node} lacks the CNI plugin ${about}`
    case 'not-configured':
      return `${node} has no CNI configuration that its runtime could load`
    case 'daemon-not-ready':
      return `the daemon of the CNI has not got ready on ${node}: ${about} is missing`
    default:
      return 'its sandbox could not be set up, in words that are not known here'
  }
}

/** What the node itself shows: a full range, no range at all, an allocator that says it has nothing to give. */
function nodeSteps(inventory: Inventory, node: string): { readonly because: string; readonly step: Step }[] {
  const usage = nodeUsage(inventory).find(({ name }) => name === node)
  const set = fullSet(usage)
  const full = set === undefined ? [] : [{ because: fullText(node, set), step: { what: fullText(node, set), origin: usage?.origin } }]
  const short = inventory.shortages
    .filter((shortage) => shortage.node === node)
    .map(({ system, pool, error, origin }) => {
      const words = `${system}${pool === '' ? '' : `, pool ${pool},`} says of ${node}: ${error}`
      return { because: words, step: { what: words, origin } }
    })
  const object = inventory.nodeOf.get(node)
  const rangeless = usesNodeRanges(inventory.mode) && object !== undefined && object.podCidrs.length === 0 && usage === undefined
  const refused = inventory.events.find(({ kind, subject }) => kind === 'no-node-range' && subject === node)
  const words = `${node} has no range of its own${refused === undefined ? '' : ': kube-controller-manager found none that was free (CIDRNotAvailable)'}`
  return [...full, ...short, ...(rangeless ? [{ because: words, step: { what: words, origin: refused?.origin ?? object.origin } }] : [])]
}

/** Findings of the node that speak of room, configuration and files: the classes that keep a pod from its address. */
const CLASSES = /^(?:CAP|CFG|DRF)-/

export function causeOf(inventory: Inventory, pod: Pod, events: readonly ClusterEvent[], findings: readonly Finding[], grace: number): Cause {
  const { node, scheduledAt } = pod
  if (node === undefined) return unscheduled(pod, events)
  const age = scheduledAt === undefined ? undefined : inventory.observedAt - scheduledAt
  const failed = events.filter(({ kind, fault }) => kind === 'sandbox-failed' && fault !== undefined)
  const [last] = failed
  const found = nodeSteps(inventory, node)
  const [first] = found
  const begin: Step = {
    what: `scheduled to ${node}${age === undefined ? '' : ` ${showSpan(age)} before it was read`}, and still without a sandbox network: ContainerCreating`,
    origin: pod.origin,
  }
  const retries = inventory.nodeStates.find((state) => state.node === node)
  const leaked = findings.filter(
    ({ rule, nodes, owners }) => rule.startsWith('LEAK-') && nodes.includes(node) && owners.includes(`${pod.namespace}/${pod.name}`),
  )
  const steps = [
    begin,
    ...failed.slice(0, 3).map((event) => eventStep(event, faultWords(event, node))),
    ...found.map(({ step }) => step),
    ...(leaked.length === 0
      ? []
      : [{ what: `${counted(leaked.length, 'address is', 'addresses are')} still taken for its earlier tries`, origin: retries?.origin }]),
    ...harmless(inventory, node),
  ]
  // The range that is full says more than the message that it is full.
  const because = last === undefined || (last.fault === 'no-address-left' && first !== undefined) ? first?.because : faultWords(last, node)
  const young = because === undefined && age !== undefined && age < grace
  const own = because === undefined ? [] : findings.filter(({ rule, nodes }) => CLASSES.test(rule) && nodes.includes(node))
  return { because, steps, findings: [...own, ...leaked], young }
}

function unscheduled(pod: Pod, events: readonly ClusterEvent[]): Cause {
  const event = events.find(({ kind }) => kind === 'not-scheduled')
  const steps = [
    { what: 'on no node yet: only a scheduled pod gets an address', origin: pod.origin },
    ...(event === undefined ? [] : [eventStep(event, `the scheduler says: ${event.message}`)]),
  ]
  return { because: `it is on no node yet${event === undefined ? '' : `; the scheduler says: ${event.message}`}`, steps, findings: [], young: false }
}

/** The event of a controller whose ranges nobody uses: https://github.com/projectcalico/calico/issues/7722 */
export function* harmless({ events, mode, nodeOf }: Inventory, node: string): Generator<Step> {
  const event = events.find(({ kind, subject }) => kind === 'no-node-range' && subject === node)
  if (event === undefined || usesNodeRanges(mode)) {
    if (event !== undefined && (nodeOf.get(node)?.podCidrs.length ?? 0) > 0)
      yield eventStep(event, 'CIDRNotAvailable was said of the node, which has a range by now')
    return
  }
  if (mode === 'unknown') yield eventStep(event, 'CIDRNotAvailable was said of the node; whether its range is used at all is not known')
  else yield eventStep(event, `CIDRNotAvailable was said of the node, which does no harm: ${mode} does not take addresses from podCIDRs`)
}
