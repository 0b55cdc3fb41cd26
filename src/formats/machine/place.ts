// Where a finding is shown by programs that know files only: a relative path that stays the same over runs.
import type { Judgement } from '../../report/judgement.ts'
import { safe } from '../safe.ts'
import type { JudgedFinding } from './judged-findings.ts'

/** A path and nothing else: `cluster/pods.json`, `/var/lib/cni/networks/pods/10.244.1.7`, but not `pods, nodes`. */
const isPath = (text: string): boolean => /^[^\s,]*\/[^\s,]+$/.test(text)

/** Relative, and inside: no root, no way up, no second kind of separator. */
const partsOf = (text: string): string[] =>
  text
    .split(/[/\\]/)
    .filter((part) => !['', '.', '..'].includes(part))
    .map((part) => safe(part, { max: 300 }).replaceAll('\\', ''))

/**
 * The plan's file where one is known, else the first file of the evidence, else a name that stands for the node or the rule.
 * In a fleet all of it lies below the name of the cluster, for every cluster has a `cluster/pods.json`.
 */
export function placeOf({ finding, subject }: JudgedFinding, { file, subjects }: Judgement): string {
  if (file !== undefined && file !== '-') return partsOf(file).join('/')
  const evidence = finding.evidence.find(({ source }) => isPath(source))?.source
  const [node] = finding.nodes
  const inside = evidence ?? (node === undefined ? `cluster/${finding.rule}` : `nodes/${node}`)
  return partsOf(subjects.length > 1 ? `${subject.name.replaceAll('/', '_')}/${inside}` : inside).join('/')
}

/** RFC 3986: every part percent-encoded. */
export const uriOf = (path: string): string => path.split('/').map(encodeURIComponent).join('/')

/** The finding's own fingerprint; in a fleet it says the cluster too, as clusters made alike have faults alike. */
export const fingerprintOf = ({ finding, subject }: JudgedFinding, { subjects }: Judgement): string =>
  subjects.length > 1 ? `${safe(subject.name)}/${finding.fingerprint}` : finding.fingerprint
