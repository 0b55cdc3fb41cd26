// Events of one subject, told once each.
import type { ClusterEvent } from '../model/inventory.ts'

/** The latest first; the retries of one fault differ only in the sandbox that they name. */
export function latestEvents(events: readonly ClusterEvent[]): readonly ClusterEvent[] {
  const kept = new Map<string, ClusterEvent>()
  for (const event of events.toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0))) {
    const key = `${event.kind} ${(event.message ?? '').replaceAll(/[0-9a-f]{12,64}/g, '')}`
    const before = kept.get(key)
    kept.set(key, before === undefined ? event : { ...before, count: (before.count ?? 1) + (event.count ?? 1) })
  }
  return [...kept.values()]
}
