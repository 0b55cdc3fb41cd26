// What every reader of Kubernetes objects shares: counting, problems, and one copy of an object that was given twice.
import type { Coverage, Problem } from '../../model/inventory.ts'
import { type Address, type Cidr, type Lenient, readAddress, readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { idOf, textAt, timeAt, valueAt } from './fields.ts'

export interface RecordReader<T> {
  /** Keeps what `parse` gives; undefined means that the object is unreadable and a problem was noted. Forgets what is gone. */
  take(document: ObjectDocument, parse: (document: ObjectDocument) => T | undefined): void
  unreadable(document: ObjectDocument, message: string): undefined
  address(document: ObjectDocument, field: string, value: unknown): Address | undefined
  cidr(document: ObjectDocument, field: string, value: unknown): Cidr | undefined
  /** Milliseconds; one that is there and no RFC 3339 text is noted, and the record stands without it. */
  time(document: ObjectDocument, ...path: readonly string[]): number | undefined
  /** The first text that was equal: JSON gives each object a copy of its own. */
  shared<V extends string | undefined>(text: V): V
  records(): T[]
  readonly problems: readonly Problem[]
  /** Only kinds that every cluster has are reported as absent. */
  coverage(always: boolean): readonly Coverage[]
}

/** Instead of a version: the record is no longer there. */
const GONE = -1

/** `source` is the plural that coverage shows: pods, nodes, servicecidrs. */
export function recordReader<T>(source: string): RecordReader<T> {
  // Three flat lists instead of an object for each record: there may be half a million. `places` is forgotten while nothing is taken.
  const keys: string[] = []
  const versions: number[] = []
  let kept: (T | undefined)[] = []
  let places: Map<string, number> | undefined
  let count = 0
  const problems: Problem[] = []
  const texts = new Map<string, string>()
  let unreadable = 0
  const note = (kind: Problem['kind'], document: ObjectDocument, message: string, addresses: readonly string[] = []) =>
    problems.push({
      kind,
      source,
      subject: idOf(document.object),
      message: `${document.kind} ${idOf(document.object)}: ${message}`,
      origin: document.origin,
      addresses,
      ...(document.kind === 'Node' ? { node: idOf(document.object) } : {}),
    })

  /** What was handed out stays as it was: a second look replaces records of its own copy. */
  function open(): Map<string, number> {
    if (places !== undefined) return places
    kept = [...kept]
    places = new Map()
    for (const [place, key] of keys.entries()) if (versions[place] !== GONE) places.set(key, place)
    return places
  }

  const reader: RecordReader<T> = {
    problems,
    take(document, parse) {
      const known = open()
      const key = textAt(document.object, 'metadata', 'uid') ?? idOf(document.object)
      const before = known.get(key)
      if (document.gone) {
        if (before === undefined) return
        kept[before] = undefined
        versions[before] = GONE
        known.delete(key)
        count--
        return
      }
      // One object can come in two files or on two pages of a restarted list; the newest version is the truth.
      const version = Number(textAt(document.object, 'metadata', 'resourceVersion') ?? 0) || 0
      if (before !== undefined && (versions[before] as number) >= version) return
      const place = before ?? kept.length
      const record = parse(document)
      if (before === undefined) {
        known.set(key, place)
        keys[place] = key
        count++
      }
      versions[place] = version
      kept[place] = record
    },
    unreadable(document, message) {
      unreadable++
      note('unreadable', document, message)
      return undefined
    },
    address(document, field, value) {
      return lenient(document, field, value, readAddress, 'an address')
    },
    cidr(document, field, value) {
      return lenient(document, field, value, readCidr, 'a CIDR')
    },
    time(document, ...path) {
      const value = valueAt(document.object, ...path)
      const time = timeAt(value)
      if (time === undefined && value !== undefined && value !== null)
        reader.unreadable(document, `${path.join('.')} is ${JSON.stringify(value)}, not a time`)
      return time
    },
    shared(text) {
      if (text === undefined) return text
      const known = texts.get(text)
      if (known === undefined) texts.set(text, text)
      return (known ?? text) as typeof text
    },
    records() {
      places = undefined
      return kept.includes(undefined) ? kept.filter((record) => record !== undefined) : (kept as T[])
    },
    coverage(always) {
      const read = count
      if (read === 0) return always ? [{ source, status: 'absent', read: 0, error: null }] : []
      if (unreadable === 0) return [{ source, status: 'complete', read, error: null }]
      return [
        {
          source,
          status: 'partial',
          read,
          error: `${unreadable} unreadable ${unreadable === 1 ? 'object' : 'objects'}; first: ${problems.find((p) => p.kind === 'unreadable')?.message}`,
        },
      ]
    },
  }

  function lenient<V>(
    document: ObjectDocument,
    field: string,
    value: unknown,
    read: (text: string) => Lenient<V> | undefined,
    what: string,
  ): V | undefined {
    const found = typeof value === 'string' ? read(value) : undefined
    if (found === undefined) return reader.unreadable(document, `${field} is ${JSON.stringify(value) ?? 'missing'}, not ${what}`)
    if (found.oddity !== undefined) note('ambiguous', document, `${field} "${value}": ${found.oddity}`, [String(value)])
    return found.value
  }

  return reader
}
