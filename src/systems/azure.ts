// Azure CNI: what each node was granted (NodeNetworkConfig), which is a range in overlay mode and single addresses of the VNet otherwise.
// Not visible: which pod has which address, other than by pod status; azure-cns knows (/var/run/azure-cns on the node).
import type { Block, CloudSubnet, DeclaredRange, ModeSignal, NodeRecord, Shortage } from '../model/inventory.ts'
import { type Cidr, cidrsOf, formatCidr, type Range, rangeOf, rangeSet } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { idOf, listAt, textAt, timeAt, valueAt } from './kubernetes/fields.ts'
import { type RecordReader, recordReader } from './kubernetes/record-reader.ts'

const SYSTEM = 'azure'

interface Grant {
  readonly node: string
  readonly overlay: boolean
  /** Every address of these is the node's to give to pods. */
  readonly ranges: readonly Range[]
  readonly subnets: readonly { readonly id: string; readonly cidr: Cidr }[]
  /** Prefix length of the node's part, in overlay mode. */
  readonly prefix: number | undefined
  readonly createdAt: number | undefined
  readonly origin: string
}

/** Addresses come bare or with a prefix length; only a network container of whole blocks means the block (acn.azure.com/v1alpha). */
function parseGrant(document: ObjectDocument, reader: RecordReader<Grant>): Grant | undefined {
  const { object, origin } = document
  const containers = listAt(object, 'status', 'networkContainers')
  const ranges: Range[] = []
  const subnets: { id: string; cidr: Cidr }[] = []
  let prefix: number | undefined
  for (const container of containers) {
    const overlay = textAt(container, 'type') === 'overlay'
    const texts = overlay
      ? [textAt(container, 'primaryIP'), textAt(container, 'primaryIPV6')].filter((text) => text !== undefined && text !== '')
      : listAt(container, 'ipAssignments').map((assignment) => valueAt(assignment, 'ip'))
    for (const text of texts) {
      const bare = typeof text === 'string' && !text.includes('/')
      const cidr = reader.cidr(document, overlay ? 'primaryIP' : 'ipAssignments', bare ? `${text}/${String(text).includes(':') ? 128 : 32}` : text)
      if (cidr === undefined) return undefined
      ranges.push(rangeOf(cidr))
      if (overlay && cidr.family === 4) prefix = cidr.prefix
    }
    for (const key of ['subnetAddressSpace', 'subnetAddressSpaceV6'] as const) {
      const text = textAt(container, key)
      const cidr = text === undefined || text === '' ? undefined : reader.cidr(document, key, text)
      if (cidr !== undefined) subnets.push({ id: textAt(container, 'subnetName') ?? '?', cidr })
    }
  }
  const overlay = containers.some((container) => textAt(container, 'type') === 'overlay')
  return {
    node: textAt(object, 'metadata', 'name') ?? '?',
    overlay,
    ranges,
    subnets,
    prefix,
    createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
    origin,
  }
}

/** Single addresses side by side become one block. */
const blocksOf = (grant: Grant): Block[] =>
  rangeSet(grant.ranges).ranges.flatMap((range) =>
    [...cidrsOf(range)].map((cidr) => ({ system: SYSTEM, pool: 'nodes', domain: 'default', cidr, node: grant.node, origin: grant.origin })),
  )

const recordOf = ({ node, ranges, createdAt, origin }: Grant): NodeRecord => ({
  system: SYSTEM,
  node,
  what: 'NodeNetworkConfig',
  ranges: rangeSet(ranges).ranges,
  ...(createdAt === undefined ? {} : { recordedAt: createdAt }),
  origin,
})

/** The overlay's whole space is the cluster's pod range; every node has one part of it. */
function declaredBy(grants: readonly Grant[]): DeclaredRange[] {
  const found = new Map<string, DeclaredRange>()
  for (const { overlay, subnets, prefix, origin } of grants) {
    if (!overlay) continue
    for (const { cidr } of subnets) {
      const mask = cidr.family === 4 && prefix !== undefined && prefix > cidr.prefix ? { nodePrefix: prefix } : {}
      const range: DeclaredRange = { role: 'pods', cidr, ...mask, by: 'Azure overlay (NodeNetworkConfig)', certainty: 'declared', origin }
      if (!found.has(formatCidr(cidr))) found.set(formatCidr(cidr), range)
    }
  }
  return [...found.values()]
}

const subnetsOf = (grants: readonly Grant[]): CloudSubnet[] => {
  const flat = grants.filter(({ overlay }) => !overlay).flatMap(({ subnets, origin }) => subnets.map(({ id, cidr }) => ({ id, cidr, origin })))
  const unique = new Map(flat.map((subnet) => [`${subnet.id}\0${formatCidr(subnet.cidr)}`, subnet]))
  return [...unique.values()].map(({ id, cidr, origin }) => ({ provider: 'azure', id, cidr, unattached: [], origin }))
}

function signalsOf(grants: readonly Grant[]): ModeSignal[] {
  return ([true, false] as const).flatMap((overlay) => {
    const own = grants.filter((grant) => grant.overlay === overlay && grant.ranges.length > 0)
    const fact = `${own.length} NodeNetworkConfigs grant ${overlay ? 'overlay ranges' : 'addresses of the VNet'}`
    return own[0] === undefined ? [] : [{ mode: overlay ? 'azure-overlay' : 'azure-flat', weight: 2, fact, origin: own[0].origin }]
  })
}

export const azure = defineSystem({
  id: SYSTEM,
  title: 'Azure CNI',
  kinds: ['acn.azure.com/NodeNetworkConfig', 'acn.azure.com/ClusterSubnetState'],
  files: false,
  parser() {
    const grants = recordReader<Grant>('nodenetworkconfigs')
    const states = recordReader<Shortage | null>('clustersubnetstates')
    return {
      object(document) {
        if (document.kind === 'NodeNetworkConfig') grants.take(document, (d) => parseGrant(d, grants))
        else {
          states.take(document, ({ object, origin }) =>
            valueAt(object, 'status', 'exhausted') === true
              ? { system: SYSTEM, pool: idOf(object), error: 'the subnet is exhausted (status.exhausted)', origin }
              : null,
          )
        }
      },
      finish() {
        const all = grants.records()
        return {
          blocks: all.flatMap(blocksOf),
          nodeRecords: all.filter(({ ranges }) => ranges.length > 0).map(recordOf),
          declared: declaredBy(all),
          subnets: subnetsOf(all),
          shortages: states.records().filter((shortage) => shortage !== null),
          signals: signalsOf(all),
          problems: [...grants.problems, ...states.problems],
          coverage: [...grants.coverage(false), ...states.coverage(false)],
        }
      },
    }
  },
})
