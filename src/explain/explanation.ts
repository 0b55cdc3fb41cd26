// What `ipam explain` answers with: a verdict, what each source says, the ranges around, how it came, and the findings that concern it.
import type { Finding } from '../model/finding.ts'
import type { CoverageStatus, Origin, Time } from '../model/inventory.ts'
import type { Address, Range } from '../net/index.ts'

/** Whom a source names. */
export interface Holder {
  readonly kind: 'pod' | 'node' | 'service' | 'machine' | 'unknown'
  /** namespace/name, node name, or the store's own id. */
  readonly id: string
  readonly node: string | undefined
}

/** One thing that one source says of an address. */
export interface Mention {
  /** The source as a person calls it: pod status, calico, host-local on node-1. */
  readonly source: string
  readonly address: Address
  /** Routing domain; a Service's address is one of the default network's. */
  readonly domain: string
  readonly holder: Holder | undefined
  /** `shown`: seen in use. `recorded`: a store wrote it down. `past`: it was so once. `named`: somebody points to it. */
  readonly weight: 'shown' | 'recorded' | 'past' | 'named'
  readonly says: string
  readonly origin: Origin
  readonly recordedAt: Time | undefined
}

/** One row of what is known, source by source. `not-read` and `absent` are no answer. */
export interface SourceRow {
  readonly source: string
  readonly status: 'says' | 'nothing' | 'not-read' | 'absent'
  readonly says: string
  readonly holder: Holder | undefined
  readonly address: Address | undefined
  readonly origin: Origin | undefined
  readonly recordedAt: Time | undefined
}

/** A range that holds the subject, or that the subject has. */
export interface RangeRow {
  readonly kind: 'pool' | 'block' | 'declared' | 'attachment' | 'subnet' | 'outside' | 'reservation' | 'special use'
  /** Who hands it out, or says it; empty where nobody in particular does. */
  readonly system: string
  readonly name: string
  readonly node: string | undefined
  readonly range: Range
  /** Counts are addresses; undefined where nothing records what was given out. */
  readonly usage: { readonly capacity: bigint; readonly allocated: bigint; readonly available: bigint } | undefined
  readonly note: string
  readonly origin: Origin
}

/** One step from a symptom to its cause. */
export interface Step {
  readonly what: string
  readonly origin: Origin | undefined
}

/** One address that belongs to the subject: of a pod, in a range, on a node. */
export interface AddressRow {
  readonly address: Address
  readonly state: 'in use' | 'recorded' | 'past' | 'named' | 'no pod has it'
  readonly holder: string
  readonly node: string | undefined
  readonly since: Time | undefined
  readonly origin: Origin
}

export type Subject =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'range'; readonly range: Range }
  | { readonly kind: 'pod'; readonly id: string }
  | { readonly kind: 'node'; readonly name: string }

/** The answer in one word, for programs. */
export type State =
  | 'held'
  | 'duplicate'
  | 'shared'
  | 'leaked'
  | 'recorded'
  | 'reserved'
  | 'free'
  | 'unknown'
  | 'outside'
  | 'nobody'
  | 'in-use'
  | 'empty'
  | 'running'
  | 'host-network'
  | 'finished'
  | 'waiting'
  | 'gone'
  | 'ok'
  | 'full'
  | 'no-range'

export interface Verdict {
  readonly state: State
  readonly text: string
}

/** What is told of one subject, before findings and coverage are added. */
export interface Account {
  readonly verdict: Verdict
  readonly sources: readonly SourceRow[]
  readonly why: readonly Step[]
  readonly ranges: readonly RangeRow[]
  readonly addresses: readonly AddressRow[]
  readonly findings: readonly Finding[]
  /** Findings about ranges around it, which say nothing of the subject itself. */
  readonly around: readonly Finding[]
}

export interface Explanation extends Account {
  readonly subject: Subject
  /** As a person writes it without a doubt: 10.0.0.1, pod/shop/web-0, node/node-1. */
  readonly name: string
  /** What was odd about the text that was given. */
  readonly note: string | undefined
  readonly unread: readonly { readonly source: string; readonly status: CoverageStatus; readonly error: string | null }[]
}
