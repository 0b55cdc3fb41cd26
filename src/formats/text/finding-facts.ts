// What a finding says beside its message: labels and values, without what the message has said already.
import type { Finding, Waived } from '../../model/finding.ts'
import type { Group } from './finding-groups.ts'

const mostExamples = 5

export interface Fact {
  readonly label: string
  /** One a line. */
  readonly values: readonly string[]
}

/** True when the message names the item: 10.0.0.1, but not as a part of 10.0.0.12 or of 10.0.0.1/32. */
function names(message: string, item: string): boolean {
  const at = message.indexOf(item)
  if (at === -1 || item === '') return false
  const after = message.slice(at + item.length)
  const isWord = !/(?:[\w/-]|[\w:][.:])$/.test(message.slice(0, at)) && !/^(?:[\w/-]|[.:][\w:])/.test(after)
  return isWord || names(after, item)
}

const joined = (items: readonly string[]): string[] => (items.length === 0 ? [] : [items.join(', ')])

export const waivedText = ({ reason, until, approvedBy }: Waived): string =>
  `until ${until ?? 'further notice'}${approvedBy === undefined ? '' : `, by ${approvedBy}`}: ${reason}`

export function factsOf(finding: Finding, wide: boolean): Fact[] {
  const untold = (items: readonly string[]): string[] => (!wide && items.every((item) => names(finding.message, item)) ? [] : joined(items))
  const { cluster, cause, confidence, domain, addresses, nodes, owners, evidence, waived, known, before } = finding
  return [
    { label: 'cluster', values: cluster === undefined ? [] : [cluster] },
    { label: 'cause', values: cause === null ? [] : [cause] },
    { label: 'confidence', values: confidence === 'certain' ? [] : [confidence] },
    { label: 'domain', values: domain === 'default' ? [] : [domain] },
    { label: addresses.length === 1 ? 'address' : 'addresses', values: untold(addresses) },
    { label: nodes.length === 1 ? 'node' : 'nodes', values: untold(nodes) },
    { label: owners.length === 1 ? 'owner' : 'owners', values: untold(owners) },
    { label: 'evidence', values: wide ? evidence.map(({ source, fact }) => `${source}: ${fact}`) : [] },
    { label: 'waived', values: waived === null ? [] : [waivedText(waived)] },
    { label: 'known', values: known === true ? ['the baseline has it'] : [] },
    { label: 'before', values: before === undefined ? [] : [`${before.severity}, ${before.confidence} in the baseline`] },
  ]
}

const unique = (items: Iterable<string>): string[] => [...new Set(items)]

/** What the members of a group share, and the first of the subjects that tell them apart: addresses, else owners. */
export function groupFacts(group: Group): Fact[] {
  const addresses = unique(group.flatMap((finding) => finding.addresses))
  const items = addresses.length > 0 ? addresses : unique(group.flatMap((finding) => finding.owners))
  const rest = items.length - mostExamples
  return [
    ...factsOf({ ...group[0], addresses: [], nodes: [], owners: [] }, false),
    {
      label: addresses.length > 0 ? 'addresses' : 'owners',
      values: [...joined(items.slice(0, mostExamples)), ...(rest > 0 ? [`and ${rest} more; -o wide or -o json shows all`] : [])],
    },
  ]
}
