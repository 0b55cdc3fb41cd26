// DRF-508: an allocation store contradicts itself.
import type { Gap, Violation } from '../model/finding.ts'
import type { Inconsistency } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { showTime } from '../model/show-time.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { needsCalico, partOf } from './facts/calico-records.ts'
import { fixBy } from './facts/fix-by.ts'

/** Clocks of two machines differ by a little. */
const SKEW = 120_000

const PLAYBOOKS: Readonly<Record<string, string>> = { calico: 'R3', whereabouts: 'R10' }
const STEPS = [
  'Read the record again after a minute: it may have been written during the scan.',
  'Restart the system’s controller, which rebuilds its counters and indexes, and audit again.',
  'What remains needs the system’s own repair; do not edit the records by hand.',
]

/** Causes that another rule reports. */
const ELSEWHERE = new Set(['empty-handle'])

function isFault({ cause, recordedAt, mustBePast }: Inconsistency, inventory: Inventory, options: RuleOptions): boolean {
  if (ELSEWHERE.has(cause)) return false
  if (recordedAt !== undefined && recordedAt + options.grace > inventory.observedAt) return false
  return mustBePast === undefined || mustBePast > inventory.observedAt + SKEW
}

function violationOf({ system, subject, cause, message, minor, addresses, node, owners, origin, mustBePast }: Inconsistency): Violation {
  const playbook = PLAYBOOKS[system]
  return {
    ...(minor === true ? { severity: 'low' as const } : {}),
    cause,
    message: `${system}: ${message}${mustBePast === undefined ? '' : ` (${showTime(mustBePast)}): a clock is wrong`}`,
    addresses: addresses ?? [],
    nodes: node === undefined ? [] : [node],
    owners: owners ?? [],
    subject: [system, subject],
    evidence: [{ source: origin, fact: message }],
    ...(playbook === undefined ? { steps: STEPS } : fixBy(playbook)),
  }
}

/** Stores that can be held against themselves, where the input has any. */
function gaps(inventory: Inventory): readonly Gap[] {
  const what = 'stores against themselves'
  const others = inventory.allocations.some(({ system }) => system !== 'services' && system !== 'calico') || inventory.inconsistencies.length > 0
  const calico = needsCalico(inventory, 'ipamblocks', what)
  if (calico.length > 0) return calico.map((gap) => ({ ...gap, whole: !others }))
  const blocks = inventory.blocks.some(({ system }) => system === 'calico')
  if (!blocks) return []
  const parts = ['ipamblocks', 'ipamhandles', 'blockaffinities'].flatMap((plural) => partOf(inventory, plural, what))
  const missing = ['ipamhandles', 'blockaffinities'].flatMap((plural) =>
    needsCalico(inventory, plural, 'blocks of Calico against the records that name them').map((gap) => ({ ...gap, whole: false })),
  )
  return [...parts, ...missing]
}

export const storeInconsistent = defineRule({
  id: 'DRF-508',
  name: 'store-inconsistent',
  title: 'An allocation store contradicts itself',
  severity: 'medium',
  revision: 1,
  why: 'An address that is free and taken at once is given out twice; one that no handle leads to is never freed; a block that two nodes claim works on one of them.',
  predicate:
    'One record of a store contradicts another, or itself: a Calico block with an attribute index out of range, an unused attribute, an ordinal that is out of range, twice free or free and allocated, counts that do not add up, a release time to come; a handle that counts other addresses than the blocks hold, or is missing; two affinities for one block, or another owner than the block says; counters and records of other systems that differ. Medium; low where nothing can be given out wrongly.',
  guards: [
    'Records that changed while a live cluster was read, or are younger than the grace.',
    'Cooling addresses have no handle any more; addresses reserved on Windows nodes never had an object for theirs.',
    'Pending affinities and deleted records count as absent, as for Calico itself.',
    'Handles without any allocation are LEAK-202.',
  ],
  playbook: 'R3',
  links: [
    'https://docs.tigera.io/calico/latest/reference/calicoctl/ipam/check',
    'https://github.com/projectcalico/calico/issues/4374',
    'https://github.com/projectcalico/calico/issues/3589',
  ],
  gaps,
  *check(inventory, options) {
    for (const fault of inventory.inconsistencies) if (isFault(fault, inventory, options)) yield violationOf(fault)
  },
})
