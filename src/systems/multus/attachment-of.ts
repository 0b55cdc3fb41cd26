// What a definition means for addresses: who allocates, from which ranges, on which segment, in which routing domain.
import type { Attachment } from '../../model/inventory.ts'
import { type Range, rangeOf, readCidr } from '../../net/index.ts'
import { field, isObject, type JsonObject, textField } from '../cni/go-object.ts'
import { typeOf } from '../cni/read-network.ts'
import { defined } from '../kubernetes/fields.ts'
import { domainOfNetwork, readWhereabouts } from '../whereabouts/read-config.ts'
import type { AttachmentConfig } from './read-attachment.ts'

const OVN_KUBERNETES = 'ovn-k8s-cni-overlay'

/** `10.100.0.0/16/24` of OVN-Kubernetes names the mask of its nodes after the network. */
const networks = (text: string): Range[] =>
  text.split(/[\s,]+/).flatMap((part) => {
    const cidr = readCidr(part.split('/').slice(0, 2).join('/'))?.value
    return cidr === undefined ? [] : [rangeOf(cidr)]
  })

/** Fixed addresses of the plugin `static`: `addresses: [{address: "10.10.0.1/24"}]`. */
function fixedAddresses(ipam: JsonObject): Range[] {
  const listed = field(ipam, 'addresses')
  return (Array.isArray(listed) ? (listed as unknown[]) : []).flatMap((entry) => {
    const text = isObject(entry) ? textField(entry, 'address')?.split('/')[0] : undefined
    return text === undefined ? [] : networks(text.includes(':') ? `${text}/128` : `${text}/32`)
  })
}

function rangesOf({ plugin, ipam, network }: AttachmentConfig, type: string): Range[] {
  if (type === 'whereabouts') return readWhereabouts(ipam).ranges.flatMap(({ handedOut }) => handedOut.ranges)
  if (type === 'static') return fixedAddresses(ipam)
  if (typeOf(plugin) === OVN_KUBERNETES) return networks(textField(plugin, 'subnets') ?? '')
  return (network?.ranges ?? []).map(({ range }) => range)
}

/** Master and VLAN name the link; host-device and SR-IOV are told apart by what their resource is plugged into, which stands nowhere. */
function segmentOf(plugin: JsonObject): string | undefined {
  const link = textField(plugin, 'master') ?? textField(plugin, 'bridge')
  const vlan = ['vlan', 'vlanId'].map((key) => field(plugin, key)).find((value) => typeof value === 'number' && value > 0)
  return link === undefined ? undefined : vlan === undefined ? link : `${link}.${vlan}`
}

export function attachmentOf(id: string, config: AttachmentConfig | undefined, origin: string): Attachment {
  if (config === undefined) return { id, network: id, domain: id, plugin: '', ipam: '', ranges: [], shared: false, origin }
  const { plugin, ipam, network, name } = config
  const ipamType = textField(ipam, 'type') ?? network?.ipam ?? ''
  const type = typeOf(plugin)
  const domain = ipamType === 'whereabouts' ? domainOfNetwork(readWhereabouts(ipam).networkName) : type === OVN_KUBERNETES ? name : id
  return defined({
    id,
    network: name,
    domain,
    plugin: type,
    ipam: ipamType,
    ranges: rangesOf(config, ipamType),
    shared: network?.sharedSegment === true || type === OVN_KUBERNETES,
    segment: segmentOf(plugin),
    origin,
  }) as Attachment
}
