// The one way into this folder: an inventory, what was found in it and a subject -> what is known of the subject, and why it fails.
import type { Inventory } from '../model/merge-inventory.ts'
import { formatAddress, formatRange } from '../net/index.ts'
import { explainAddress, type Judged } from './explain-address.ts'
import { explainNode } from './explain-node.ts'
import { explainPod } from './explain-pod.ts'
import { explainRange } from './explain-range.ts'
import type { Account, Explanation, Subject } from './explanation.ts'
import { isBroken } from './source-rows.ts'

export type { Judged } from './explain-address.ts'
export { knownNode } from './explain-node.ts'
export { knownPod } from './explain-pod.ts'

/** As a person writes it without a doubt. */
export function subjectName(subject: Subject): string {
  switch (subject.kind) {
    case 'address':
      return formatAddress(subject.address)
    case 'range':
      return formatRange(subject.range)
    case 'pod':
      return `pod/${subject.id}`
    case 'node':
      return `node/${subject.name}`
  }
}

function accountOf(inventory: Inventory, subject: Subject, judged: Judged, grace: number): Account {
  switch (subject.kind) {
    case 'address':
      return explainAddress(inventory, subject.address, judged)
    case 'range':
      return explainRange(inventory, subject.range, judged)
    case 'pod':
      return explainPod(inventory, subject.id, judged, grace)
    case 'node':
      return explainNode(inventory, subject.name, judged)
  }
}

/**
 * @param grace milliseconds in which a pod may still be on its way to its first address
 * @param note what was odd about the text that named the subject
 */
export const explain = (inventory: Inventory, subject: Subject, judged: Judged, grace: number, note?: string): Explanation => ({
  ...accountOf(inventory, subject, judged, grace),
  subject,
  name: subjectName(subject),
  note,
  unread: inventory.coverage.filter(isBroken).map(({ source, status, error }) => ({ source, status, error })),
})
