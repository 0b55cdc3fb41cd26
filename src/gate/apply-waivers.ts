// Marks the findings that a waiver speaks of, and says what became of each waiver.
import type { Finding, Waived } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Pool } from '../model/inventory.ts'
import { dayOf } from './day.ts'
import { poolFinder, speaksOf, type Waiver } from './waiver.ts'

/** `unproven`: it matches nothing, and the rule could not look everywhere, so that the finding may still be there. */
export type WaiverStatus = 'used' | 'expired' | 'stale' | 'unproven'

export interface WaiverUse {
  readonly waiver: Waiver
  readonly status: WaiverStatus
  /** Findings that it waives; of an expired one, those that count again. */
  readonly findings: number
}

/** What has been audited. */
export interface Audited {
  /** Context or bundle name. */
  readonly cluster: string
  readonly pools: readonly Pool[]
  /** Milliseconds: the time by which days are told. */
  readonly time: number
  /** True when the rule has looked at all that there is. */
  readonly sawAll: (rule: string) => boolean
}

export interface Waiving {
  readonly findings: readonly Finding[]
  readonly uses: readonly WaiverUse[]
}

const hasEnded = ({ until }: Waiver, today: string): boolean => until !== undefined && until < today

const markOf = ({ reason, until, approvedBy, source }: Waiver): Waived => ({
  reason,
  until: until ?? null,
  source,
  ...(approvedBy === undefined ? {} : { approvedBy }),
})

export function applyWaivers(findings: readonly Finding[], waivers: readonly Waiver[], audited: Audited): Waiving {
  const today = dayOf(audited.time)
  const place = { cluster: audited.cluster, rangesOfPools: poolFinder(audited.pools) }
  const ofRule = groupBy(waivers, ({ rule }) => rule)
  const counts = new Map<Waiver, number>()
  const count = (waiver: Waiver) => counts.set(waiver, (counts.get(waiver) ?? 0) + 1)
  const marked = findings.map((finding): Finding => {
    const fitting = (ofRule.get(finding.rule) ?? []).filter((waiver) => speaksOf(waiver, finding, place))
    const inForce = fitting.filter((waiver) => !hasEnded(waiver, today))
    for (const waiver of inForce.length > 0 ? inForce : fitting) count(waiver)
    const [first] = inForce
    return first === undefined ? finding : { ...finding, waived: markOf(first) }
  })
  const uses = waivers.map((waiver): WaiverUse => {
    const matched = counts.get(waiver) ?? 0
    if (hasEnded(waiver, today)) return { waiver, status: 'expired', findings: matched }
    return { waiver, status: matched > 0 ? 'used' : audited.sawAll(waiver.rule) ? 'stale' : 'unproven', findings: matched }
  })
  return { findings: marked, uses }
}

const worth: readonly WaiverStatus[] = ['used', 'expired', 'unproven', 'stale']

/** Of several clusters: one that is used in any of them is used, and one is stale only where it is in all. */
export function joinUses(clusters: readonly (readonly WaiverUse[])[], unread: boolean): readonly WaiverUse[] {
  const [first = []] = clusters
  return first.map(({ waiver }, index): WaiverUse => {
    const uses = clusters.flatMap((cluster) => cluster[index] ?? [])
    const status = worth.find((each) => uses.some((use) => use.status === each)) ?? 'unproven'
    return {
      waiver,
      status: status === 'stale' && unread ? 'unproven' : status,
      findings: uses.reduce((sum, use) => sum + (use.status === status ? use.findings : 0), 0),
    }
  })
}
