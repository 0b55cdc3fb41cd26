// The routing domain of a secondary network, by whichever name a pod calls it.
import type { Attachment } from './inventory.ts'

/** Networks are named by the attachment's id or by its CNI name; one that is not listed is a domain of its own name. */
export function networkDomains(attachments: readonly Attachment[]): (network: string) => string {
  const domains = new Map(attachments.flatMap(({ id, network, domain }) => [[network, domain] as const, [id, domain] as const]))
  return (network) => domains.get(network) ?? network
}
