// Workflow commands of GitHub Actions, which become annotations: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
import { type Finding, isOpen } from '../model/finding.ts'
import type { Judgement } from '../report/judgement.ts'
import { defineFormat } from './define-format.ts'
import { type JudgedFinding, judgedFindings, judgedKinds, judgementOf, numberOf } from './machine/judged-findings.ts'
import { incompleteText, unreadSources } from './machine/shortfalls.ts'
import { safe } from './safe.ts'
import { type Group, groupFindings } from './text/finding-groups.ts'

type Kind = 'error' | 'warning' | 'notice'

interface Annotation {
  readonly kind: Kind
  readonly title: string
  /** Line feeds in it are ours. */
  readonly message: string
}

/** As many of each kind as GitHub shows for a step. */
const most = 10
const mostSteps = 5
const mostSubjects = 10

/** https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts */
const escapeData = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const escapeProperty = (text: string): string => escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')

const command = ({ kind, title, message }: Annotation, file: string): string =>
  `::${kind} ${file}title=${escapeProperty(title)}::${escapeData(message)}\n`

/** Only what fails the run is an error: a red mark on a run that passed is read as a fault of the tool. */
function kindOf(finding: Finding, isFailing: boolean): Kind {
  if (isFailing) return 'error'
  return finding.severity === 'low' || finding.severity === 'info' ? 'notice' : 'warning'
}

/** Ten annotations are few: what is alike shares one. */
function textOf(group: Group): string {
  const [{ severity, confidence, message, cluster, nodes, fix }] = group
  const doubt = confidence === 'certain' ? '' : `, ${confidence}`
  const subjects = [...new Set(group.flatMap(({ addresses, owners }) => (addresses.length > 0 ? addresses : owners)))]
  const more = subjects.length - mostSubjects
  return [
    `${cluster === undefined ? '' : `${safe(cluster)}: `}${severity}${doubt}: ${group.length > 1 ? `${group.length} alike, such as: ` : ''}${safe(message)}`,
    ...(group.length > 1
      ? [
          `${subjects
            .slice(0, mostSubjects)
            .map((subject) => safe(subject))
            .join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
        ]
      : []),
    ...(nodes.length > 0
      ? [
          `on ${nodes
            .slice(0, mostSubjects)
            .map((node) => safe(node))
            .join(', ')}`,
        ]
      : []),
    ...fix.steps.slice(0, mostSteps).map((step, index) => `${index + 1}. ${safe(step)}`),
  ].join('\n')
}

const groupsOf = (findings: readonly Finding[]): readonly Group[] =>
  groupFindings(findings).flatMap(({ repairs }) => repairs.flatMap(({ groups }) => groups))

function annotations(judgement: Judgement, found: readonly JudgedFinding[]): Annotation[] {
  const unread = unreadSources(judgement).map(({ subject, text }) => safe(`${subject.name}: ${text}`))
  const shown = [...unread.slice(0, most), ...(unread.length > most ? [`and ${unread.length - most} more`] : [])]
  const incomplete: Annotation = { kind: 'error', title: 'ipam: incomplete', message: [incompleteText, ...shown].join('\n') }
  const open = found.map(({ finding }) => finding).filter(isOpen)
  return [
    ...(judgement.complete ? [] : [incomplete]),
    ...groupsOf(open).map((group): Annotation => {
      const [first] = group
      return { kind: kindOf(first, judgement.isFailing(first)), title: safe(`ipam ${first.rule} ${first.name}`), message: textOf(group) }
    }),
  ]
}

/** The last of the ten says how many there are beyond them. */
function cut(kind: Kind, all: readonly Annotation[]): readonly Annotation[] {
  if (all.length <= most) return all
  const left = all.length - (most - 1)
  return [...all.slice(0, most - 1), { kind, title: 'ipam', message: `${left} more; -o markdown, -o html and -o json have all` }]
}

function summary({ complete, failOn }: Judgement, found: readonly JudgedFinding[]): string {
  const failing = found.filter(({ isFailing }) => isFailing).length
  const accepted = found.filter(({ finding }) => !isOpen(finding)).length
  const parts = [numberOf(found.length, 'finding'), failOn === 'never' ? 'none of them may fail the run' : `${failing} at or above ${failOn}`]
  return [...parts, ...(accepted === 0 ? [] : [`${accepted} waived or known`]), ...(complete ? [] : ['not everything could be looked at'])].join(', ')
}

export const github = defineFormat({
  id: 'github',
  title: 'annotations for GitHub Actions',
  kinds: judgedKinds,
  *render(report) {
    const judgement = judgementOf(report)
    const found = judgedFindings(judgement)
    const all = annotations(judgement, found)
    const { file } = judgement
    const place = file === undefined || file === '-' ? '' : `file=${escapeProperty(safe(file))},line=1,`
    for (const kind of ['error', 'warning', 'notice'] as const)
      for (const each of cut(
        kind,
        all.filter((annotation) => annotation.kind === kind),
      ))
        yield command(each, place)
    // Words of this program alone: the runner looks for commands in every line.
    yield `ipam: ${summary(judgement, found)}\n`
  },
})
