// Reads the nodes of a request: a count, or names with the blocks that they already have.
import { type Cidr, formatCidr, overlappingPairs, rangeOf } from '../net/index.ts'
import type { NamedNode, NodeList } from './plan-request.ts'
import { quote, readCidr, readTexts } from './read-values.ts'
import { RequestFault, type RequestPath } from './request-fault.ts'
import type { RequestInput } from './request-schema.ts'

/** Kubernetes wants a DNS subdomain (RFC 1123); capitals are let through because plans are also made for machines that are not registered yet. */
const nodeName = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?$/

/** Of nodes and node pools. @throws RequestFault */
export function readName(text: string, path: RequestPath): string {
  if (!nodeName.test(text)) throw new RequestFault(path, `${quote(text)} is no name: letters, digits, "-" and ".", at most 253`)
  return text
}

function readSubnets(node: string, value: string | readonly string[] | undefined, path: RequestPath): readonly Cidr[] {
  const placed = readTexts(value, path)
  const subnets = placed.map((text) => readCidr(text, false))
  const families = new Set(subnets.map(({ family }) => family))
  if (families.size < subnets.length) throw new RequestFault(path, `${quote(node)} has two subnets of one family; a node has one of each`)
  return subnets
}

/** @throws RequestFault */
export function readNodeList(value: RequestInput['nodes'], base: string, path: RequestPath): NodeList {
  if (value === undefined) return { count: 0, base }
  if (typeof value === 'number') return { count: value, base }
  const named = value.map((entry, index): NamedNode => {
    const at = [...path, index]
    if (typeof entry === 'string') return { name: readName(entry, at), subnets: [] }
    return { name: readName(entry.name, [...at, 'name']), subnets: readSubnets(entry.name, entry.subnets, [...at, 'subnets']) }
  })
  return { named }
}

/** Two nodes of one name, or with overlapping blocks, are a contradiction that no plan resolves. @throws RequestFault */
export function refuseClashes(lists: readonly { readonly nodes: NodeList; readonly path: RequestPath }[]): void {
  const seen = new Set<string>()
  const counted = lists.flatMap(({ nodes }) => ('count' in nodes ? [nodes] : []))
  const pinned: { name: string; subnet: Cidr; path: RequestPath; at: number }[] = []
  for (const { nodes, path } of lists) {
    if ('count' in nodes) continue
    for (const [index, { name, subnets }] of nodes.named.entries()) {
      const at = [...path, index]
      if (seen.has(name) || counted.some((list) => isCounted(name, list))) throw new RequestFault(at, `the node ${quote(name)} is there twice`)
      seen.add(name)
      for (const subnet of subnets) pinned.push({ name, subnet, path: at, at: pinned.length })
    }
  }
  for (const pair of overlappingPairs(pinned, ({ subnet }) => rangeOf(subnet))) {
    const [one, other] = pair[0].at < pair[1].at ? pair : [pair[1], pair[0]]
    throw new RequestFault(other.path, `${formatCidr(other.subnet)} of ${quote(other.name)} overlaps ${formatCidr(one.subnet)} of ${quote(one.name)}`)
  }
}

function isCounted(name: string, { base, count }: { base: string; count: number }): boolean {
  if (!name.startsWith(`${base}-`)) return false
  const digits = name.slice(base.length + 1)
  return /^[1-9]\d{0,15}$/.test(digits) && Number(digits) <= count
}
