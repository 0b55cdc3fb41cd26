// Reads a generated CNI configuration back with the reader that the audit uses, and holds every bound against what was asked for.
import type { HostLocalRange, NodeNetwork } from '../../../../model/node-state.ts'
import { formatAddress, formatCidr, rangeOf } from '../../../../net/index.ts'
import type { ConfRange } from '../../conf-settings.ts'
import { readConfiguration } from '../../read-configuration.ts'
import type { Claim } from '../define-target.ts'

function isSame(found: HostLocalRange | undefined, { subnet, start, end, gateway }: ConfRange): boolean {
  if (found === undefined || formatCidr(found.subnet) !== formatCidr(subnet)) return false
  const { family, first, last } = found.range
  const bounds = [
    [start, { family, value: first }],
    [end, { family, value: last }],
    [gateway, found.gateway],
  ] as const
  return bounds.every(([wanted, got]) => wanted === undefined || formatAddress(wanted) === formatAddress(got))
}

/** @throws Error unless it holds one network without faults */
export function readNetwork(path: string, text: string): NodeNetwork {
  const { networks, problems, error } = readConfiguration(text, path)
  const fault = error ?? problems[0]?.message
  if (fault !== undefined) throw new Error(`the generated ${path} does not read back: ${fault}`)
  const [network] = networks
  if (network === undefined || networks.length !== 1) throw new Error(`the generated ${path} reads back with other ranges`)
  return network
}

/** A subnet that a node has for itself counts whole; of one that nodes share, the part between the bounds. */
export const claimOf = (owner: string, { subnet, start, end }: ConfRange): Claim => {
  const whole = rangeOf(subnet)
  return { owner, range: { family: subnet.family, first: start?.value ?? whole.first, last: end?.value ?? whole.last } }
}

/** @throws Error when the text says something else than `ranges` */
export function readHostLocalClaims(path: string, text: string, ranges: readonly ConfRange[], owner: string): readonly Claim[] {
  const network = readNetwork(path, text)
  if (network.rangesFromNode) return ranges.map((range) => claimOf(owner, range)) // the node object has them
  const read = network.ranges
  if (read.length !== ranges.length || !ranges.every((range, set) => isSame(read[set], range)))
    throw new Error(`the generated ${path} reads back with other ranges`)
  return read.map(({ subnet, range }, set) => {
    const asked = ranges[set]
    const [start, end] = [range.first, range.last].map((value) => ({ family: range.family, value }))
    return claimOf(owner, { subnet, start: asked?.start && start, end: asked?.end && end, gateway: undefined })
  })
}
