// Where the subnets of a generated configuration come from: flags, or the nodes of a plan; and what must not be asked for together.
import { UsageError } from '../model/errors.ts'
import type { ConfPlan } from '../systems/cni/targets/base/conf-plan.ts'
import type { NodeShare, Target } from '../systems/cni/targets/define-target.ts'
import type { ConfFlags } from './conf-flags.ts'
import { readNetworkPlugin, readRanges } from './conf-settings.ts'

export interface ConfInput {
  /** Every node of the plan, so that what is written can be compared with all that is planned. */
  readonly shares: readonly NodeShare[]
  /** Undefined where the target needs the nodes alone, or only a subnet was given. */
  readonly plan: ConfPlan | undefined
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
export async function readConfInput(flags: ConfFlags, target: Target): Promise<ConfInput> {
  refuseContradictions(flags)
  if (target.from === 'plan' && flags.plan === undefined)
    throw new UsageError(`--target ${target.id} needs a whole plan: give --plan FILE as ipam plan -o json writes it`)
  if (flags.plan === undefined) {
    if (flags.subnet === undefined) {
      throw new UsageError('there is nothing to allocate from: give --subnet CIDR, or --plan FILE as ipam plan -o json writes it')
    }
    if (flags.type === 'flannel')
      throw new UsageError('--type flannel takes its ranges from the Node objects, so a --subnet would change nothing; give --plan FILE')
    return { shares: [{ node: undefined, ranges: readRanges(flags) }], plan: undefined, isWanted: () => true }
  }
  const { hasNetworks, knownNodes, readPlanDocument, readPlanNodes } = await import('./conf-plan.ts') // brings the readers of YAML and of schemas
  const document = await readPlanDocument(flags.plan)
  const needsNetworks = target.id === 'nad' && hasNetworks(document)
  const plan =
    target.from === 'plan' || needsNetworks
      ? (await import('./conf-plan-whole.ts')).readWholePlan(
          document,
          needsNetworks ? (type, name) => readNetworkPlugin(flags, type, name) : undefined,
        )
      : undefined
  const shares = plan === undefined ? readPlanNodes(document) : []
  const names = plan?.nodes.map(({ name }) => name) ?? shares.map(({ node }) => node ?? '')
  const wanted = flags.node === undefined ? undefined : knownNodes(flags.node, names, flags.plan)
  return { shares, plan, isWanted: ({ node }) => wanted === undefined || node === undefined || wanted.has(node) }
}
