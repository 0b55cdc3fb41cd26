// Takes Kubernetes objects out of Lists, typed lists and arrays, one by one, and says what is no object.
import { SourceError } from '../model/errors.ts'
import { isEtcdDump, readEtcdDump } from './etcd-dump.ts'
import { isJsonObject, type JsonObject } from './json-object.ts'
import type { Document } from './source.ts'

export { isJsonObject, type JsonObject } from './json-object.ts'

export interface Unwrapper {
  /** A list begins; `head` is its object without the elements as far as it was read, undefined for a bare array. */
  open(head: JsonObject | undefined): void
  /** @param size length of its text, to bound what waits for the list's kind */
  element(value: unknown, size: number): void
  /** The list ends; now its object is known whole. */
  close(head: JsonObject | undefined): void
  /** A value that was read whole; `where` is what a message calls it. */
  whole(value: unknown, where: string): void
  /** Objects handed on so far. */
  read(): number
  /** What was wrong, in order; empty when nothing was. */
  problems(): string[]
  /** False until the first object or list, empty ones included. */
  sawSomething(): boolean
}

/** `jq -S` puts a typed list's kind behind its items; so much text of items may wait for it. */
const LONGEST_WAIT = 256 << 20
/** Faults that a message names one by one; a damaged dump may hold a hundred thousand. */
const NAMED_PROBLEMS = 3

interface List {
  readonly bare: boolean
  /** The kind says that this is one object with a field called items. */
  readonly isObject: boolean
  /** Kind and version for items that do not carry their own, as in the API server's own PodList. */
  readonly itemKind: string | undefined
  readonly apiVersion: string | undefined
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

function listOf(head: JsonObject | undefined): List {
  const kind = textOf(head?.['kind'])
  const typed = kind !== undefined && kind !== 'List' && kind.endsWith('List')
  return {
    bare: head === undefined,
    isObject: kind !== undefined && !kind.endsWith('List'),
    itemKind: typed ? kind.slice(0, -'List'.length) : undefined,
    apiVersion: textOf(head?.['apiVersion']),
  }
}

export function unwrapLists(origin: string, accept: (document: Document) => void): Unwrapper {
  let read = 0
  let seen = false
  const named: string[] = []
  let unnamed = 0
  let list: List = listOf(undefined)
  let index = 0
  let waiting: unknown[] = []
  let waitingSize = 0

  function problem(text: string): void {
    if (named.length < NAMED_PROBLEMS) named.push(text)
    else unnamed++
  }

  function object(value: unknown, from: List, where: () => string): void {
    if (!isJsonObject(value)) {
      problem(`${where()} is not an object`)
      return
    }
    const own = textOf(value['kind'])
    if (own === undefined && isEtcdDump(value)) {
      const dump = readEtcdDump(value)
      for (const { where: key, value: inner } of dump.objects) object(inner, listOf(undefined), () => key)
      for (const text of dump.problems) problem(text)
      return
    }
    if (isList(value, own)) {
      nested(value, where)
      return
    }
    const kind = own ?? from.itemKind
    const apiVersion = textOf(value['apiVersion']) ?? (from.itemKind === undefined ? undefined : from.apiVersion)
    const refusal = refusalOf(value, kind, apiVersion)
    if (refusal !== undefined || kind === undefined || apiVersion === undefined) {
      problem(`${where()} ${refusal}`)
      return
    }
    read++
    accept({ type: 'object', apiVersion, kind, object: value, origin })
  }

  function nested(value: JsonObject, where: () => string): void {
    const items = value['items']
    if (Array.isArray(items)) {
      const inner = listOf(value)
      for (const [i, item] of items.entries()) object(item, inner, () => `${where()}.items[${i}]`)
    } else if (items !== null) problem(`${where()} is a list whose "items" is ${items === undefined ? 'missing' : `a ${typeof items}, not a list`}`)
    noteRest(value)
  }

  function noteRest(head: JsonObject | undefined): void {
    const metadata = head?.['metadata']
    if (!isJsonObject(metadata) || !textOf(metadata['continue'])) return
    const rest = metadata['remainingItemCount']
    const more = typeof rest === 'number' ? `${rest} more objects` : 'more objects'
    problem(`is only one page of a list: the server held ${more} ("continue" is set); collect it again without --limit or --chunk-size`)
  }

  return {
    read: () => read,
    problems: () => (unnamed === 0 ? named : [...named, `${unnamed} more faults like these`]),
    sawSomething: () => seen,
    open(head) {
      seen = true
      list = listOf(head)
      index = 0
    },
    element(value, size) {
      const i = index++
      const ready = !list.isObject && (list.bare || list.itemKind !== undefined || (isJsonObject(value) && textOf(value['kind']) !== undefined))
      if (ready) return object(value, list, () => (list.bare ? `element [${i}]` : `items[${i}]`))
      waitingSize += size
      if (waitingSize > LONGEST_WAIT) {
        throw new SourceError(
          `holds items without a kind before the kind of their list: save it as kubectl does (kubectl get -o json), with a kind in every item`,
        )
      }
      waiting.push(value)
    },
    close(head) {
      const items = waiting
      waiting = []
      waitingSize = 0
      const whole = listOf(head)
      if (whole.isObject) object({ ...head, items }, listOf(undefined), () => 'the object')
      else {
        for (const [i, item] of items.entries()) object(item, whole, () => `an item of the list (number ${i} of those without a kind)`)
        noteRest(head)
      }
      list = listOf(undefined)
    },
    whole(value, where) {
      if (value === null) return // an empty YAML document
      seen = true
      if (Array.isArray(value)) for (const [i, item] of value.entries()) object(item, listOf(undefined), () => `element [${i}]`)
      else object(value, listOf(undefined), () => where)
    },
  }
}

/** A kind may end in List and be no list (a custom resource AllowList); then it has a name and no items. */
function isList(value: JsonObject, kind: string | undefined): boolean {
  if (kind === undefined || kind === 'List') return 'items' in value || kind === 'List'
  if (!kind.endsWith('List')) return false
  const metadata = value['metadata']
  return 'items' in value || !(isJsonObject(metadata) && textOf(metadata['name']))
}

function refusalOf(value: JsonObject, kind: string | undefined, apiVersion: string | undefined): string | undefined {
  if (kind === undefined) return 'has no "kind": it is not a Kubernetes object'
  if (apiVersion === undefined) return 'has no "apiVersion": it is not a Kubernetes object'
  if (kind === 'Status' && apiVersion === 'v1')
    return `is an error answer of the API server instead of data: ${textOf(value['message']) ?? textOf(value['reason']) ?? 'no message'}`
  if (kind === 'Table' && apiVersion.startsWith('meta.k8s.io/')) return 'is a table made for printing: save the objects with -o json or -o yaml'
  return undefined
}
