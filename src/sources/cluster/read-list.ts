// Reads one kind and says in coverage what became of it: complete, partial, forbidden, not served, failed.
import type { Coverage } from '../../model/inventory.ts'
import type { ObjectDocument } from '../source.ts'
import { unwrapLists } from '../unwrap-lists.ts'
import type { Client } from './client.ts'
import { isBuiltIn, type ListOutcome, type ListRequest, listPages } from './list-pages.ts'
import { missingRule } from './resource.ts'

export interface ListReading extends ListRequest {
  /** Name in coverage. */
  readonly source: string
  readonly origin: string
  /** Why the list is not all there is even when it was read to its end. */
  readonly narrowed: string | undefined
}

export async function readList(
  client: Client,
  request: ListReading,
  accept: (document: ObjectDocument) => void,
  onPage: (read: number) => void = () => {},
): Promise<Coverage> {
  const unwrapper = unwrapLists(request.origin, (document) => {
    if (document.type === 'object') accept(document)
  })
  let total = 0
  const outcome = await listPages(client, request, ({ list, count }) => {
    unwrapper.whole(list, 'the list')
    total += count
    onPage(total)
  })
  return { source: request.source, read: outcome.read, ...judge(outcome, request, unwrapper.problems()) }
}

function judge({ failure, read, consistent }: ListOutcome, request: ListReading, problems: readonly string[]): Pick<Coverage, 'status' | 'error'> {
  if (failure?.facts.status === 403) return { status: read > 0 ? 'partial' : 'forbidden', error: missingRule(request.resource) }
  if (failure?.facts.status === 404 && read === 0)
    return isBuiltIn(request.resource.group)
      ? { status: 'failed', error: 'the server offers this list and does not find it (404): is its address right, or does a proxy stand in between?' }
      : { status: 'absent', error: 'not served by this cluster (404)' }
  const reasons = [
    ...(failure === undefined ? [] : [`${failure.message}${read > 0 ? ` (after ${read} objects)` : ''}`]),
    ...(consistent ? [] : ['the list expired while it was read: its end is of a later moment than its beginning']),
    ...problems,
    ...(request.narrowed === undefined ? [] : [request.narrowed]),
  ]
  if (reasons.length === 0) return { status: 'complete', error: null }
  return { status: failure !== undefined && read === 0 ? 'failed' : 'partial', error: reasons.join('; ') }
}
