// Suspects are looked at once more before they are reported: a scan is no snapshot, and what is gone by now was churn. The objects that a finding rests
// on are fetched again and put in the place of what was read of them, and the same rules judge what is then known: no rule has a second opinion of its own.
import type { Finding } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { Rule } from '../rules/define-rule.ts'
import { runRules, sortFindings } from '../rules/run-rules.ts'
import type { ObjectDocument, ObjectName, ObjectNow, Source } from '../sources/source.ts'
import type { ObjectIndex } from './object-index.ts'
import { suspectObjects } from './suspect-objects.ts'

/**
 * Rules that judge by single objects which come and go: pods, what is allocated to them, nodes and their ranges. The others judge by configuration and
 * by the files of nodes, which cannot be asked again, or by sums, which one object more or less does not turn.
 */
export const churningRules: ReadonlySet<string> = new Set(
  'DUP-101 DUP-102 DUP-105 DUP-106 LEAK-201 LEAK-202 LEAK-203 LEAK-204 LEAK-205 CAP-401 DRF-501 DRF-502 DRF-503 DRF-504 DRF-505 DRF-506 DRF-507 DRF-508'.split(
    ' ',
  ),
)
/** Objects of one run. A cluster with more suspects has a fault that no second look will explain away. */
const MOST_OBJECTS = 2000

export interface SecondLook {
  readonly index: ObjectIndex
  /** What is known with these objects in the place of what was read of them. */
  rebuild(documents: readonly ObjectDocument[]): Inventory
}

export interface Confirmed {
  readonly findings: readonly Finding[]
  readonly dropped: number
  /** Suspects that are reported as they were seen, since not all that they rest on could be fetched again. */
  readonly unasked: number
}

export interface ConfirmRequest {
  readonly source: Source
  readonly rules: readonly Rule[]
  /** Milliseconds. */
  readonly grace: number
  readonly look: SecondLook
}

export async function confirmFindings(findings: readonly Finding[], inventory: Inventory, request: ConfirmRequest): Promise<Confirmed> {
  const { source, rules, grace, look } = request
  const suspects = findings.filter(({ rule }) => churningRules.has(rule))
  if (suspects.length === 0 || source.recheck === undefined) return { findings, dropped: 0, unasked: 0 }
  const objectsOf = suspectObjects(inventory, look.index)
  const wanted = new Map<string, ObjectName>()
  const restsOn = new Map<Finding, readonly string[]>()
  let settled = 0
  for (const finding of suspects) {
    if (wanted.size >= MOST_OBJECTS) break
    const objects = objectsOf(finding)
    if (objects.length === 0) settled++ // it rests on no object that has a name: a flag, a sum
    const fresh = objects.filter((object) => !wanted.has(keyOf(object)))
    if (objects.length === 0 || wanted.size + fresh.length > MOST_OBJECTS) continue
    for (const object of fresh) wanted.set(keyOf(object), object)
    restsOn.set(finding, objects.map(keyOf))
  }
  if (wanted.size === 0) return { findings, dropped: 0, unasked: 0 }
  const answers = await source.recheck([...wanted.values()])
  const now = new Map([...wanted.keys()].map((key, i) => [key, answers[i]]))
  const judged = suspects.filter((finding) => restsOn.get(finding)?.every((key) => now.get(key) !== undefined) === true)
  const unasked = suspects.length - settled - judged.length
  if (judged.length === 0) return { findings, dropped: 0, unasked }
  const changes = [...wanted].flatMap(([key, object]) => replacing(object, now.get(key), uidOf(object, inventory, look.index)))
  const rulesOf = new Set(judged.map(({ rule }) => rule))
  const { findings: again, evaluated } = runRules(
    rules.filter(({ id }) => rulesOf.has(id)),
    look.rebuild(changes),
    { grace },
  )
  const opinions = new Map(
    // What can no longer be judged is not refuted.
    judged.map((finding) => [finding, evaluated.includes(finding.rule) ? secondOpinion(finding, again) : [finding]]),
  )
  const kept = new Map<string, Finding>()
  for (const finding of findings) for (const one of opinions.get(finding) ?? [finding]) kept.set(`${one.rule} ${one.fingerprint}`, one)
  const dropped = [...opinions.values()].filter((opinion) => opinion.length === 0).length
  return { findings: sortFindings([...kept.values()]), dropped, unasked }
}

const keyOf = ({ kind, namespace, name }: ObjectName): string => `${kind} ${namespace} ${name}`

function uidOf(object: ObjectName, inventory: Inventory, index: ObjectIndex): string | undefined {
  return object.kind === '/Pod' ? inventory.podOf(`${object.namespace}/${object.name}`)?.uid : index.uidOf(object)
}

/** Forgets what was read, and takes what is there now: a pod of the same name can be another one. */
function replacing({ kind, namespace, name }: ObjectName, now: ObjectNow, uid: string | undefined): ObjectDocument[] {
  if (now === undefined) return []
  const slash = kind.lastIndexOf('/')
  const metadata = { name, uid, ...(namespace === undefined ? {} : { namespace }) }
  const gone = { type: 'object', apiVersion: `${kind.slice(0, slash)}/v1`.replace(/^\//, ''), kind: kind.slice(slash + 1), gone: true } as const
  return [...(uid === undefined ? [] : [{ ...gone, object: { metadata }, origin: kind }]), ...(now === 'gone' ? [] : [now])]
}

/**
 * The finding as the fresh objects show it: itself, or what is left of it. One that shares something with it and has more besides mixes objects of two
 * moments: then the finding stands as it was seen.
 */
function secondOpinion(finding: Finding, again: readonly Finding[]): readonly Finding[] {
  const same = again.find(({ rule, fingerprint }) => rule === finding.rule && fingerprint === finding.fingerprint)
  if (same !== undefined) return [same]
  const related = again.filter(({ rule, domain }) => rule === finding.rule && domain === finding.domain).filter((other) => shares(finding, other))
  return related.length === 0 ? [] : related.every((other) => isWithin(other, finding)) ? related : [finding]
}

function shares(one: Finding, other: Finding): boolean {
  const [mine, theirs] =
    one.addresses.length > 0 ? [one.addresses, other.addresses] : one.owners.length > 0 ? [one.owners, other.owners] : [one.nodes, other.nodes]
  return mine.length === 0 || mine.some((each) => theirs.includes(each))
}

const isWithin = (one: Finding, other: Finding): boolean =>
  (['addresses', 'owners', 'nodes'] as const).every((key) => one[key].every((each) => other[key].includes(each)))
