// In which routing domain an interface of a pod lies: definitions say it, and two networks of one name are not always one segment.
import { groupByEach } from '../../model/group-by.ts'
import type { Attachment, Pod } from '../../model/inventory.ts'
import type { Inventory } from '../../model/merge-inventory.ts'

export interface InterfaceDomain {
  readonly domain: string
  readonly attachment: Attachment | undefined
  /** Nothing of it leaves the node: the same address on another node is no duplicate. */
  readonly perNode: boolean
}

/** Plugins that keep to their node unless an uplink is plugged in (`shared`). */
const NODE_PRIVATE = new Set(['bridge', 'ptp', 'tap', 'dummy'])

const isPrivate = ({ shared, plugin, ipam }: Attachment): boolean => !shared && NODE_PRIVATE.has(plugin) && ipam !== 'whereabouts'

/** Status entries name `namespace/name`; some writers leave out the namespace of the pod's own. */
export function interfaceDomains(inventory: Inventory): (pod: Pod, network: string) => InterfaceDomain {
  const byId = new Map(inventory.attachments.map((attachment) => [attachment.id, attachment]))
  return (pod, network) => {
    const attachment = byId.get(network) ?? byId.get(`${pod.namespace}/${network}`)
    if (attachment === undefined) return { domain: network, attachment, perNode: false }
    return { domain: attachment.domain, attachment, perNode: isPrivate(attachment) }
  }
}

/** Definitions that a live pod uses or asks for, by namespace/name. */
export function attachmentsInUse(inventory: Inventory): ReadonlyMap<string, readonly Pod[]> {
  const known = new Set(inventory.attachments.map(({ id }) => id))
  const unfinished = inventory.attachedPods.filter(({ phase }) => phase !== 'Succeeded' && phase !== 'Failed')
  return groupByEach(unfinished, (pod) => {
    const names = [...(pod.requested ?? []), ...pod.interfaces.map(({ network }) => network)]
    return [...new Set(names.map((name) => (known.has(name) ? name : `${pod.namespace}/${name}`)))].filter((id) => known.has(id))
  })
}
