// Antrea's own node IPAM: ranges for nodes, stated in the ConfigMap antrea-config (its name may end in a hash) under antrea-controller.conf.
import type { DeclaredRange } from '../../model/inventory.ts'
import { readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { embeddedYaml } from '../kubernetes/embedded-yaml.ts'
import { listAt, textAt, valueAt } from '../kubernetes/fields.ts'

/** Masks of nodes without a setting: https://github.com/antrea-io/antrea/blob/main/docs/antrea-ipam.md */
const MASKS = { 4: 24, 6: 64 } as const

/** Empty unless the controller is told to hand out node ranges; that is off by default. */
export function rangesOfAntrea(document: ObjectDocument): DeclaredRange[] {
  const settings = valueAt(embeddedYaml(textAt(document.object, 'data', 'antrea-controller.conf')), 'nodeIPAM')
  if (valueAt(settings, 'enableNodeIPAM') !== true) return []
  const cidrs = (texts: readonly unknown[]) => texts.flatMap((text) => (typeof text === 'string' ? (readCidr(text)?.value ?? []) : []))
  const common = { certainty: 'declared', origin: document.origin } as const
  return [
    ...cidrs(listAt(settings, 'clusterCIDRs')).map((cidr): DeclaredRange => {
      const mask = Number(valueAt(settings, `nodeCIDRMaskSizeIPv${cidr.family}`) ?? MASKS[cidr.family])
      return { role: 'pods', cidr, nodePrefix: mask, by: 'Antrea nodeIPAM.clusterCIDRs', ...common }
    }),
    ...cidrs([valueAt(settings, 'serviceCIDR'), valueAt(settings, 'serviceCIDRv6')]).map(
      (cidr): DeclaredRange => ({ role: 'services', cidr, by: 'Antrea nodeIPAM.serviceCIDR', ...common }),
    ),
  ]
}
