// Days as waivers name them: YYYY-MM-DD in UTC, which sort as text.
import { showTime } from '../model/show-time.ts'

const LONG_MONTHS = new Set([1, 3, 5, 7, 8, 10, 12])

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return LONG_MONTHS.has(month) ? 31 : 30
}

/** True for a day that is in the calendar. JavaScript's own parser takes 30 February for 2 March. */
export function isDay(text: string): boolean {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? []
  const [y, m, d] = [Number(year), Number(month), Number(day)]
  return year !== '' && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m)
}

/** The day in UTC that the time (in milliseconds) is in. */
export const dayOf = (time: number): string => showTime(time).slice(0, 'YYYY-MM-DD'.length)
