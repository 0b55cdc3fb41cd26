// Sentences that end a plan: what was taken for granted, what was not looked at, and last what cannot be undone.
import type { Finding } from '../model/finding.ts'
import { formatCidr } from '../net/index.ts'
import type { AddressPlan } from '../plan/address-plan.ts'
import { isCalculation } from '../plan/check-plan.ts'
import { count, listed } from '../plan/wording.ts'

function* notesOn({ request, pools, nodeCount }: AddressPlan): Generator<string> {
  const [first, second] = request.clusterCidrs
  if (first?.family === 6 && second?.family === 4) yield 'IPv6 stands first and so is the primary family of pods; the order was kept as given.'
  for (const { nodePools, families } of pools) {
    for (const { cidr, nodePrefix } of families) {
      const asked = nodePools.some(({ nodePrefixes }) => nodePrefixes.has(cidr.family))
      if (nodePrefix === cidr.prefix && !asked) yield `${formatCidr(cidr)} is not larger than one block would be, so all of it is one block.`
    }
  }
  if (nodeCount > 0 && request.profile.handout === 'dynamic')
    yield `${request.profile.id} itself chooses blocks and addresses when they are needed: their number is planned here, not their places.`
  const asked = pools.some(({ unplaced }) => unplaced > 0)
  if (nodeCount === 0 && !asked) yield 'No nodes were asked for; --nodes N or --node NAME gives them blocks.'
  if (nodeCount > 0 && request.serviceCidrs.length === 0) yield 'No Service range was given (--service-cidr): overlaps with it were not looked for.'
  if (nodeCount > 0 && request.nodeNetworks.length === 0) yield 'No node network was given (--node-network): overlaps with it were not looked for.'
}

export function planNotes(plan: AddressPlan, findings: readonly Finding[], unnamed: readonly string[]): readonly string[] {
  const notes = [...notesOn(plan)]
  if (isCalculation(plan)) notes.push('A whole address space is counted only: no block is given, and no check is made.')
  if (unnamed.length > 0)
    notes.push(`Not asked for now, but kept where they are: ${listed(unnamed).join(', ')} (${count(unnamed.length, 'node')} of the kept plan).`)
  const [last] = findings.filter(({ rule }) => rule === 'PLN-020')
  if (last !== undefined) notes.push(last.message)
  return notes
}
