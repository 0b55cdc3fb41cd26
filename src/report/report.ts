// The view-model between what was found and how it is shown. `data` is the machine contract; the rest is for people.
import type { Finding } from '../model/finding.ts'
import type { Judgement } from './judgement.ts'

/** JSON-safe value: addresses as canonical text, counts of addresses as decimal strings. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** A cell is plain text, or a share of one to be drawn as a bar. */
export type Cell = string | { readonly bar: number; readonly label: string }

export interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  /** Shown by `-o wide` only. */
  readonly wide?: boolean
  /** May be cut with an ellipsis when the terminal is narrow. */
  readonly flexible?: boolean
  /** Goes on below itself where it is too long, instead of being cut. */
  readonly wraps?: boolean
}

export interface Table {
  readonly title: string
  readonly columns: readonly Column[]
  /** Re-iterable and possibly long: formats stream it. */
  readonly rows: Iterable<readonly Cell[]>
  readonly rowCount: number
}

/** One square of a map: a block, or several neighbours. */
export interface MapCell {
  readonly state: 'given' | 'part' | 'reserved' | 'free'
  /** Shown when a pointer rests on it. */
  readonly text: string
}

/** A pool drawn as squares in the order of their addresses. */
export interface MapGrid {
  readonly title: string
  readonly note: string
  /** Each with the address that it begins with. */
  readonly rows: readonly { readonly label: string; readonly cells: readonly MapCell[] }[]
}

/** Who has what, as a picture. */
export interface AddressMap {
  readonly grids: readonly MapGrid[]
  readonly holders: readonly { readonly name: string; readonly ranges: string }[]
  /** Holders beyond those that are listed. */
  readonly more: number
}

export interface Report {
  readonly kind: 'AuditReport' | 'Explanation' | 'AddressPlan' | 'RuleList' | 'GeneratedConfiguration' | 'Bundle'
  /** Envelope of `-o json` and `-o yaml`. Arrays that can be long may be given as iterables through `Streamed`. */
  readonly data: ReportData
  /** One sentence first: what was looked at and the outcome. */
  readonly headline: string
  readonly tables: readonly Table[]
  /** Findings shown below the tables by the text formats. */
  readonly findings: readonly Finding[]
  /** Sentences at the end: what was not evaluated, what is incomplete. */
  readonly notes: readonly string[]
  /** Names for `-o name`, one a line: `finding/DUP-101/10.244.1.7`, `node/n1`. */
  readonly names: Iterable<string>
  /** For pictures; made only when one is asked for. */
  readonly map?: () => AddressMap
  /** For formats on which other machines act; undefined where nothing is judged. */
  readonly judgement?: () => Judgement
}

/** Top-level keys in order; a value may be a function giving an iterable of elements, written as an array without building it. */
export type ReportData = Readonly<Record<string, Json | (() => Iterable<Json>)>>
