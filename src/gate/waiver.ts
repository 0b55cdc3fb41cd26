// One waiver, and whether it speaks of a finding.
import type { Finding } from '../model/finding.ts'
import type { Pool } from '../model/inventory.ts'
import { coversRange, NetSyntaxError, parseRange, type Range, type RangeSet, rangeSet } from '../net/index.ts'
import { matchesGlob } from './glob.ts'

export interface Waiver {
  /** Id of the rule. */
  readonly rule: string
  readonly addresses: RangeSet | undefined
  /** Patterns, as those that follow: one of them must fit. */
  readonly pools: readonly string[] | undefined
  readonly nodes: readonly string[] | undefined
  readonly namespaces: readonly string[] | undefined
  readonly owners: readonly string[] | undefined
  readonly fingerprints: readonly string[] | undefined
  readonly clusters: readonly string[] | undefined
  readonly reason: string
  /** YYYY-MM-DD, the last day on which it holds. */
  readonly until: string | undefined
  readonly approvedBy: string | undefined
  /** File, line and column. */
  readonly source: string
}

/** Where a finding was made. */
export interface Place {
  /** Context or bundle name. */
  readonly cluster: string
  /** All addresses of the pools that the waiver names. */
  readonly rangesOfPools: (patterns: readonly string[], domain: string) => RangeSet
}

const fits = (patterns: readonly string[], text: string): boolean => patterns.some((pattern) => matchesGlob(pattern, text))

/**
 * All of them, and there is one at least: a waiver for one node must not hide what another node has a part in.
 *
 * @param patterns undefined: not asked for
 */
const allFit = (patterns: readonly string[] | undefined, names: readonly string[]): boolean =>
  patterns === undefined || (names.length > 0 && names.every((name) => fits(patterns, name)))

/** Of `namespace/name`; an id of a store's own is in no namespace. */
function namespaceOf(owner: string): string {
  const [namespace = '', name, more] = owner.split('/')
  return name === undefined || more !== undefined ? '' : namespace
}

function rangeOfText(text: string): Range | undefined {
  try {
    return parseRange(text)
  } catch (error) {
    if (error instanceof NetSyntaxError) return undefined
    throw error
  }
}

function allWithin(set: RangeSet | undefined, { addresses }: Finding): boolean {
  if (set === undefined) return true
  return (
    addresses.length > 0 &&
    addresses.every((text) => {
      const range = rangeOfText(text)
      return range !== undefined && coversRange(set, range)
    })
  )
}

/** A pool goes by its name, or by system and name where two systems have one of the same name. Answers are kept: there may be many findings. */
export function poolFinder(pools: readonly Pool[]): Place['rangesOfPools'] {
  const found = new Map<readonly string[], Map<string, RangeSet>>()
  return (patterns, domain) => {
    const byDomain = found.get(patterns) ?? new Map<string, RangeSet>()
    found.set(patterns, byDomain)
    const named = () => pools.filter((pool) => pool.domain === domain && (fits(patterns, pool.name) || fits(patterns, `${pool.system}/${pool.name}`)))
    const set = byDomain.get(domain) ?? rangeSet(named().flatMap(({ ranges }) => ranges))
    byDomain.set(domain, set)
    return set
  }
}

/** True when everything that the waiver names fits everything that the finding is about. */
export function speaksOf(waiver: Waiver, finding: Finding, place: Place): boolean {
  return (
    waiver.rule === finding.rule &&
    (waiver.fingerprints === undefined || waiver.fingerprints.includes(finding.fingerprint)) &&
    allFit(waiver.clusters, [place.cluster]) &&
    allFit(waiver.nodes, finding.nodes) &&
    allFit(waiver.owners, finding.owners) &&
    allFit(waiver.namespaces, finding.owners.map(namespaceOf)) &&
    allWithin(waiver.addresses, finding) &&
    allWithin(waiver.pools && place.rangesOfPools(waiver.pools, finding.domain), finding)
  )
}
