// `ipam audit`: reads a cluster, a bundle, saved lists or state directories and reports what is wrong with the addresses.
import { Flags, type Interfaces } from '@oclif/core'
import { parseHostLocal, parseSpan, parseTime, selectRules } from '../cli/audit-flags.ts'
import { type AuditRequest, runAudit } from '../cli/audit-run.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { clusterFlags, fleetFlags, fleetSources, givenClusterFlags, kindsRead, liveSource } from '../cli/cluster-flags.ts'
import { readExternalFiles, withDocuments } from '../cli/external-files.ts'
import { runFleet } from '../cli/fleet-run.ts'
import { UsageError } from '../model/errors.ts'
import { type Severity, severities } from '../model/finding.ts'
import type { ClusterLink } from '../model/inventory.ts'
import { auditReport } from '../report/audit-report.ts'
import { fleetReport } from '../report/fleet-report.ts'
import { rules } from '../rules/index.ts'
import { rbacManifest } from '../sources/cluster/rbac.ts'
import { directorySource } from '../sources/directory.ts'
import type { Source } from '../sources/source.ts'

type ParsedFlags = Interfaces.InferredFlags<typeof Audit.flags & typeof BaseCommand.baseFlags>

export default class Audit extends BaseCommand {
  static override summary = 'report duplicates, leaks, overlaps, exhaustion and drift of addresses'

  static override description =
    `Without --from and --host-local the cluster of the current kubeconfig is read, as kubectl would. Nothing is ever changed.
Exit codes: 0 nothing at or above --fail-on, 1 findings, 2 usage, 3 not everything could be read, 4 the cluster could not be reached,
5 the report could not be written. A rule whose input is missing is listed as not evaluated, never as passed.`

  static override examples = [
    '<%= config.bin %> audit',
    '<%= config.bin %> audit --context production --fail-on high',
    '<%= config.bin %> audit --context east --context west --connected mesh',
    '<%= config.bin %> audit --from bundle/ --from more.yaml',
    'kubectl get pods,nodes,services -A -o json | <%= config.bin %> audit --from -',
    '<%= config.bin %> audit --host-local /var/lib/cni/networks',
    '<%= config.bin %> audit --external corporate-networks.csv',
    '<%= config.bin %> audit --from bundle/ --fail-on high -o table -o json=report.json',
  ]

  static override flags = {
    ...clusterFlags,
    ...fleetFlags,
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
    external: Flags.string({
      multiple: true,
      helpValue: 'FILE',
      helpGroup: 'INPUT',
      summary: 'networks outside the cluster and connected clusters: list, CSV, YAML, export of NetBox or phpIPAM; repeatable',
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
    'no-confirm': Flags.boolean({ summary: 'do not fetch what suspects rest on a second time before they are reported' }),
    'print-rbac': Flags.boolean({ summary: 'print the read-only roles that an audit of a cluster needs, and end' }),
    now: Flags.string({ helpValue: 'TIME', summary: 'judge as of this time (RFC 3339) instead of the time of collection' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Audit)
    if (flags['print-rbac']) return this.write([rbacManifest(kindsRead)])
    const external = await readExternalFiles(flags.external ?? [])
    const request: Omit<AuditRequest, 'source'> = {
      rules: selectRules(rules, flags.rule ?? [], flags['skip-rule'] ?? []),
      grace: parseSpan('--grace', flags.grace),
      failOn: flags['fail-on'] as Severity | 'never',
      strict: flags.strict,
      now: flags.now === undefined ? undefined : parseTime('--now', flags.now),
      generatedAt: Date.now(),
      version: this.config.version,
      confirm: !flags['no-confirm'],
      notice: (text) => this.notice(text, flags),
    }
    const sources = this.readsFiles(flags) ? new Map<string, Source>() : fleetSources(flags, this.config.version)
    const link = flags.connected as ClusterLink | undefined
    const fleet = sources.size > 0
    const withExternal = (source: Source) => withDocuments(source, external)
    const result = fleet
      ? await runFleet({ ...request, link, sources: new Map([...sources].map(([name, source]) => [name, withExternal(source)])) })
      : await runAudit({ ...request, source: withExternal(this.source(flags)) })
    await this.emit('members' in result ? fleetReport(result) : auditReport(result), flags)
    if (!result.complete) this.notice('INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing', flags)
    this.finish({ failing: result.failing > 0, incomplete: !result.complete && !flags['allow-incomplete'] })
  }

  private readsFiles({ from = [], 'host-local': hostLocal = [] }: ParsedFlags): boolean {
    return from.length > 0 || hostLocal.length > 0
  }

  private source(flags: ParsedFlags): Source {
    const from = flags.from ?? []
    const hostLocal = (flags['host-local'] ?? []).map(parseHostLocal)
    if (!this.readsFiles(flags)) return liveSource({ ...flags, context: flags.context?.[0] }, this.config.version)
    const [misplaced] = givenClusterFlags(flags)
    if (misplaced !== undefined)
      throw new UsageError(`--${misplaced} is about a live cluster, which is not read when --from or --host-local is given; leave one of them out`)
    return directorySource({ from, hostLocal, stdin: process.stdin })
  }
}
