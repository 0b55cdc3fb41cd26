// One answer of `weave report` (GET http://127.0.0.1:6784/report as JSON): the ring of token ranges as one peer sees it.
import { formatRange, type Range, rangeOf, readAddress, readCidr } from '../../net/index.ts'
import { listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import { json } from '../node/evidence-files.ts'

export interface RingEntry {
  readonly range: Range
  readonly peer: string
  readonly nickname: string
  /** False: the answering peer cannot reach it. */
  readonly known: boolean
  readonly version: number
}

export interface WeaveReport {
  /** Folder that the report lies in: the node, when the bundle was made as it should be. */
  readonly folder: string
  readonly peer: string
  readonly nickname: string
  readonly universe: Range
  readonly entries: readonly RingEntry[]
  /** Containers that wait for an address. */
  readonly waiting: number
  /** No ring yet: the peers have not agreed on who owns what. */
  readonly undecided: boolean
  readonly origin: string
}

/** Sources of 2.x write a CIDR, older documentation shows first-last. */
function universeOf(text: string | undefined): Range | undefined {
  const cidr = readCidr(text ?? '')?.value
  if (cidr !== undefined) return rangeOf(cidr)
  const [first, last] = (text ?? '').split('-').map((part) => readAddress(part.trim())?.value)
  return first === undefined || last === undefined || first.family !== last.family || first.value > last.value
    ? undefined
    : { family: first.family, first: first.value, last: last.value }
}

/** An entry owns as many addresses as its size says, from its token on; the last one may wrap and then comes as two. */
function entryOf(entry: unknown, universe: Range): RingEntry | string {
  const token = readAddress(textAt(entry, 'Token') ?? '')?.value
  const size = valueAt(entry, 'Size')
  const peer = textAt(entry, 'Peer')
  if (token === undefined || peer === undefined) return `has an entry without an address and a peer: ${JSON.stringify(entry)}`
  if (!Number.isSafeInteger(size) || (size as number) < 0) return `has an entry of size ${JSON.stringify(size)} at ${textAt(entry, 'Token')}`
  const range: Range = { family: token.family, first: token.value, last: token.value + BigInt(size as number) - 1n }
  if (token.family !== universe.family || range.first < universe.first || range.last > universe.last)
    return `has an entry outside of ${formatRange(universe)}: ${textAt(entry, 'Token')} with ${size} addresses`
  const version = valueAt(entry, 'Version')
  return {
    range,
    peer,
    nickname: textAt(entry, 'Nickname') ?? '',
    known: valueAt(entry, 'IsKnownPeer') !== false,
    version: typeof version === 'number' ? version : 0,
  }
}

/** A text says why it cannot be used. */
export function readWeaveReport(text: string, folder: string, origin: string): WeaveReport | string {
  const value = json(text)
  const peer = textAt(value, 'Router', 'Name')
  if (peer === undefined) return 'is not the JSON answer of `weave report`: it has no Router.Name'
  const universe = universeOf(textAt(value, 'IPAM', 'Range'))
  if (universe === undefined)
    return `IPAM.Range is ${JSON.stringify(valueAt(value, 'IPAM', 'Range')) ?? 'missing'}, not a range: is address allocation off?`
  const entries: RingEntry[] = []
  for (const each of listAt(value, 'IPAM', 'Entries')) {
    const entry = entryOf(each, universe)
    if (typeof entry === 'string') return entry
    if (entry.range.last >= entry.range.first) entries.push(entry)
  }
  return {
    folder,
    peer,
    nickname: textAt(value, 'Router', 'NickName') ?? '',
    universe,
    entries,
    waiting: listAt(value, 'IPAM', 'PendingAllocates').length,
    undecided: entries.length === 0 && valueAt(value, 'IPAM', 'Paxos') !== null && valueAt(value, 'IPAM', 'Paxos') !== undefined,
    origin,
  }
}
