// What is read of a report that `-o json` wrote. Keys that later versions add are none of its business, and those that earlier ones lacked may be missing.
import * as v from 'valibot'
import { type Confidence, confidences, type Finding, type Severity, severities } from '../model/finding.ts'

const text = v.string('text')
const texts = v.array(text, 'a list of texts')
const count = v.number('a number')
const severity = v.picklist(severities, `one of ${severities.join(', ')}`)
const confidence = v.picklist(confidences, `one of ${confidences.join(', ')}`)
const maybe = v.nullish(text)
const ofCluster = v.optional(text)

const finding = v.object({
  ...{ rule: text, name: text, severity, confidence, message: text, domain: text, addresses: texts, nodes: texts, owners: texts, fingerprint: text },
  cluster: ofCluster,
  cause: maybe,
  evidence: v.optional(v.array(v.object({ source: text, fact: text })), []),
  fix: v.optional(v.object({ playbook: maybe, steps: texts })),
  waived: v.nullish(v.object({ reason: text, until: maybe, approvedBy: maybe, source: maybe })),
})

const pool = v.object({
  ...{ cluster: ofCluster, system: text, name: text, node: maybe, domain: text, family: v.picklist([4, 6], '4 or 6'), ranges: texts },
  ...{ capacity: text, allocated: text, utilization: count },
})

const member = v.object({ name: text, complete: v.boolean('true or false') })

export const savedReportSchema = v.object({
  metadata: v.object({
    tool: v.object({ version: text }),
    ...{ generatedAt: text, observedAt: text, cluster: text },
    clusters: v.optional(v.array(member, 'a list of clusters')),
    graceSeconds: v.optional(count),
  }),
  complete: v.boolean('true or false'),
  coverage: v.array(v.object({ cluster: ofCluster, source: text, status: text, read: count }), 'a list'),
  notEvaluated: v.array(v.object({ cluster: ofCluster, rule: text, reason: text }), 'a list'),
  evaluated: v.optional(v.array(v.object({ cluster: ofCluster, rule: text }), 'a list')),
  pools: v.array(pool, 'a list of pools'),
  nodes: v.array(v.object({ cluster: ofCluster, name: text }), 'a list of nodes'),
  findings: v.array(finding, 'a list of findings'),
})

type Data = v.InferOutput<typeof savedReportSchema>

export type SavedPool = Data['pools'][number]

export interface SavedReport extends Omit<Data, 'findings'> {
  /** As the user named it. */
  readonly source: string
  /** Of several clusters; every record then names its own. */
  readonly isFleet: boolean
  readonly findings: readonly Finding[]
}

/** What counts of a finding when two reports are held against each other. */
export type Rank = { readonly severity: Severity; readonly confidence: Confidence }

const waivedOf = (waived: Data['findings'][number]['waived']): Finding['waived'] =>
  waived == null
    ? null
    : {
        reason: waived.reason,
        until: waived.until ?? null,
        ...(waived.approvedBy == null ? {} : { approvedBy: waived.approvedBy }),
        ...(waived.source == null ? {} : { source: waived.source }),
      }

const findingOf = ({ cluster, cause, fix, waived, ...rest }: Data['findings'][number]): Finding => ({
  ...rest,
  cause: cause ?? null,
  fix: { playbook: fix?.playbook ?? null, steps: fix?.steps ?? [] },
  waived: waivedOf(waived),
  ...(cluster === undefined ? {} : { cluster }),
})

export function savedReport(data: Data, source: string): SavedReport {
  return { ...data, source, isFleet: data.metadata.clusters !== undefined, findings: data.findings.map(findingOf) }
}
