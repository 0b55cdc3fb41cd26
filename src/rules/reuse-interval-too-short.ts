// CAP-407: an address is given to the next pod while others still remember the last one.
import type { Gap } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeUsage } from '../model/node-usage.ts'
import { runningSince } from '../model/pod-state.ts'
import { formatRange } from '../net/index.ts'
import { defineRule } from './define-rule.ts'
import { nameList } from './facts/name-list.ts'

/** Two of conntrack's SYN timers (120 s): traffic to the address before reaches the new pod until then (aws #3634). */
const INTERVAL = 240
/** Seconds over which starts are counted; a burst of a minute is no rate. */
const WINDOW = 3600
/** Fewer starts say nothing about a rate. */
const FEWEST = 20

const inWindow = (time: number | undefined, end: number): boolean => time !== undefined && time <= end && end - time < WINDOW * 1000

interface Churn {
  readonly starts: number
  readonly source: string
  readonly fact: string
}

const secondsUntilReuse = (available: bigint, starts: number): number => Math.floor((Number(available) * WINDOW) / Math.max(starts, 1))

/** Where so many addresses are free that they would last even if all pods had just started, no pod is looked at. */
function podStarts({ name, available }: NodeUsage, inventory: Inventory): number {
  const pods = inventory.podsOfNode.get(name) ?? []
  if (secondsUntilReuse(available, pods.length) >= INTERVAL) return 0
  return pods.filter((pod) => !pod.hostNetwork && inWindow(runningSince(pod), inventory.observedAt)).length
}

/** Files of deleted pods are gone and finished pods are cleaned up, so either count is a lower bound: the larger one is nearer. */
function churnOf(usage: NodeUsage, inventory: Inventory): Churn {
  const pods = podStarts(usage, inventory)
  const state = inventory.stateOf.get(usage.name)
  const files =
    state?.timesKnown === true
      ? state.directories.flatMap(({ files }) =>
          files.filter(({ mtime, address }) => address?.family === usage.sets[0]?.family && inWindow(mtime, state.collectedAt)),
        ).length
      : 0
  return files > pods
    ? { starts: files, source: state?.origin ?? usage.origin, fact: `${files} allocation files were written in the hour before the node was read` }
    : { starts: pods, source: 'pods', fact: `${pods} pods with addresses started on the node within the last hour` }
}

/** Just after a boot everything starts at once. */
function isSettled(usage: NodeUsage, inventory: Inventory): boolean {
  const state = inventory.stateOf.get(usage.name)
  const boot = state?.bootTime
  const born = inventory.nodeOf.get(usage.name)?.createdAt
  return [boot, born].every((time) => time === undefined || (state?.collectedAt ?? inventory.observedAt) - time > WINDOW * 1000)
}

function gaps(inventory: Inventory): readonly Gap[] {
  const usages = inventory.nodeUsage()
  if (usages.length === 0) return [{ reason: 'no node range is known', whole: true }]
  const timed = usages.some(({ name }) => inventory.podsOfNode.has(name) || inventory.stateOf.get(name)?.timesKnown === true)
  return timed ? [] : [{ reason: 'neither pods nor times of allocation files tell how often addresses change hands', whole: true }]
}

export const reuseIntervalTooShort = defineRule({
  id: 'CAP-407',
  name: 'reuse-interval-too-short',
  title: 'Addresses are used again too soon',
  severity: 'low',
  revision: 1,
  why: 'Connection tracking, endpoints and DNS caches remember an address for minutes. Where few addresses are free and pods come and go quickly, traffic for a pod that has ended reaches a stranger.',
  predicate:
    'On a node whose pods take addresses from its own range, the free addresses last less than 240 seconds at the rate at which pods started within the last hour (at least 20 of them): live and finished pods, or allocation files by their times, whichever are more.',
  guards: [
    'Full nodes, which CAP-402 reports.',
    'Nodes younger or booted less than an hour ago: everything starts at once there.',
    'host-local goes round its range, so every free address is used before one comes again; the time is that of a whole round.',
  ],
  playbook: 'R7',
  links: [
    'https://github.com/projectcalico/calico/issues/4152',
    'https://github.com/aws/amazon-vpc-cni-k8s/issues/3634',
    'https://github.com/kubernetes/kubernetes/issues/109414',
  ],
  gaps,
  *check(inventory) {
    for (const usage of inventory.nodeUsage()) {
      if (usage.available === 0n || !isSettled(usage, inventory)) continue
      const { starts, source, fact } = churnOf(usage, inventory)
      const seconds = secondsUntilReuse(usage.available, starts)
      if (starts < FEWEST || seconds >= INTERVAL) continue
      const ranges = usage.ranges.map(formatRange)
      yield {
        message: `${usage.name} uses an address again after about ${seconds} s: ${usage.available} addresses of ${nameList(ranges)} are free, and ${fact}`,
        confidence: 'likely',
        addresses: ranges,
        nodes: [usage.name],
        evidence: [
          { source: usage.origin, fact: `${usage.available} of ${usage.capacity} addresses are free` },
          { source, fact },
        ],
      }
    }
  },
})
