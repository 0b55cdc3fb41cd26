// The shape of a profile: what hands out ranges to nodes, with its sizes and hard limits.
import type { Severity } from '../../model/finding.ts'
import type { Family } from '../../net/index.ts'

/** How many bits a node prefix may be longer than the pool's prefix before somebody refuses it. */
export interface GapLimit {
  readonly bits: number
  readonly severity: Severity
  /** Who refuses more, as a clause. */
  readonly says: string
}

export interface Profile {
  /** Word for --profile. */
  readonly id: string
  readonly title: string
  /** Node prefix where the request gives none. */
  readonly nodePrefix: Readonly<Record<Family, number>>
  /** Addresses of a node's block that pods never get. */
  readonly lost: Readonly<Record<Family, number>>
  /** Longest prefix that leaves room for a pod. */
  readonly longestPrefix: Readonly<Record<Family, number>>
  readonly gap: Readonly<Record<Family, readonly GapLimit[]>>
  /** `one`: all nodes get blocks of one size from one range; `each`: every node pool may have its own. */
  readonly masks: 'one' | 'each'
  /** How bad a Service range inside the pod range is, as long as blocks are left: medium where the controller leaves those blocks out. */
  readonly serviceRange: Severity
  /** What cannot be changed once the cluster runs. */
  readonly irreversible: readonly string[]
  /** Where the numbers come from. */
  readonly links: readonly string[]
}

/** Identity; it is here for the type. */
export const defineProfile = (profile: Profile): Profile => profile
