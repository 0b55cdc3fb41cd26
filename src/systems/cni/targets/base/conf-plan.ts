// A plan as the targets see it: pools, nodes and the other ranges, with every text read.
import type { Cidr, Range } from '../../../../net/index.ts'
import type { MainPlugin } from '../../conf-settings.ts'

export interface PlannedFamily {
  readonly cidr: Cidr
  /** Prefix length of a node's block. */
  readonly nodePrefix: number
  /** Reservations inside of it. */
  readonly reserved: readonly Range[]
  /** The fewest networks that hold all of it but the blocks that reservations or Services touch. */
  readonly openBlocks: readonly Cidr[]
}

export interface PlannedPool {
  readonly name: string
  /** In the order of the plan: the primary family first. */
  readonly families: readonly PlannedFamily[]
}

export interface PlannedNode {
  readonly name: string
  readonly pool: string
  /** Empty where the system itself chooses blocks. */
  readonly subnets: readonly Cidr[]
}

export interface PlannedNetwork {
  readonly name: string
  readonly cidr: Cidr
  /** What hands out its addresses. */
  readonly ipam: string
  readonly excluded: readonly Range[]
  readonly plugin: MainPlugin
}

export interface ConfPlan {
  /** Id of the profile that it was planned for. */
  readonly profile: string
  readonly pools: readonly PlannedPool[]
  readonly nodes: readonly PlannedNode[]
  readonly serviceCidrs: readonly Cidr[]
  readonly nodeNetworks: readonly Cidr[]
  readonly loadBalancerRanges: readonly Range[]
  readonly secondaryNetworks: readonly PlannedNetwork[]
  readonly maxPods: number | undefined
}
