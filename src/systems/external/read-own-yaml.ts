// The project's own list, YAML or JSON: networks, connected clusters, and who this cluster is.
import { isCollection, isNode, LineCounter, parseDocument, YAMLError } from 'yaml'
import { fieldsOf, valueAt } from '../kubernetes/fields.ts'
import { type EntryFacts, type ExternalSink, nameOr } from './external-reading.ts'

/** Written by people, who nest three levels. Deeper text makes the parser slow, and near the end of the stack V8 aborts the process. */
const DEEPEST = 30
const LARGEST = 4 << 20

const NETWORK_KEYS = ['name', 'cidr', 'range', 'kind', 'reachable', 'unreachable', 'viaNat', 'note']
const CLUSTER_KEYS = ['name', 'link', 'clusterId', 'pods', 'nodes', 'services', 'reachable', 'unreachable', 'viaNat', 'note']
const SELF_KEYS = ['name', 'clusterId', 'note']
const TOP_KEYS = ['apiVersion', 'kind', 'networks', 'clusters', 'self']

type Line = (...path: readonly (string | number)[]) => number | undefined

export function readOwnYaml(text: string, sink: ExternalSink): void {
  const refusal =
    text.length > LARGEST
      ? `it has more than ${LARGEST >> 20} MiB of YAML; export large registers as CSV`
      : isDeep(text)
        ? `it is nested more than ${DEEPEST} levels deep`
        : undefined
  if (refusal !== undefined) {
    sink.problem(undefined, refusal)
    return
  }
  try {
    const lines = new LineCounter()
    const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, logLevel: 'error' })
    for (const { pos, message } of document.errors.slice(0, 1)) sink.problem(lines.linePos(pos[0]).line, `it is not YAML: ${message}`)
    if (document.errors.length > 0) return
    const line: Line = (...path) => {
      const node = path.length === 0 ? document.contents : isCollection(document.contents) ? document.contents.getIn(path, true) : undefined
      return isNode(node) && node.range ? lines.linePos(node.range[0]).line : undefined
    }
    readTop(document.toJS({ maxAliasCount: 100 }), line, sink)
  } catch (cause) {
    if (!(cause instanceof ReferenceError || cause instanceof YAMLError)) throw cause
    sink.problem(undefined, `it is not YAML: ${cause.message}`)
  }
}

function isDeep(text: string): boolean {
  let open = 0
  for (const [mark] of text.matchAll(/[[\]{}]|^ {200}|(?:^|\n)[ ]*(?:[-?] ){30}/g)) {
    if (mark.length > 1) return true
    open += mark === '[' || mark === '{' ? 1 : -1
    if (open > DEEPEST) return true
  }
  return false
}

function readTop(value: unknown, line: Line, sink: ExternalSink): void {
  if (Array.isArray(value)) {
    for (const [i, entry] of value.entries()) readEntry(entry, (...rest) => line(i, ...rest) ?? line(i), sink)
    return
  }
  if (typeof value !== 'object' || value === null) {
    sink.problem(line(), 'it holds no list; write "networks:" with entries of name and cidr below it')
    return
  }
  checkKeys(value, TOP_KEYS, line, sink)
  for (const key of ['networks', 'clusters'] as const) {
    const list = valueAt(value, key)
    if (Array.isArray(list)) {
      list.forEach((entry, i) => {
        const at: Line = (...rest) => line(key, i, ...rest) ?? line(key, i)
        if (key === 'networks') readEntry(entry, at, sink)
        else readCluster(entry, at, sink)
      })
    } else if (list !== undefined && list !== null) sink.problem(line(key), `${key} must be a list of entries`)
  }
  const self = valueAt(value, 'self')
  if (self !== undefined) {
    checkKeys(self, SELF_KEYS, (...rest) => line('self', ...rest), sink)
    sink.cluster(line('self'), identityOf(self))
  }
}

const readEntry = (entry: unknown, at: Line, sink: ExternalSink): void =>
  valueAt(entry, 'link') === undefined ? readNetwork(entry, at, sink) : readCluster(entry, at, sink)

function checkKeys(value: unknown, keys: readonly string[], at: Line, sink: ExternalSink): void {
  for (const key of Object.keys(fieldsOf(value)))
    if (!keys.includes(key)) sink.problem(at(key), `unknown key ${JSON.stringify(key)}; known are ${keys.join(', ')}`)
}

/** A text or a list of texts. */
function texts(entry: unknown, key: string, at: Line, sink: ExternalSink): readonly string[] {
  const value = valueAt(entry, key)
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return list.flatMap((item) => {
    if (typeof item === 'string') return [item]
    sink.problem(at(key), `${key} is ${JSON.stringify(item)}; write text like "10.8.0.0/16"`)
    return []
  })
}

function isReachable(entry: unknown, at: Line, sink: ExternalSink): boolean {
  const flag = (key: string, otherwise: boolean): boolean => {
    const value = valueAt(entry, key)
    if (value === undefined) return otherwise
    if (typeof value !== 'boolean') sink.problem(at(key), `${key} is ${JSON.stringify(value)}; write true or false`)
    return value === true
  }
  const [hidden, translated, reachable] = [flag('unreachable', false), flag('viaNat', false), flag('reachable', true)]
  return reachable && !hidden && !translated
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined)

function readNetwork(entry: unknown, at: Line, sink: ExternalSink): void {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    if (typeof entry === 'string') sink.network(at(), entry, { name: entry, reachable: true })
    else sink.problem(at(), `${JSON.stringify(entry)} is no entry; write {name: ..., cidr: ...}`)
    return
  }
  checkKeys(entry, NETWORK_KEYS, at, sink)
  const what = textOf(valueAt(entry, 'kind'))
  const reachable = isReachable(entry, at, sink)
  const ranges = (['cidr', 'range'] as const).flatMap((key) => texts(entry, key, at, sink).map((text) => ({ key, text })))
  if (ranges.length === 0) sink.problem(at(), 'there is no address; write "cidr" or "range"')
  if (what?.toLowerCase() === 'own') return
  for (const { key, text } of ranges)
    sink.network(at(key), text, { name: nameOr(textOf(valueAt(entry, 'name')), text), reachable, ...(what === undefined ? {} : { what }) })
}

const identityOf = (entry: unknown): { name?: string; id?: string } => {
  const [name, id] = [textOf(valueAt(entry, 'name')), textOf(valueAt(entry, 'clusterId'))]
  return { ...(name === undefined ? {} : { name }), ...(id === undefined ? {} : { id }) }
}

function readCluster(entry: unknown, at: Line, sink: ExternalSink): void {
  const name = textOf(valueAt(entry, 'name'))
  const link = valueAt(entry, 'link')
  if (name === undefined) sink.problem(at(), 'there is a cluster without a name')
  if (link !== 'mesh' && link !== 'routed') sink.problem(at('link'), `link is ${JSON.stringify(link) ?? 'missing'}; write mesh or routed`)
  checkKeys(entry, CLUSTER_KEYS, at, sink)
  if (name === undefined || (link !== 'mesh' && link !== 'routed')) return
  const reachable = isReachable(entry, at, sink)
  for (const role of ['pods', 'nodes', 'services'] as const) {
    const facts: EntryFacts = { name: `${role} of cluster ${name}`, kind: 'connected-cluster', reachable, cluster: { name, role, link } }
    for (const text of texts(entry, role, at, sink)) sink.network(at(role), text, facts)
  }
  sink.cluster(at(), { ...identityOf(entry), link })
}
