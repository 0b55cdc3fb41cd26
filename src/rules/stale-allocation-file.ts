// LEAK-201: a host-local allocation file that no pod on the node stands behind.
import type { Gap, Severity, Violation } from '../model/finding.ts'
import { domainOf, rangesOfDirectory, usableOf } from '../model/host-local-ranges.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { NodeState, StateDirectory } from '../model/node-state.ts'
import { formatAddress } from '../net/index.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { useOf } from './facts/directory-use.ts'
import { needsWhole } from './facts/gaps.ts'
import { type Judged, judgeDirectory, nodeGap, type StaleCause } from './facts/judge-files.ts'

const CAUSES: Readonly<Record<StaleCause, string>> = {
  'empty-file': 'the file names no owner, so no DEL can ever free it',
  'out-of-range': 'left from a range that the node had before',
  'before-last-boot': 'written before the last boot; the reboot took the sandbox and nobody sent a DEL',
  retry: 'left by a sandbox that failed or was replaced; the retry took another address',
  'unknown-owner': 'nobody on the node knows its owner',
}

/** LEAK-201 is high when the files push their range over CAP-402's limit of four fifths. */
function pushesOverLimit(judged: readonly Judged[], state: NodeState, directory: StateDirectory, inventory: Inventory): boolean {
  const usable = rangesOfDirectory(state, directory, inventory.nodeOf.get(state.node)).reduce((sum, range) => sum + usableOf(range), 0n)
  const inRange = judged.filter((item) => item.inRange)
  const stale = inRange.filter((item) => item.verdict.kind === 'stale').length
  const limit = Number(usable) * 0.8
  return usable > 0n && inRange.length >= limit && inRange.length - stale < limit
}

function violationOf(item: Judged, severity: Severity): Violation | undefined {
  const { file, verdict, state, directory } = item
  if (verdict.kind !== 'stale' || file.address === undefined) return undefined
  const address = formatAddress(file.address)
  const pod = verdict.pod === undefined ? '' : ` (${verdict.pod})`
  return {
    severity: item.inRange ? severity : 'medium',
    confidence: verdict.confidence,
    cause: verdict.cause,
    message: `${address} on ${state.node} is taken in network ${directory.network} and no pod there has it: ${CAUSES[verdict.cause]}${pod}`,
    domain: domainOf(state, directory),
    addresses: [address],
    nodes: [state.node],
    owners: [...(file.sandbox === '' ? [] : [file.sandbox]), ...(verdict.pod === undefined ? [] : [verdict.pod])],
    subject: [directory.network],
    evidence: verdict.evidence,
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  if (!inventory.nodeStates.some((state) => state.directories.length > 0))
    return [{ reason: 'stale allocation files: the input holds no host-local state of any node', whole: true }]
  const whole = needsWhole(inventory, 'pods', 'stale allocation files')
  if (whole.length > 0) return whole
  return inventory.nodeStates.flatMap((state) => {
    const found: Gap[] = [nodeGap(inventory, state) ?? []].flat()
    for (const directory of state.directories)
      if (directory.error !== undefined)
        found.push({ reason: `${directory.origin} could not be read: ${directory.error}`, whole: false, incomplete: true })
    if (!state.timesKnown && state.directories.some((directory) => directory.files.length > 0)) {
      found.push({
        reason: `${state.node}: the files' own times were lost in copying, so their age is unknown; add stat.json or copy with times (tar, cp -a)`,
        whole: false,
      })
    }
    return found
  })
}

function* check(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  for (const state of inventory.nodeStates) {
    if (nodeGap(inventory, state) !== undefined) continue
    for (const directory of state.directories) {
      if (useOf(inventory, state, directory) !== 'pods') continue
      const judged = judgeDirectory(inventory, state, directory, options)
      const severity = pushesOverLimit(judged, state, directory, inventory) ? 'high' : 'medium'
      for (const item of judged) {
        const violation = violationOf(item, severity)
        if (violation !== undefined) yield violation
      }
    }
  }
}

export const staleAllocationFile = defineRule({
  id: 'LEAK-201',
  name: 'stale-allocation-file',
  title: 'An address is taken on a node and no pod has it',
  severity: 'medium',
  revision: 1,
  why: 'host-local never frees such a file by itself. They add up until the node stops starting pods while it looks half empty.',
  predicate:
    'An allocation file of a network that kubelet uses, older than the grace when it was read, whose address no pod on the node shows and whose sandbox the runtime does not run. Certain when it is older than the last boot, or the sandbox listing does not know its owner. High when such files push the range over four fifths.',
  guards: [
    'T4: the newest files are spared for pods that have not reported an address yet.',
    'T19: networks of podman and nerdctl in the same tree are not judged.',
    'T20: lock and last_reserved_ip are not allocation files; dual stack has two files with one owner.',
    'T22: addresses of secondary networks come from the network-status annotation.',
    'Only a complete pod list proves absence.',
    'An address that only a finished pod shows is LEAK-205.',
  ],
  playbook: 'R2',
  links: [
    'https://github.com/kubernetes/kubernetes/issues/57280',
    'https://github.com/kubernetes/kubernetes/issues/108121',
    'https://github.com/containernetworking/plugins/issues/252',
  ],
  gaps,
  check,
})
