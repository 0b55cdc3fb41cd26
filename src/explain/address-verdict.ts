// What one address is: held, held twice, leaked, written down, kept free, free, or nobody's.
import { usesNodeRanges } from '../model/detect-mode.ts'
import type { Finding } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isTerminal } from '../model/pod-state.ts'
import { type Address, formatAddress, formatRange, holds, rangeSet } from '../net/index.ts'
import type { Holder, Mention, RangeRow, State, Verdict } from './explanation.ts'
import { nameOf } from './mentions.ts'
import { counted, distinct, listed, placed, pointer, sameHolder } from './wording.ts'

export interface AddressFacts {
  readonly inventory: Inventory
  readonly address: Address
  readonly mentions: readonly Mention[]
  readonly ranges: readonly RangeRow[]
  /** Those that concern it and make a run fail. */
  readonly failing: readonly Finding[]
  /** Lists that were not read whole. */
  readonly unread: readonly string[]
}

const verdict = (state: State, text: string): Verdict => ({ state, text })

const ofClass = (findings: readonly Finding[], letters: string): Finding | undefined => findings.find(({ rule }) => rule.startsWith(`${letters}-`))

/** A finding tells it best; most begin with the address itself. */
const tell = (text: string, what: string, { message }: Finding): string => (message.startsWith(`${text} `) ? message : `${text} ${what}: ${message}`)

const times = (count: number): string => (count === 2 ? 'twice' : `${count} times`)

/** Somebody else than an id that only its store knows. */
const isNamed = (holder: Holder | undefined): holder is Holder => holder !== undefined && holder.kind !== 'unknown'

/** "as 3 of 3 sources say", and who says otherwise. */
function agreement(mentions: readonly Mention[], holder: Holder): string {
  const naming = mentions.filter((mention) => mention.weight !== 'past' && mention.holder !== undefined)
  const sources = [...new Set(naming.map(({ source }) => source))]
  const agreeing = sources.filter((source) => naming.some((mention) => mention.source === source && sameHolder(mention.holder as Holder, holder)))
  const others = naming.filter((mention) => !agreeing.includes(mention.source))
  const dissent = listed([...new Set(others.map(({ source, holder: other }) => `${source} names ${nameOf(other as Holder)}`))], 3)
  return `as ${agreeing.length} of ${counted(sources.length, 'source')} ${agreeing.length === 1 ? 'says' : 'say'}${dissent === '' ? '' : `; ${dissent}`}`
}

const condition = ({ pods }: Inventory, { kind, id }: Holder): string =>
  kind === 'pod' && pods.some((pod) => `${pod.namespace}/${pod.name}` === id && pod.deletedAt !== undefined && !isTerminal(pod))
    ? ', which is terminating'
    : ''

function heldVerdict(facts: AddressFacts, shown: readonly Holder[], text: string): Verdict {
  const { mentions, failing, inventory } = facts
  const [first] = shown
  const duplicate = ofClass(failing, 'DUP')
  if (shown.length > 1) {
    const who = listed(shown.map((holder) => `${placed(holder)}${condition(inventory, holder)}`))
    if (duplicate !== undefined) return verdict('duplicate', `${text} is held ${times(shown.length)}: by ${who}`)
    const domains = new Set(mentions.filter(({ weight }) => weight === 'shown').map(({ domain }) => domain))
    return verdict(
      'shared',
      `${text} is used by ${who}${domains.size > 1 ? ', on networks that do not meet' : ', which is no fault'}${pointer(failing)}`,
    )
  }
  const holder = first as Holder
  const recorded = distinct(mentions.flatMap((mention) => (mention.weight === 'recorded' && isNamed(mention.holder) ? [mention.holder] : [])))
  const rivals = recorded.filter((other) => !sameHolder(other, holder))
  if (duplicate !== undefined && rivals.length > 0)
    return verdict('duplicate', `${text} is held twice: by ${placed(holder)}, and recorded for ${listed(rivals.map(placed))}`)
  return verdict('held', `${text} is held by ${placed(holder)}${condition(inventory, holder)}, ${agreement(mentions, holder)}${pointer(failing)}`)
}

