// Suspects are looked at once more before they are reported: a scan is no snapshot, and what is gone by now was churn.
import type { Finding } from '../model/finding.ts'
import type { Pod } from '../model/inventory.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { isLive } from '../model/pod-state.ts'
import { type Address, formatAddress } from '../net/index.ts'
import type { PodNow, Source } from '../sources/source.ts'
import { parsePod } from '../systems/kubernetes/pod.ts'
import { recordReader } from '../systems/kubernetes/record-reader.ts'

/** Rules that judge by what pods show, with the number of live holders that the fault needs. */
const HOLDERS: Readonly<Record<string, number>> = { 'DUP-101': 2, 'DRF-506': 1 }
/** Rules that judge by a pod not being there. */
const ABSENCE = new Set(['LEAK-201', 'LEAK-202', 'LEAK-204'])

/** Live pods that must still show the address; undefined where the fault is that none does. A half record is one of a pod that is there. */
const holdersOf = ({ rule, cause }: Finding): number | undefined => (cause === 'half-recorded' ? 1 : ABSENCE.has(rule) ? undefined : HOLDERS[rule])

export interface Confirmed {
  readonly findings: readonly Finding[]
  readonly dropped: number
}

export async function confirmFindings(findings: readonly Finding[], inventory: Inventory, source: Source): Promise<Confirmed> {
  if (source.recheck === undefined) return { findings, dropped: 0 }
  const suspects = findings.map((finding) => ({ finding, pods: podsOf(finding, inventory) }))
  const wanted = [...new Set(suspects.flatMap(({ pods }) => pods))]
  if (wanted.length === 0) return { findings, dropped: 0 }
  const now = await source.recheck(wanted)
  const kept = suspects.filter(({ finding, pods }) => pods.length === 0 || stillHolds(finding, pods, now, inventory)).map(({ finding }) => finding)
  return { findings: kept, dropped: findings.length - kept.length }
}

function podsOf({ rule, cause, owners }: Finding, known: Inventory): readonly string[] {
  if (cause === 'two-records') return [] // one of the two may not have reported its address yet
  if (rule in HOLDERS && cause !== 'endpoint-of-finished-pod') return owners.filter((owner) => known.podOf(owner) !== undefined)
  return ABSENCE.has(rule) ? owners.filter((owner) => /^[a-z0-9.-]+\/[a-z0-9.-]+$/.test(owner)) : []
}

function stillHolds(finding: Finding, pods: readonly string[], now: ReadonlyMap<string, PodNow | undefined>, known: Inventory): boolean {
  const holds = (id: string): boolean => {
    if (!now.has(id)) return true // could not be asked: what was seen stands
    const found = now.get(id)
    return found !== undefined && found.uid === known.podOf(id)?.uid && shows(found, finding.addresses)
  }
  const least = holdersOf(finding)
  if (least === undefined) return !pods.some((id) => now.has(id) && now.get(id) !== undefined && shows(now.get(id) as PodNow, finding.addresses))
  return pods.filter(holds).length >= Math.min(least, pods.length)
}

/** Still alive, with one of the addresses. */
function shows({ object }: PodNow, addresses: readonly string[]): boolean {
  const pod = parsePod({ type: 'object', apiVersion: 'v1', kind: 'Pod', object, origin: 'pods' }, recordReader<Pod>('pods'))
  if (pod === undefined || !isLive(pod)) return false
  const shown = [...pod.addresses, ...pod.interfaces.flatMap((one): readonly Address[] => one.addresses)].map(formatAddress)
  return shown.some((address) => addresses.includes(address))
}
