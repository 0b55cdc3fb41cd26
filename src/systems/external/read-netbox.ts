// Prefixes from NetBox's API (`/api/ipam/prefixes/`), a page of results or a bare list of them.
import { listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import { type ExternalSink, nameOr } from './external-reading.ts'
import { registerFacts } from './read-table.ts'

/** undefined for what is something else. */
function resultsOf(value: unknown): readonly unknown[] | undefined {
  const list = Array.isArray(value) ? value : valueAt(value, 'results')
  return Array.isArray(list) && list.every((entry) => textAt(entry, 'prefix') !== undefined) && list.length > 0 ? list : undefined
}

export const isNetBoxJson = (value: unknown): boolean => resultsOf(value) !== undefined

export function readNetBox(value: unknown, sink: ExternalSink): void {
  const results = resultsOf(value) ?? listAt(value, 'results')
  for (const entry of results) {
    const prefix = textAt(entry, 'prefix') ?? ''
    const status = textAt(entry, 'status', 'value') ?? textAt(entry, 'status')
    if (status === 'container') continue
    const role = textAt(entry, 'role', 'name') ?? textAt(entry, 'role', 'display') ?? ''
    const vrf = textAt(entry, 'vrf', 'name') ?? textAt(entry, 'vrf', 'display') ?? ''
    sink.network(undefined, prefix, registerFacts(nameOr(textAt(entry, 'description'), prefix), role, vrf))
  }
  if (typeof valueAt(value, 'next') === 'string')
    sink.problem(undefined, `it is only one page of the list ("next" is set, "count" is ${valueAt(value, 'count')}); export it with ?limit=0`)
}
