// Times as people and machines read them.
import type { Time } from './base.ts'

/** RFC 3339 in UTC, whole seconds. */
export const showTime = (time: Time): string => `${new globalThis.Date(time).toISOString().slice(0, 19)}Z`

/** A span in its largest sensible unit: 45 s, 12 min, 5 h, 3 d. */
export function showSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} d`
}
