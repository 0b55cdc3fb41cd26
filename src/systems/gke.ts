// GKE: node ranges are alias ranges of the VPC, and further pod networks have ranges of their own on each node.
// Not visible: how large the secondary ranges are and who else uses them; lists of the cloud tell (cloud/*.json).
import type { Block, ModeSignal, Pool } from '../model/inventory.ts'
import { type Cidr, rangeOf } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { idOf, listAt, textAt, valueAt } from './kubernetes/fields.ts'
import { recordReader } from './kubernetes/record-reader.ts'
import { json } from './node/evidence-files.ts'

const SYSTEM = 'gke'
const NETWORKS = 'networking.gke.io/networks'

/** `[{"name","cidrs":[…],"scope"}]`; the default network's range is Node.spec.podCIDRs. */
function blocksOf(document: ObjectDocument, cidrOf: (text: unknown) => Cidr | undefined): Block[] | undefined {
  const text = textAt(document.object, 'metadata', 'annotations', NETWORKS)
  if (text === undefined) return []
  const value = json(text)
  if (!Array.isArray(value)) return undefined
  return value.flatMap((entry) => {
    const name = textAt(entry, 'name') ?? '?'
    if (name === 'default') return []
    return listAt(entry, 'cidrs').flatMap((each): Block[] => {
      const cidr = cidrOf(each)
      return cidr === undefined ? [] : [{ system: SYSTEM, pool: name, domain: name, cidr, node: idOf(document.object), origin: document.origin }]
    })
  })
}

const isGkeNode = (object: unknown): boolean => textAt(object, 'metadata', 'labels', 'cloud.google.com/gke-nodepool') !== undefined

export const gke = defineSystem({
  id: SYSTEM,
  title: 'GKE networks',
  kinds: ['/Node', 'networking.gke.io/Network', 'networking.gke.io/GKENetworkParamSet'],
  files: false,
  parser() {
    const nodes = recordReader<{ readonly blocks: readonly Block[]; readonly ranged: boolean; readonly origin: string } | null>('gke node networks')
    const networks = recordReader<{ readonly name: string; readonly params: string | undefined }>('networks.networking.gke.io')
    const params = recordReader<{ readonly name: string; readonly cidrs: readonly Cidr[]; readonly origin: string }>('gkenetworkparamsets')
    return {
      object(document) {
        if (document.kind === 'Network') {
          networks.take(document, ({ object }) => ({ name: idOf(object), params: textAt(object, 'spec', 'parametersRef', 'name') }))
        } else if (document.kind === 'GKENetworkParamSet') {
          params.take(document, (d) => ({
            name: idOf(d.object),
            cidrs: listAt(d.object, 'status', 'podCIDRs', 'cidrBlocks').flatMap((text) => params.cidr(d, 'status.podCIDRs.cidrBlocks', text) ?? []),
            origin: d.origin,
          }))
        } else if (document.gone || isGkeNode(document.object)) {
          nodes.take(document, (d) => {
            const blocks = blocksOf(d, (text) => nodes.cidr(d, NETWORKS, text))
            if (blocks === undefined) return nodes.unreadable(d, `annotation ${NETWORKS} is no JSON list`)
            const ranged = listAt(d.object, 'spec', 'podCIDRs').length > 0 || valueAt(d.object, 'spec', 'podCIDR') !== undefined
            return { blocks, ranged, origin: d.origin }
          })
        }
      },
      finish() {
        const gkeNodes = nodes.records().filter((node) => node !== null)
        const ranged = gkeNodes.filter((node) => node.ranged)
        const networkOf = new Map(networks.records().flatMap(({ name, params: used }) => (used === undefined ? [] : [[used, name] as const])))
        const pools = params.records().flatMap(({ name, cidrs, origin }): Pool[] => {
          const network = networkOf.get(name)
          // Unused parameters give no addresses, and those of the default network are node ranges.
          if (network === undefined || network === 'default') return []
          return cidrs.map((cidr) => ({
            system: SYSTEM,
            name: network,
            domain: network,
            family: cidr.family,
            ranges: [rangeOf(cidr)],
            certainty: 'declared',
            origin,
          }))
        })
        // Twice as strong as live addresses in node ranges, which GKE's are: the mode says besides where these ranges come from.
        const first = ranged[0]
        const facts = [`${ranged.length} nodes with ranges belong to GKE node pools`, 'GKE cuts node ranges from a secondary range of the VPC']
        const signals = facts.flatMap((fact): ModeSignal[] => (first === undefined ? [] : [{ mode: 'gke', weight: 3, fact, origin: first.origin }]))
        return {
          blocks: gkeNodes.flatMap(({ blocks }) => blocks),
          pools,
          signals,
          problems: [...nodes.problems, ...networks.problems, ...params.problems],
          coverage: [...networks.coverage(false), ...params.coverage(false)],
        }
      },
    }
  },
})
