// Reads the nodes of a plan for `generate-conf`: what `ipam plan -o json` (or yaml) wrote.
import * as v from 'valibot'
import { UsageError } from '../model/errors.ts'
import { readConfigFile, shownName, smallFile } from '../sources/config-file.ts'
import { confRanges } from '../systems/cni/conf-ranges.ts'
import { findJsonFault } from '../systems/cni/json-fault.ts'
import type { NodeShare } from '../systems/cni/targets/define-target.ts'
import { readSubnet } from './conf-values.ts'
import { type ConfigDocument, checkConfig, parseConfig } from './config-document.ts'
import { didYouMean } from './did-you-mean.ts'

/** A plan of a million nodes has about 150 MiB. */
const largestPlan = 256 * smallFile

const text = v.string('text')

/** Further keys are none of its business. */
const planSchema = v.looseObject({
  apiVersion: v.literal('ipam/v1', '"ipam/v1"'),
  kind: v.literal('AddressPlan', '"AddressPlan" (made by ipam plan -o json)'),
  nodes: v.array(v.looseObject({ name: text, subnets: v.array(text, 'a list of CIDRs') }, 'an object with name and subnets'), 'a list of nodes'),
})

export interface PlanNode extends NodeShare {
  readonly node: string
}

/** A node's name becomes a folder: nothing but a name may pass. Kubernetes wants a DNS subdomain; capitals are let through as in plans. */
export const isNodeName = (name: string): boolean => /^[A-Za-z\d]([\w.-]{0,251}[A-Za-z\d])?$/.test(name)

function parse(input: string, name: string): ConfigDocument {
  if (!input.trimStart().startsWith('{')) return parseConfig(input, name)
  try {
    return { value: JSON.parse(input) as unknown, where: () => name }
  } catch (cause) {
    const fault = findJsonFault(input)
    const place = fault === undefined ? name : `${name}:${fault.line}:${fault.column}`
    throw new UsageError(`${place}: not valid JSON${fault === undefined ? '' : `: ${fault.reason}`}`, { cause })
  }
}

/** The text of a plan, parsed and not yet checked. */
export interface PlanDocument {
  readonly document: ConfigDocument
  readonly name: string
}

/** @throws UsageError that names the file */
export async function readPlanDocument(path: string): Promise<PlanDocument> {
  const name = shownName(path)
  return { document: parse(await readConfigFile(path, largestPlan), name), name }
}

/** True where the request of the plan has networks for further interfaces. */
export function hasNetworks({ document: { value } }: PlanDocument): boolean {
  const networks = (value as { readonly spec?: { readonly secondaryNetworks?: unknown } } | null)?.spec?.secondaryNetworks
  return Array.isArray(networks) && networks.length > 0
}

/** All nodes of the plan. @throws UsageError that names the file, and the node where there is one */
export function readPlanNodes({ document, name }: PlanDocument): readonly PlanNode[] {
  const { nodes } = checkConfig(document, planSchema, [])
  if (nodes.length === 0) throw new UsageError(`${name}: the plan has no nodes; plan with --node NAME or --nodes N`)
  const seen = new Set<string>()
  return nodes.map(({ name: node, subnets }, index) => {
    if (!isNodeName(node)) throw new UsageError(`${name}: nodes[${index}].name ${JSON.stringify(node.slice(0, 80))} is no node name`)
    if (seen.has(node)) throw new UsageError(`${name}: the node ${JSON.stringify(node)} is there twice`)
    seen.add(node)
    const where = `${name}: node ${JSON.stringify(node)}`
    const cidrs = subnets.map((subnet) => readSubnet(subnet, where))
    return { node, ranges: confRanges(cidrs, { starts: [], ends: [], gateways: [] }, where) }
  })
}

/** The names asked for, all of them in the plan. @throws UsageError with the nearest name */
export function knownNodes(wanted: readonly string[], nodes: readonly string[], path: string): ReadonlySet<string> {
  const names = new Set(nodes)
  for (const name of wanted) {
    if (names.has(name)) continue
    const near = didYouMean(name, [...names])
    const hint = near === undefined ? `it has ${[...names].slice(0, 5).join(', ')}${names.size > 5 ? ', ...' : ''}` : `did you mean ${near}?`
    throw new UsageError(`--node: ${JSON.stringify(name)} is not in ${shownName(path)}; ${hint}`)
  }
  return new Set(wanted)
}