function whyUnshown({ inventory, unread }: AddressFacts, { holder, system }: { holder: Holder; system: string }): string {
  if (holder.kind !== 'pod') return ''
  const pod = inventory.podOf(holder.id)
  if (pod === undefined) {
    const known = inventory.coverage.some(({ source, status }) => source === 'pods' && status === 'complete') && unread.length === 0
    return known ? ', and there is no such pod' : '; whether there is such a pod is not known, for the pods were not read whole'
  }
  if (isTerminal(pod)) return `, which has finished (${pod.phase})`
  if (pod.addresses.length === 0) return ', which shows no address yet'
  const other = listed(pod.addresses.map(formatAddress))
  return `, which shows ${other}${system === '' ? '' : ' instead'}`
}

/** Nobody shows it, and somebody wrote it down. */
function recordedVerdict(facts: AddressFacts, recorded: readonly Mention[], text: string): Verdict {
  const { failing } = facts
  const duplicate = ofClass(failing, 'DUP')
  const holders = distinct(recorded.flatMap(({ holder }) => holder ?? []))
  if (duplicate !== undefined && holders.length > 1)
    return verdict('duplicate', `${text} is given ${times(holders.length)}: to ${listed(holders.map(placed))}`)
  const leak = ofClass(failing, 'LEAK')
  if (leak !== undefined) return verdict('leaked', tell(text, 'is taken by nobody', leak))
  const [first] = recorded as readonly [Mention, ...Mention[]]
  const infrastructure = recorded.find(({ holder }) => holder?.kind === 'node' || holder?.kind === 'service' || holder?.kind === 'machine')
  if (infrastructure?.holder !== undefined) {
    return verdict('held', `${text} is held by ${placed(infrastructure.holder)}, ${agreement(recorded, infrastructure.holder)}${pointer(failing)}`)
  }
  const by = listed([...new Set(recorded.map(({ source }) => source))])
  const holder = first.holder
  if (holder === undefined || holder.kind === 'unknown') {
    const owner = holder === undefined || holder.id === '' ? 'nobody by name' : `${holder.id.slice(0, 64)}, of whom nothing more is known`
    return verdict('recorded', `${text} is taken by ${by} for ${owner}; no pod shows it${pointer(failing)}`)
  }
  return verdict(
    'recorded',
    `${text} is recorded by ${by} for ${placed(holder)}${whyUnshown(facts, { holder, system: first.source })}${pointer(failing)}`,
  )
}

const RESERVED_WHY = /gateway/i

function unheldVerdict(facts: AddressFacts, past: readonly Mention[], text: string): Verdict {
  const { ranges, inventory, address, unread, failing } = facts
  const reservation = ranges.find(({ kind }) => kind === 'reservation')
  if (reservation !== undefined)
    return verdict(
      'reserved',
      `${text} is kept free: ${reservation.name}${RESERVED_WHY.test(reservation.name) ? '' : ` (${reservation.system})`}${pointer(failing)}`,
    )
  const gateway = gatewayOf(inventory, address)
  if (gateway !== undefined) return verdict('reserved', `${text} is the gateway of network ${gateway}, which is never handed out${pointer(failing)}`)
  const givers = ranges.filter((row) => row.kind === 'pool' || row.kind === 'block')
  if (givers.length === 0) return nobodyVerdict(facts, text)
  const withheld = inventory.pools.find((pool) => holds(rangeSet(pool.withheld ?? []), address))
  if (withheld !== undefined)
    return verdict('reserved', `${text} is withheld by pool ${withheld.name} (${withheld.system}) at present${pointer(failing)}`)
  const narrow = inventory.pools.find((pool) => pool.handedOut !== undefined && holds(rangeSet(pool.ranges), address))
  if (narrow !== undefined && !holds(rangeSet(narrow.handedOut ?? []), address))
    return verdict('reserved', `${text} lies in pool ${narrow.name} (${narrow.system}), outside of what it hands out${pointer(failing)}`)
  const before = past.length === 0 ? '' : `; ${listed(distinct(past.flatMap(({ holder }) => holder ?? [])).map(nameOf))} had it and has finished`
  const place = `in ${listed(innermost(givers).map((row) => placeOf(row, usesNodeRanges(inventory.mode))))}`
  if (unread.length > 0)
    return verdict('unknown', `${text} is held by nobody as far as could be read, ${place}; ${listed(unread, 3)} could not be read whole`)
  const nodes = givers.flatMap(({ node }) => node ?? [])
  const unseen = usesNodeRanges(inventory.mode) ? [...new Set(nodes)].filter((node) => !hasFiles(inventory, node)) : []
  if (unseen.length > 0)
    return verdict(
      'unknown',
      `${text} is shown by no pod, ${place}; whether a file on ${listed(unseen)} holds it is not known, for none was read${before}${pointer(failing)}`,
    )
  const blind = inventory.coverage.some(({ source, read }) => source === 'pods' && read > 0) ? '' : '; pods were not given'
  return verdict('free', `${text} is free ${place}${before}${blind}${pointer(failing)}`)
}

