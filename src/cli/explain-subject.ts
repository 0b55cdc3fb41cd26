// What `ipam explain` is asked about: text -> an address, a range, a pod or a node of what was read.

import { knownNode, knownPod } from '../explain/explain.ts'
import type { Subject } from '../explain/explanation.ts'
import { SourceError, UsageError } from '../model/errors.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { podId } from '../model/pod-state.ts'
import { parseRange, rangeOf, readAddress, readCidr } from '../net/index.ts'
import { didYouMean } from './did-you-mean.ts'

/** A subject that needs nothing that was read, or a name that does. */
export type Asked =
  | { readonly subject: Subject; readonly note: string | undefined }
  | { readonly kind: 'pod' | 'node' | 'name'; readonly namespace: string | undefined; readonly name: string }

const KINDS: Readonly<Record<string, 'pod' | 'node' | 'address'>> = {
  ...{ pod: 'pod', pods: 'pod', po: 'pod' },
  ...{ node: 'node', nodes: 'node', no: 'node' },
  ...{ address: 'address', ip: 'address' },
}

const USE = 'write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'

function addressOrRange(text: string): Asked | undefined {
  const told = (oddity: string | undefined, shown: string) =>
    oddity === undefined ? undefined : `${JSON.stringify(text)} was read as ${shown}: ${oddity}`
  const address = readAddress(text)
  if (address !== undefined) return { subject: { kind: 'address', address: address.value }, note: told(address.oddity, 'an address') }
  const cidr = readCidr(text)
  if (cidr !== undefined) return { subject: single(rangeOf(cidr.value)), note: told(cidr.oddity, 'a network') }
  if (!/^[\d.]+ *- *[\d.]+$|^[\da-f:]+ *- *[\da-f:]+$/i.test(text) || !/[.:]/.test(text)) return undefined
  try {
    return { subject: single(parseRange(text)), note: undefined }
  } catch {
    return undefined
  }
}

const single = (range: ReturnType<typeof parseRange>): Subject =>
  range.first === range.last ? { kind: 'address', address: { family: range.family, value: range.first } } : { kind: 'range', range }

/** @throws UsageError for text that can name nothing */
export function parseSubject(text: string, namespace: string | undefined): Asked {
  const given = text.trim()
  const plain = addressOrRange(given)
  if (plain !== undefined) return plain
  const parts = given.split('/')
  const kind = parts.length > 1 ? KINDS[parts[0] as string] : undefined
  const names = kind === undefined ? parts : parts.slice(1)
  if (names.some((name) => name === '')) throw new UsageError(`${JSON.stringify(text)} names nothing; ${USE}`)
  if (kind === 'address') {
    const address = addressOrRange(names.join('/'))
    if (address === undefined) throw new UsageError(`${JSON.stringify(text)} is no address; ${USE}`)
    return address
  }
  const [first = '', second] = names
  if (names.length > 2 || (kind === 'node' && second !== undefined)) throw new UsageError(`${JSON.stringify(text)} has too many parts; ${USE}`)
  if (second === undefined) return { kind: kind ?? 'name', namespace: kind === 'node' ? undefined : namespace, name: first }
  if (namespace !== undefined && namespace !== first)
    throw new UsageError(`-n ${namespace} and ${JSON.stringify(text)} name two namespaces; leave one of them out`)
  return { kind: 'pod', namespace: first, name: second }
}

function podsNamed(inventory: Inventory, namespace: string | undefined, name: string): string[] {
  if (namespace !== undefined) return knownPod(inventory, `${namespace}/${name}`) ? [`${namespace}/${name}`] : []
  const ending = `/${name}`
  const ids = new Set(inventory.pods.flatMap((pod) => (pod.name === name ? [podId(pod)] : [])))
  for (const { owner } of inventory.allocations) if (owner.kind === 'pod' && owner.id.endsWith(ending)) ids.add(owner.id)
  return [...ids].sort()
}

/** Lists that could hold the subject and were not read whole, or not given at all. */
const missing = ({ coverage }: Inventory, lists: readonly string[]): string[] =>
  lists.filter((list) => !coverage.some(({ source, status }) => source === list && status === 'complete'))

function unknown(inventory: Inventory, asked: Extract<Asked, { name: string }>): never {
  const { kind, namespace, name } = asked
  const lists = kind === 'name' ? ['nodes', 'pods'] : [`${kind}s`]
  const what =
    kind === 'name'
      ? `nothing called ${JSON.stringify(name)}`
      : `no ${kind} ${JSON.stringify(namespace === undefined ? name : `${namespace}/${name}`)}`
  const holes = missing(inventory, lists)
  if (holes.length > 0)
    throw new SourceError(`${what} in what was read, and it may be there all the same: ${holes.join(' and ')} could not be read, or were not given`)
  const pods = inventory.pods.filter((pod) => namespace === undefined || pod.namespace === namespace)
  const nearNode = kind === 'pod' ? undefined : didYouMean(name, [...inventory.nodeOf.keys()])
  const nearPod = kind === 'node' || nearNode !== undefined ? undefined : didYouMean(name, [...new Set(pods.map((pod) => pod.name))])
  const pod = pods.find((one) => one.name === nearPod)
  const near = nearNode !== undefined ? `node/${nearNode}` : pod === undefined ? undefined : `pod/${podId(pod)}`
  throw new UsageError(`${what} in any source${near === undefined ? `; ${USE}` : `; did you mean ${near}?`}`)
}

/**
 * @throws UsageError where nothing, or more than one thing, has the name
 * @throws SourceError where nothing has it and not everything was read
 */
export function resolveSubject(asked: Asked, inventory: Inventory): Subject {
  if ('subject' in asked) return asked.subject
  const { kind, namespace, name } = asked
  const pods = kind === 'node' ? [] : podsNamed(inventory, namespace, name)
  const found: [string, Subject][] = [
    ...(kind !== 'pod' && knownNode(inventory, name) ? [[`node/${name}`, { kind: 'node', name }] as [string, Subject]] : []),
    ...pods.map((id): [string, Subject] => [`pod/${id}`, { kind: 'pod', id }]),
  ]
  const [first, ...others] = found
  if (first === undefined) return unknown(inventory, asked)
  if (others.length > 0) {
    const spellings = found.slice(0, 10).map(([text]) => text)
    throw new UsageError(
      `${JSON.stringify(name)} can be ${spellings.join(' or ')}${found.length > 10 ? ` or ${found.length - 10} more` : ''}; write which`,
    )
  }
  return first[1]
}
