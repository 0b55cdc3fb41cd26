// Where the subnets of a generated configuration come from: flags, or the nodes of a plan; and what must not be asked for together.
import { UsageError } from '../model/errors.ts'
import type { NodeShare } from '../systems/cni/targets/define-target.ts'
import type { ConfFlags } from './conf-flags.ts'
import { readRanges } from './conf-settings.ts'

export interface ConfInput {
  /** Every node of the plan, so that what is written can be compared with all that is planned. */
  readonly shares: readonly NodeShare[]
  /** True for the shares that are to be written. */
  readonly isWanted: (share: Pick<NodeShare, 'node'>) => boolean
}

const ofOneSubnet = ['range-start', 'range-end', 'gateway'] as const

function refuseContradictions(flags: ConfFlags): void {
  if (flags.subnet !== undefined && flags.plan !== undefined) throw new UsageError('--subnet and --plan contradict each other; give one of them')
  if (flags.node !== undefined && flags.plan === undefined) throw new UsageError('--node names a node of a plan; give the plan too: --plan FILE')
  if (flags['out-dir'] === '') throw new UsageError('--out-dir is empty; name a folder')
  const foreign = ofOneSubnet.find((flag) => flags[flag] !== undefined)
  if (flags.plan !== undefined && foreign !== undefined) {
    throw new UsageError(`--${foreign} belongs to one subnet, and a plan has one for each node; use --subnet for this node`)
  }
}

/** @throws UsageError */
export async function readConfInput(flags: ConfFlags): Promise<ConfInput> {
  refuseContradictions(flags)
  if (flags.plan === undefined) {
    if (flags.subnet === undefined) {
      throw new UsageError('there is nothing to allocate from: give --subnet CIDR, or --plan FILE as ipam plan -o json writes it')
    }
    return { shares: [{ node: undefined, ranges: readRanges(flags) }], isWanted: () => true }
  }
  const { knownNodes, readConfPlan } = await import('./conf-plan.ts') // brings the readers of YAML and of schemas
  const shares = await readConfPlan(flags.plan)
  const wanted = flags.node === undefined ? undefined : knownNodes(flags.node, shares, flags.plan)
  const count = wanted?.size ?? shares.length
  if (flags['out-dir'] === undefined && count > 1) {
    throw new UsageError(`there are ${count} nodes and one standard output: give --node NAME for one of them, or --out-dir DIR for all`)
  }
  return { shares, isWanted: ({ node }) => wanted === undefined || wanted.has(node ?? '') }
}
