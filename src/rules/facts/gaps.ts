// Common reasons why a rule cannot look.
import type { Gap } from '../../model/finding.ts'
import type { Inventory } from '../../model/merge-inventory.ts'

const COMPLETE: readonly Gap[] = []

/** A kind that the rule cannot do without: absent is a gap, partly read is an incomplete gap. */
export function needs(inventory: Inventory, source: string, what: string): readonly Gap[] {
  const entries = inventory.coverage.filter((coverage) => coverage.source === source)
  // A list that came whole and empty is evidence too.
  if (entries.some((coverage) => coverage.read > 0 || coverage.status === 'complete')) return COMPLETE
  if (entries.some((coverage) => coverage.status === 'forbidden'))
    return [{ reason: `${what}: not allowed to read ${source}`, whole: true, incomplete: true }]
  return [{ reason: `${what}: the input holds no ${source}`, whole: true }]
}

/** Absence can be proved by a complete list only: the list itself, and whatever may hold the missing object beside it, has to have been read whole. */
export function needsWhole(inventory: Inventory, source: string, what: string): readonly Gap[] {
  const missing = needs(inventory, source, what)
  if (missing.length > 0) return missing
  const broken = inventory.coverage.find(
    (coverage) => coverage.status !== 'complete' && coverage.status !== 'absent' && (coverage.source === source || coverage.anyKind === true),
  )
  if (broken === undefined) return COMPLETE
  return [
    {
      reason: `${what}: ${broken.source} was not read whole (${broken.error ?? broken.status}), so a missing object proves nothing`,
      whole: true,
      incomplete: true,
    },
  ]
}