const hasFiles = ({ stateOf }: Inventory, node: string): boolean => (stateOf.get(node)?.directories.length ?? 0) > 0

/** Ranges come the largest first; of equal ones each is told. */
function innermost(rows: readonly RangeRow[]): readonly RangeRow[] {
  const last = rows.at(-1)
  const smallest = rows.filter(({ range }) => last !== undefined && range.first === last.range.first && range.last === last.range.last)
  const blocks = smallest.filter(({ kind }) => kind === 'block')
  return blocks.length > 0 ? blocks : smallest
}

function placeOf({ kind, system, name, node, range }: RangeRow, ofNodes: boolean): string {
  const text = formatRange(range)
  if (node !== undefined && (ofNodes || kind === 'pool')) return `the range of node ${node}, ${text}`
  return kind === 'block' ? `block ${text}${node === undefined ? '' : ` of node ${node}`} (${system})` : `pool ${name} (${system}, ${text})`
}

function gatewayOf({ nodeStates }: Inventory, { family, value }: Address): string | undefined {
  for (const { node, networks } of nodeStates)
    for (const { name, ranges } of networks)
      if (ranges.some(({ gateway }) => gateway.family === family && gateway.value === value)) return `${name} on ${node}`
  return undefined
}

function nobodyVerdict({ ranges, unread, failing, inventory }: AddressFacts, text: string): Verdict {
  const tail = unread.length === 0 ? '' : `; ${listed(unread, 3)} could not be read whole`
  const outside = ranges.filter(({ kind }) => kind === 'outside' || kind === 'subnet')
  if (outside.length > 0) {
    const names = listed(outside.map(({ kind, name, range }) => `${kind === 'subnet' ? 'cloud subnet' : 'network'} ${name} (${formatRange(range)})`))
    return verdict('outside', `${text} belongs to ${names}, outside of what the cluster hands out${tail}${pointer(failing)}`)
  }
  const stated = ranges.filter(({ kind }) => kind === 'declared' || kind === 'attachment')
  if (stated.length > 0) {
    const names = listed(stated.map(({ kind, name, range }) => `${kind === 'declared' ? `the range for ${name}` : name}, ${formatRange(range)}`))
    return verdict('unknown', `${text} lies in ${names}, and no pool or node range that was read holds it${tail}${pointer(failing)}`)
  }
  const special = ranges.find(({ kind, name }) => kind === 'special use' && name !== 'public address space')
  const use = special === undefined ? '' : `; ${formatRange(special.range)} is ${special.name}`
  const known = inventory.pools.length + inventory.blocks.length > 0
  return verdict(
    'nobody',
    `nobody hands out ${text}: it is in no known range${known ? '' : ', for the input holds none'}${use}${tail}${pointer(failing)}`,
  )
}

export function addressVerdict(facts: AddressFacts): Verdict {
  const text = formatAddress(facts.address)
  const { mentions } = facts
  const shown = distinct(mentions.flatMap(({ weight, holder }) => (weight === 'shown' && holder !== undefined ? [holder] : [])))
  if (shown.length > 0) return heldVerdict(facts, shown, text)
  const recorded = mentions.filter(({ weight }) => weight === 'recorded')
  if (recorded.length > 0) return recordedVerdict(facts, recorded, text)
  return unheldVerdict(
    facts,
    mentions.filter(({ weight }) => weight === 'past'),
    text,
  )
}
