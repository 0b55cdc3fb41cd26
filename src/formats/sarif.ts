// SARIF 2.1.0 for code scanning: https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os.html
import type { ReportingDescriptor } from 'sarif'
import { defineFormat } from './define-format.ts'
import { judgedFindings, judgedKinds, judgementOf } from './machine/judged-findings.ts'
import { safe, safeJson } from './safe.ts'
import { invocationOf } from './sarif/invocation.ts'
import { resultWriter } from './sarif/results.ts'
import { describedRules } from './sarif/rules.ts'

/** GitHub refuses a run of more: https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit */
const mostResults = 25_000

export const sarif = defineFormat({
  id: 'sarif',
  title: 'SARIF 2.1.0 for code scanning',
  kinds: judgedKinds,
  *render(report) {
    const judgement = judgementOf(report)
    const found = judgedFindings(judgement)
    const shown = found.slice(0, mostResults)
    const rules: readonly ReportingDescriptor[] = describedRules(judgement, shown)
    const places = new Map(rules.map(({ id }, index) => [id, index]))
    const driver = { name: 'ipam', version: judgement.version, semanticVersion: judgement.version, rules }
    const category = `ipam/${report.kind === 'AddressPlan' ? 'plan' : 'audit'}/${judgement.subjects.map(({ name }) => safe(name).replaceAll('/', '_')).join('+')}/`
    const head = {
      tool: { driver },
      automationDetails: { id: category },
      invocations: [invocationOf(judgement, places, found.length - shown.length)],
      columnKind: 'utf16CodeUnits',
    }
    yield `{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[${safeJson(head).slice(0, -1)},"results":[`
    const write = resultWriter(judgement, places, shown)
    for (const [index, each] of shown.entries()) yield `${index === 0 ? '' : ','}\n${safeJson(write(each))}`
    yield '\n]}]}\n'
  },
})
