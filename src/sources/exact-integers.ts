// Integers that a double cannot hold (Calico's sequenceNumber), carried through JSON.parse and JSON.stringify digit by digit.

/** No API server writes a NUL into a text, and readers that know nothing of this see a text instead of a rounded number. */
const MARK = '\u0000int:'
/** Texts are taken whole, so that digits inside of them are not seen. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g
const MARKED = /"\\u0000int:(-?\d{16,})"(?!:)/g

/** JSON whose integers beyond 2^53 are marked texts; other JSON comes back as it is. */
export const markIntegers = (json: string): string =>
  /\d{16}/.test(json)
    ? json.replace(TOKEN, (token) => (/^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token)) ? JSON.stringify(MARK + token) : token))
    : json

/** JSON with the marked integers as numbers again. */
export const stringifyExactly = (value: unknown): string => JSON.stringify(value).replace(MARKED, '$1')
