// Reads one list page by page as of one moment; survives an expired list, and refuses every answer that is not the list asked for.
import { setImmediate } from 'node:timers/promises'
import { StartError } from '../../model/errors.ts'
import { parseList } from '../json-list.ts'
import type { Needs } from '../source.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { RequestFailure } from './request-failure.ts'
import { pathOf, type Resource } from './resource.ts'

export interface ListRequest {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly labelSelector: string | undefined
  /** Objects a page. */
  readonly limit: number
  /** As in Source.read. */
  readonly needs?: Needs | undefined
}

/** One page: the list's own head, so that its items can be read like those of a saved list. */
export interface Page {
  readonly list: JsonObject
  readonly count: number
}

export interface ListOutcome {
  /** Objects handed on, those before a restart not counted. */
  readonly read: number
  /** What ended it before its end. */
  readonly failure: RequestFailure | undefined
  /** False: the rest was read as of a later moment. */
  readonly consistent: boolean
}

const MAX_PAGES = 10_000
const MAX_RESTARTS = 2
/** A server may send a page without items when a selector leaves none, but not for ever. */
const MAX_EMPTY_PAGES = 5

/** @throws nothing but faults of this program and of `accept` */
export async function listPages(client: Client, request: ListRequest, accept: (page: Page) => void): Promise<ListOutcome> {
  const { needs } = request
  const parse = needs && ((body: Buffer) => parseList(body, needs))
  let consistent = true
  let restarts = 0
  let read = 0
  let token: string | undefined
  let empty = 0
  let seen = new Set<string>()
  for (let pages = 0; ; pages++) {
    let page: { readonly items: readonly unknown[]; readonly list: JsonObject; readonly next: string | undefined }
    try {
      if (pages >= MAX_PAGES) throw new RequestFailure(`the list did not end after ${MAX_PAGES} pages`)
      page = readPage(await client.getJson(pagePath(request, token), undefined, parse), request.resource)
      empty = page.items.length === 0 ? empty + 1 : 0
      if (page.next !== undefined && (seen.has(page.next) || empty >= MAX_EMPTY_PAGES))
        throw new RequestFailure('the server sends the same pages again and again')
    } catch (cause) {
      if (cause instanceof StartError) return { read, failure: new RequestFailure(cause.message), consistent } // credentials that cannot be renewed in mid-list
      if (!(cause instanceof RequestFailure)) throw cause
      const expired = cause.facts.status === 410 && token !== undefined
      if (expired && restarts < MAX_RESTARTS) {
        restarts++
        read = 0
        token = undefined
        seen = new Set()
        continue
      }
      if (expired && consistent && cause.facts.continueToken !== undefined) {
        consistent = false
        token = cause.facts.continueToken
        continue
      }
      return { read, failure: cause, consistent }
    }
    read += page.items.length
    accept({ list: page.list, count: page.items.length })
    if (page.next === undefined) return { read, failure: undefined, consistent }
    seen.add(page.next)
    token = page.next
    await setImmediate() // signals and timers get their turn between two pages
  }
}

function pagePath({ resource, namespace, labelSelector, limit }: ListRequest, token: string | undefined): string {
  const query = new URLSearchParams({ limit: String(limit) })
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector)
  if (token !== undefined) query.set('continue', token)
  return `${pathOf(resource, namespace)}?${query}`
}

/** Groups whose lists are named after their kind; a custom resource may name its list otherwise. */
const isBuiltIn = (group: string): boolean => !group.includes('.') || group.endsWith('.k8s.io')

function readPage(body: unknown, { kind, group, plural }: Resource) {
  const refuse = (what: string): never => {
    throw new RequestFailure(`the answer is not a list of ${plural}: ${what}`)
  }
  if (!isJsonObject(body)) return refuse(Array.isArray(body) ? 'it is a bare array' : 'it is no object')
  const listKind = body['kind']
  if (typeof listKind !== 'string') return refuse('it has no kind')
  if (isBuiltIn(group) ? listKind !== `${kind}List` : !listKind.endsWith('List'))
    return refuse(`its kind is ${JSON.stringify(listKind.slice(0, 100))}`)
  const metadata = isJsonObject(body['metadata']) ? body['metadata'] : {}
  const next = typeof metadata['continue'] === 'string' && metadata['continue'] !== '' ? metadata['continue'] : undefined
  const items = body['items']
  // Go writes null for an empty list; with more to come it is a fault.
  if (!Array.isArray(items) && (items !== null || next !== undefined))
    return refuse(items === null ? '"items" is null though more is to come' : `"items" is ${items === undefined ? 'missing' : 'not an array'}`)
  const found: readonly unknown[] = Array.isArray(items) ? items : []
  return { items: found, list: { apiVersion: body['apiVersion'], kind: `${kind}List`, items: found }, next }
}
