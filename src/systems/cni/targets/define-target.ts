// The shape of a target: one kind of file that puts a plan in force.
import type { Range } from '../../../net/index.ts'
import type { ConfRange, ConfSettings } from '../conf-settings.ts'
import type { ConfPlan } from './base/conf-plan.ts'

/** What one node is to allocate from; without a name, whichever node the file will lie on. */
export interface NodeShare {
  readonly node: string | undefined
  readonly ranges: readonly ConfRange[]
}

export interface GeneratedFile {
  readonly node: string | undefined
  /** Below the output folder, with forward slashes. */
  readonly path: string
  readonly text: string
  /** True for Kubernetes objects, which may follow each other on standard output and go into a kustomization. */
  readonly isObject?: boolean
}

/** What a file says that somebody may use. */
export interface Claim {
  /** `node n1`, `pool cluster`, `the Services`: who holds it. Claims of one owner never clash. */
  readonly owner: string
  readonly range: Range
  /** Segment of its own; claims of two segments are never compared. */
  readonly segment?: string
}

/** Two that would hand out the same addresses. */
export interface Clash {
  readonly owners: readonly [string, string]
  /** Canonical text of the two ranges, in the order of the owners. */
  readonly ranges: readonly [string, string]
}

export interface Generation {
  /** What nodes allocate from by host-local; empty where the target has no use for it. */
  readonly shares: readonly NodeShare[]
  readonly settings: ConfSettings
  /** Undefined where only a subnet was given. */
  readonly plan: ConfPlan | undefined
}

export interface Target {
  readonly id: string
  readonly title: string
  /** `shares`: a subnet will do, or the nodes of a plan. `plan`: pools and other ranges of a whole plan. */
  readonly from: 'shares' | 'plan'
  /** True where what it writes runs a CNI plugin, so that the flags about plugins mean something. */
  readonly isPlugin: boolean
  /** Name of the network or object where none is given; `pods` where this is left out. */
  readonly defaultName?: string
  /** True where the Service range may lie in the pod range, because whoever reads the file leaves those blocks out. */
  readonly mayHoldServices?: boolean
  /** @throws UsageError when the plan holds what the target cannot say */
  generate(input: Generation): readonly GeneratedFile[]
  /** What the files must claim, from the plan alone. */
  expected(input: Generation): readonly Claim[]
  /**
   * What the files do claim, from their text alone, read with the reader that the audit uses where there is one.
   *
   * @throws Error when a file cannot be read, which is a fault of this program
   */
  readBack(files: readonly GeneratedFile[], input: Generation): readonly Claim[]
}

/** Identity; it is here for the type. */
export const defineTarget = <T extends Target>(target: T): T => target
