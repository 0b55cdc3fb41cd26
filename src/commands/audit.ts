// `ipam audit`: reads a bundle, saved lists or state directories and reports what is wrong with the addresses.
import { Flags } from '@oclif/core'
import { parseHostLocal, parseSpan, parseTime, selectRules } from '../cli/audit-flags.ts'
import { runAudit } from '../cli/audit-run.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { type Severity, severities } from '../model/finding.ts'
import { auditReport } from '../report/audit-report.ts'
import { rules } from '../rules/index.ts'
import { directorySource } from '../sources/directory.ts'

export default class Audit extends BaseCommand {
  static override summary = 'report duplicates, leaks, overlaps, exhaustion and drift of addresses'

  static override description =
    `Reads saved state and never changes anything. Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, 3 not everything could be read,
5 the report could not be written. A rule whose input is missing is listed as not evaluated, never as passed.`

  static override examples = [
    '<%= config.bin %> audit --from bundle/ --from more.yaml',
    'kubectl get pods,nodes,services -A -o json | <%= config.bin %> audit --from -',
    '<%= config.bin %> audit --host-local /var/lib/cni/networks',
    '<%= config.bin %> audit --from bundle/ --fail-on high -o table -o json=report.json',
  ]

  static override flags = {
    from: Flags.string({
      multiple: true,
      helpValue: 'PATH',
      helpGroup: 'INPUT',
      summary: 'bundle, folder or file of saved `kubectl get -o json|yaml` output, or - for standard input; repeatable',
    }),
    'host-local': Flags.string({
      multiple: true,
      helpValue: '[NODE=]DIR',
      helpGroup: 'INPUT',
      summary: 'state directory of host-local, on this node or mounted; repeatable',
    }),
    rule: Flags.string({
      multiple: true,
      helpValue: 'RULE',
      summary: 'only these rules: id, name or class (DUP-101, pod-ip-duplicate, CAP); repeatable',
    }),
    'skip-rule': Flags.string({ multiple: true, helpValue: 'RULE', summary: 'without these rules; repeatable' }),
    grace: Flags.string({ default: '15m', helpValue: 'SPAN', summary: 'how old a record must be before it can be stale: 90s, 15m, 2h' }),
    'fail-on': Flags.string({ default: 'medium', options: [...severities, 'never'], summary: 'lowest severity that makes the exit code 1' }),
    strict: Flags.boolean({ summary: 'a rule without its input makes the run incomplete (exit 3)' }),
    'allow-incomplete': Flags.boolean({ summary: 'exit 0 instead of 3; the report still says what is missing' }),
    now: Flags.string({ helpValue: 'TIME', summary: 'judge as of this time (RFC 3339) instead of the time of collection' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Audit)
    const result = await runAudit({
      source: directorySource({ from: flags.from ?? [], hostLocal: (flags['host-local'] ?? []).map(parseHostLocal), stdin: process.stdin }),
      rules: selectRules(rules, flags.rule ?? [], flags['skip-rule'] ?? []),
      grace: parseSpan('--grace', flags.grace),
      failOn: flags['fail-on'] as Severity | 'never',
      strict: flags.strict,
      now: flags.now === undefined ? undefined : parseTime('--now', flags.now),
      generatedAt: Date.now(),
      version: this.config.version,
    })
    await this.emit(auditReport(result), flags)
    this.finish({ failing: result.failing > 0, incomplete: !result.complete && !flags['allow-incomplete'] })
  }
}
