// What one pod is: running with its address, with one that somebody else has too, waiting for one and why, finished, or gone.
import { isTerminal } from '../model/pod-state.ts'
import { formatAddress } from '../net/index.ts'
import type { PodFacts } from './explain-pod.ts'
import type { Holder, Verdict } from './explanation.ts'
import { counted, distinct, listed, placed, pointer } from './wording.ts'

const isSelf = (id: string, holder: Holder | undefined): boolean => holder?.kind === 'pod' && holder.id === id

/** Sources that give the pod's own address to the pod, of those that name anybody. */
function agreement({ id, mentions, pod }: PodFacts): string {
  const own = new Set(pod?.addresses.map(formatAddress))
  const naming = mentions.filter(({ address, holder, weight }) => holder !== undefined && weight !== 'past' && own.has(formatAddress(address)))
  const sources = new Set(naming.map(({ source }) => source))
  const agreeing = new Set(naming.filter(({ holder }) => isSelf(id, holder)).map(({ source }) => source))
  return `as ${agreeing.size} of ${counted(sources.size, 'source')} ${agreeing.size === 1 ? 'says' : 'say'}`
}

function goneVerdict({ inventory, id, mentions, failing }: PodFacts): Verdict {
  const left = listed([
    ...new Set(mentions.filter(({ holder }) => isSelf(id, holder)).map(({ source, address }) => `${source} keeps ${formatAddress(address)} for it`)),
  ])
  const whole = inventory.coverage.some(({ source, status }) => source === 'pods' && status === 'complete')
  const text = whole ? `there is no pod ${id}` : `pod ${id} is not among the pods that were read, and not all were`
  return { state: whole ? 'gone' : 'unknown', text: `${text}${left === '' ? '' : `, and ${left}`}${pointer(failing)}` }
}

export function podVerdict(facts: PodFacts): Verdict {
  const { inventory, id, pod, mentions, cause, failing } = facts
  if (pod === undefined) return goneVerdict(facts)
  const place = pod.node === undefined ? '' : ` on ${pod.node}`
  const shown = [...pod.addresses, ...pod.interfaces.flatMap(({ addresses }) => addresses)].map(formatAddress)
  if (pod.hostNetwork)
    return {
      state: 'host-network',
      text: `pod ${id} is on the host network and uses the addresses of its node ${pod.node ?? ''}${shown.length === 0 ? '' : `, ${listed(shown)}`}`,
    }
  if (isTerminal(pod)) {
    const kept = [
      ...new Set(
        mentions
          .filter(({ holder, weight }) => weight === 'recorded' && isSelf(id, holder))
          .map(({ source, address }) => `${source} still keeps ${formatAddress(address)} for it`),
      ),
    ]
    return {
      state: 'finished',
      text: `pod ${id} has finished (${pod.phase})${kept.length === 0 ? ' and holds no address any more' : `, and ${listed(kept)}`}${pointer(failing)}`,
    }
  }
  if (pod.addresses.length === 0 && cause !== undefined) {
    if (cause.young) return { state: 'waiting', text: `pod ${id} is starting${place}: it was scheduled a moment ago and shows no address yet` }
    const only = pod.interfaces.length === 0 ? 'no address' : 'no address on the default network'
    if (cause.because !== undefined)
      return {
        state: 'waiting',
        text: `pod ${id} has ${only}: ContainerCreating${place}, because ${cause.because}`.replace(
          /: ContainerCreating, because it is on no node/,
          ': it is on no node',
        ),
      }
    const blind = inventory.coverage.some(({ source }) => source === 'events') ? '' : '; events were not given'
    return { state: 'waiting', text: `pod ${id} has ${only}${place}, and nothing that was read says why${blind}${pointer(failing)}` }
  }
  const duplicate = failing.some(({ rule }) => rule.startsWith('DUP-'))
  const rivals = distinct(
    mentions.flatMap(({ holder, weight }) =>
      holder !== undefined && weight !== 'past' && weight !== 'named' && holder.kind !== 'unknown' && !isSelf(id, holder) ? [holder] : [],
    ),
  )
  if (duplicate && rivals.length > 0)
    return { state: 'duplicate', text: `pod ${id}${place} shares ${listed(shown)} with ${listed(rivals.map(placed))}` }
  const ending = pod.deletedAt === undefined ? '' : ', is terminating'
  return { state: 'running', text: `pod ${id} has ${listed(shown)}${place}${ending}, ${agreement(facts)}${pointer(failing)}` }
}
