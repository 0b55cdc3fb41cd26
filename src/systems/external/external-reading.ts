// What a list of networks outside the cluster gives, whatever its format; every reader below fills one of these.
import type { ClusterIdentity, OutsideNetwork } from '../../model/inventory.ts'
import { cidrsOf, NetSyntaxError, parseRange } from '../../net/index.ts'

interface ExternalProblem {
  /** From 1; undefined where the text as a whole is meant. */
  readonly line: number | undefined
  /** Quotes the input and says what to write. */
  readonly message: string
}

export interface ExternalReading {
  readonly networks: readonly OutsideNetwork[]
  readonly clusters: readonly ClusterIdentity[]
  /** Empty when every entry could be used. */
  readonly problems: readonly ExternalProblem[]
}

/** What stands in one entry beside its addresses. */
export type EntryFacts = Pick<OutsideNetwork, 'name' | 'reachable'> &
  Partial<Pick<OutsideNetwork, 'kind' | 'what' | 'vrf' | 'fromRegister' | 'cluster'>>

/** Collects while a file is read. */
export interface ExternalSink {
  /** A CIDR, one address or first-last; a range is kept as the CIDRs that make it up, never widened (metallb/metallb#2779). */
  network(line: number | undefined, text: string, facts: EntryFacts): void
  cluster(line: number | undefined, identity: Omit<ClusterIdentity, 'origin'>): void
  problem(line: number | undefined, message: string): void
  reading(): ExternalReading
}

/** Faults that are told one by one; a file of another kind may have a fault in each of a million lines. */
const TOLD = 20

export function externalSink(fileName: string): ExternalSink {
  const networks: OutsideNetwork[] = []
  const clusters: ClusterIdentity[] = []
  const problems: ExternalProblem[] = []
  let untold = 0
  const originAt = (line: number | undefined): string => (line === undefined ? fileName : `${fileName}:${line}`)
  const sink: ExternalSink = {
    network(line, text, facts) {
      try {
        for (const cidr of cidrsOf(parseRange(text.trim()))) networks.push({ kind: 'external', ...facts, cidr, origin: originAt(line) })
      } catch (cause) {
        if (!(cause instanceof NetSyntaxError)) throw cause
        sink.problem(line, `${JSON.stringify(text)} ${cause.message}`)
      }
    },
    cluster: (line, identity) => void clusters.push({ ...identity, origin: originAt(line) }),
    problem(line, message) {
      if (problems.length < TOLD) problems.push({ line, message })
      else untold++
    },
    reading: () => ({
      networks,
      clusters,
      problems: untold === 0 ? problems : [...problems, { line: undefined, message: `${untold} more faults like these` }],
    }),
  }
  return sink
}

/** How a person finds the entry again where it has no name. */
export const nameOr = (name: string | undefined, text: string): string => (name === undefined || name.trim() === '' ? text : name.trim())
