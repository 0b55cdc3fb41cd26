// `ipam explain`: what is known of one address, pod or node, source by source, and why it fails.
import { Args, Flags } from '@oclif/core'
import { auditSource, inputFlags, judgeFlags, judgeRequest } from '../cli/audit-input.ts'
import { runAudit } from '../cli/audit-run.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { clusterFlags } from '../cli/cluster-flags.ts'
import { parseSubject, resolveSubject } from '../cli/explain-subject.ts'
import { readExternalFiles, withDocuments } from '../cli/external-files.ts'
import { explain } from '../explain/explain.ts'
import { type Finding, isFailing } from '../model/finding.ts'
import { explanationReport } from '../report/explanation-report.ts'
import { rules } from '../rules/index.ts'

/** A pod's rivals may be in any namespace, and have any labels: all of them are read. */
const { namespace: _namespace, 'all-namespaces': _all, selector: _selector, ...connection } = clusterFlags

export default class Explain extends BaseCommand {
  static override summary = 'say what is known of one address, pod or node, source by source, and why it fails'

  static override description =
    `Reads what \`ipam audit\` reads: the cluster of the current kubeconfig, or --from and --host-local. Nothing is ever changed.
Exit codes: 0 nothing at or above --fail-on concerns it, 1 a finding does, 2 usage, or no such pod or node, 3 not everything could be read,
4 the cluster could not be reached, 5 the report could not be written. An address that nobody knows is an answer: exit 0.`

  static override examples = [
    '<%= config.bin %> explain 10.244.1.7',
    '<%= config.bin %> explain 10.244.1.0/24 --from bundle/',
    '<%= config.bin %> explain pod/shop/web-0',
    '<%= config.bin %> explain web-0 -n shop',
    '<%= config.bin %> explain node/node-1 -o json',
    '<%= config.bin %> explain node-1 --from bundle/ -o wide',
  ]

  static override args = {
    subject: Args.string({
      required: true,
      ignoreStdin: true,
      description: 'address, CIDR, pod/NAMESPACE/NAME, NAMESPACE/NAME, node/NAME, or a bare name',
    }),
  }

  static override flags = {
    ...connection,
    namespace: Flags.string({ char: 'n', helpValue: 'NAME', helpGroup: 'CLUSTER', summary: 'namespace of the pod; all namespaces are read' }),
    ...inputFlags,
    ...judgeFlags,
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Explain)
    const asked = parseSubject(args.subject, flags.namespace)
    const external = await readExternalFiles(flags.external ?? [])
    const { namespace: _, ...others } = flags
    const request = judgeRequest(flags, this.config.version, (text) => this.notice(text, flags))
    const source = withDocuments(await auditSource({ ...others, 'all-namespaces': false }, this.config.version), external)
    const result = await runAudit({ ...request, rules, source })
    const subject = resolveSubject(asked, result.inventory)
    const fails = (finding: Finding) => isFailing(finding, result.failOn)
    const note = 'subject' in asked ? asked.note : undefined
    const explanation = explain(result.inventory, subject, { findings: result.findings, fails }, request.grace, note)
    const failing = explanation.findings.filter(fails)
    await this.emit(explanationReport(explanation, result, failing), flags)
    if (!result.complete) this.notice('INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing', flags)
    this.finish({ failing: failing.length > 0, incomplete: !result.complete && !flags['allow-incomplete'] })
  }
}
