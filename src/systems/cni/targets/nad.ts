// Network attachments of Multus, one for each node, so that node-local ranges on one segment never meet; or one for each network with whereabouts.
// https://github.com/k8snetworkplumbingwg/multi-net-spec
import { UsageError } from '../../../model/errors.ts'
import { cidrsOf } from '../../../net/index.ts'
import type { ConfRange, ConfSettings } from '../conf-settings.ts'
import { type Whereabouts, writeConflist } from '../write-conflist.ts'
import { attachment, configOf, whereaboutsClaims } from './base/attachment.ts'
import type { PlannedNetwork } from './base/conf-plan.ts'
import { objectFile, objectName, objectsOf } from './base/manifest.ts'
import { claimOf, readHostLocalClaims } from './base/read-conflist.ts'
import { splitNetwork } from './base/split-network.ts'
import { type Claim, defineTarget, type GeneratedFile, type Generation } from './define-target.ts'

/** One object. */
interface Planned {
  readonly name: string
  readonly node: string | undefined
  /** Networks are segments of their own: only inside one must ranges be disjoint. */
  readonly network: string
  readonly settings: ConfSettings
  readonly ranges: readonly ConfRange[]
  readonly cluster: Whereabouts | undefined
}

const wholeOf = ({ cidr }: PlannedNetwork): ConfRange => ({ subnet: cidr, start: undefined, end: undefined, gateway: undefined })

function ofNetwork(network: PlannedNetwork, { settings, plan }: Generation): readonly Planned[] {
  const own = { ...settings, name: network.name, plugin: network.plugin }
  const base = { network: network.name, settings: own }
  if (network.ipam === 'whereabouts') {
    const cluster = { excluded: network.excluded.flatMap((range) => [...cidrsOf(range)]), networkName: network.name }
    return [{ ...base, name: objectName(network.name), node: undefined, ranges: [wholeOf(network)], cluster }]
  }
  if (network.ipam !== 'host-local') {
    throw new UsageError(`the network ${network.name}: no attachment is written for ipam ${network.ipam}; there is host-local and whereabouts`)
  }
  const nodes = (plan?.nodes ?? []).map(({ name }) => name)
  if (nodes.length === 0) throw new UsageError(`the network ${network.name}: host-local needs a range for each node, and the plan has no nodes`)
  return [...splitNetwork(network, nodes)].map(([node, range]) => {
    return { ...base, name: objectName(`${network.name}-${node}`), node, ranges: [range], cluster: undefined }
  })
}

/** Where the plan has networks for further interfaces, those; else the nodes' own ranges. */
function planned(input: Generation): readonly Planned[] {
  const { settings, shares, plan } = input
  if (plan !== undefined && plan.secondaryNetworks.length > 0) return plan.secondaryNetworks.flatMap((network) => ofNetwork(network, input))
  return shares.map(({ node, ranges }) => {
    const cluster =
      settings.ipam === 'whereabouts'
        ? { excluded: [], networkName: node === undefined ? undefined : objectName(`${settings.name}-${node}`) }
        : undefined
    const name = objectName(node === undefined ? settings.name : `${settings.name}-${node}`)
    return { name, node, network: '', settings, ranges, cluster }
  })
}

const ownerOf = ({ node, name }: Planned): string => `node ${node ?? name}`

const onSegment = ({ network }: Planned, claims: readonly Claim[]): readonly Claim[] => claims.map((claim) => ({ ...claim, segment: network }))

const pathOf = ({ name, node }: Planned): string => (node === undefined ? `${name}.yaml` : `${node}/${name}.yaml`)

function fileOf(each: Planned): GeneratedFile {
  const text = writeConflist(each.settings, each.ranges, each.cluster)
  return objectFile(pathOf(each), [attachment(each.name, text, each.settings)], each.node)
}

export const nad = defineTarget({
  id: 'nad',
  title: 'Multus network attachments: one for each node with host-local, or with whereabouts',
  from: 'shares',
  isPlugin: true,
  generate: (input) => planned(input).map(fileOf),
  expected: (input) =>
    planned(input).flatMap((each) =>
      onSegment(
        each,
        each.ranges.map((range) => claimOf(ownerOf(each), range)),
      ),
    ),
  readBack: (files, input): readonly Claim[] =>
    planned(input).flatMap((each, index) => {
      const file = files[index]
      const [object] = file === undefined ? [] : objectsOf([file], 'NetworkAttachmentDefinition')
      if (file === undefined || object === undefined) throw new Error(`the generated ${pathOf(each)} does not read back: there is no object in it`)
      const text = configOf(object)
      const whole = each.cluster !== undefined
      const claims = whole ? whereaboutsClaims(file.path, text, ownerOf(each)) : readHostLocalClaims(file.path, text, each.ranges, ownerOf(each))
      return onSegment(each, claims)
    }),
})
