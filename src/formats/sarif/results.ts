// Findings as SARIF results.
import type { LogicalLocation, Result } from 'sarif'
import type { Finding } from '../../model/finding.ts'
import type { Judgement, Subject } from '../../report/judgement.ts'
import type { JudgedFinding } from '../machine/judged-findings.ts'
import { fingerprintOf, placeOf, uriOf } from '../machine/place.ts'
import { safe } from '../safe.ts'
import { messageText } from './message.ts'
import { levelOf } from './rules.ts'

/** 25,000 results have to fit into 10 MB, compressed. */
const mostEvidence = 4
const mostNames = 20

const cut = (items: readonly string[]): string[] => items.slice(0, mostNames).map((item) => safe(item, { max: 300 }))

/** Steps of the rule stand in its help; those of a finding that needs others stand beside it. */
function ownSteps({ finding, subject }: JudgedFinding): readonly string[] {
  const rule = subject.rules.find((judged) => judged.rule.id === finding.rule)?.rule
  return rule === undefined || rule.steps.join('\n') === finding.fix.steps.join('\n') ? [] : finding.fix.steps
}

function messageOf(judged: JudgedFinding, steps: (judged: JudgedFinding) => readonly string[]): string {
  const { message, confidence, evidence } = judged.finding
  const more = evidence.length - mostEvidence
  return [
    `${messageText(message)}${confidence === 'certain' ? '' : ` (${confidence})`}`,
    ...evidence.slice(0, mostEvidence).map(({ source, fact }) => `- ${messageText(source, 300)}: ${messageText(fact, 300)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    ...steps(judged).map((step, index) => `${index + 1}. ${messageText(step, 500)}`),
  ].join('\n')
}

function logicalLocations({ owners, nodes }: Finding, { name }: Subject): LogicalLocation[] {
  const named = (fullyQualifiedName: string, kind: string): LogicalLocation => ({ fullyQualifiedName: safe(fullyQualifiedName, { max: 300 }), kind })
  return [
    named(name, 'cluster'),
    ...nodes.slice(0, mostNames).map((node) => named(`nodes/${node}`, 'resource')),
    ...owners.slice(0, mostNames).map((owner) => named(owner, 'resource')),
  ]
}

const justification = ({ reason, until, approvedBy }: NonNullable<Finding['waived']>): string =>
  [reason, ...(approvedBy === undefined ? [] : [`approved by ${approvedBy}`]), until === null ? 'without an end' : `until ${until}`].join('; ')

/** SARIF wants these on every result of a run or on none (3.27.23, 3.27.24): absent means that nobody looked. */
interface Accepted {
  readonly waivers: boolean
  readonly baseline: boolean
}

function acceptance({ waived, known, before }: Finding, { waivers, baseline }: Accepted): Pick<Result, 'suppressions' | 'baselineState'> {
  return {
    ...(waivers
      ? { suppressions: waived === null ? [] : [{ kind: 'external', status: 'accepted', justification: safe(justification(waived)) }] }
      : {}),
    ...(baseline ? { baselineState: known === true ? 'unchanged' : before === undefined ? 'new' : 'updated' } : {}),
  }
}

/** @param places of rules in the run's list, by id */
export function resultWriter(
  judgement: Judgement,
  places: ReadonlyMap<string, number>,
  all: readonly JudgedFinding[],
): (judged: JudgedFinding) => Result {
  const accepted = { waivers: all.some(({ finding }) => finding.waived !== null), baseline: all.some(({ finding }) => finding.known !== undefined) }
  return (judged) => {
    const { finding, subject, isFailing } = judged
    const { rule, severity, confidence, domain, cause, addresses, nodes, owners } = finding
    const fingerprint = fingerprintOf(judged, judgement)
    return {
      ruleId: rule,
      ruleIndex: places.get(rule) ?? -1,
      level: levelOf(finding),
      message: { text: messageOf(judged, ownSteps) },
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: uriOf(placeOf(judged, judgement)) }, region: { startLine: 1 } },
          logicalLocations: logicalLocations(finding, subject),
        },
      ],
      // GitHub tells alerts apart by the first of them alone.
      partialFingerprints: { primaryLocationLineHash: fingerprint, 'ipam/v1': fingerprint },
      ...acceptance(finding, accepted),
      properties: {
        ...{
          severity,
          confidence,
          failing: isFailing,
          cluster: safe(subject.name),
          domain: safe(domain),
          cause: cause === null ? null : safe(cause),
        },
        ...{ addresses: cut(addresses), nodes: cut(nodes), owners: cut(owners) },
      },
    }
  }
}
