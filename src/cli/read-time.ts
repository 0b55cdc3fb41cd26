// Reads the time that a run takes for "now".
import { UsageError } from '../model/errors.ts'

/** ISO 8601, a date alone being its first moment in UTC. @throws UsageError */
export function readTime(text: string | undefined, clock: number): Date {
  if (text === undefined) return new Date(clock)
  const time = new Date(text)
  const plain = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/.test(text)
  if (!plain || Number.isNaN(time.getTime())) throw new UsageError(`--now: ${JSON.stringify(text)} is not a time like 2026-11-23T12:00:00Z`)
  return time
}
