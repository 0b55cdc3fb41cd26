// What one address is: held, held twice, shared, leaked or written down; what nobody holds is told in unheld-verdict.ts.
import type { Finding } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isTerminal } from '../model/pod-state.ts'
import { formatAddress } from '../net/index.ts'
import type { Holder, Mention, Verdict } from './explanation.ts'
import { shortId } from './file-mentions.ts'
import { nameOf } from './mentions.ts'
import { type AddressFacts, unheldVerdict, verdict } from './unheld-verdict.ts'
import { counted, distinct, listed, placed, pointer, sameHolder } from './wording.ts'

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
    const owner = holder === undefined || holder.id === '' ? 'nobody by name' : `${shortId(holder.id)}, of whom nothing more is known`
    return verdict('recorded', `${text} is taken by ${by} for ${owner}; no pod shows it${pointer(failing)}`)
  }
  return verdict(
    'recorded',
    `${text} is recorded by ${by} for ${placed(holder)}${whyUnshown(facts, { holder, system: first.source })}${pointer(failing)}`,
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
