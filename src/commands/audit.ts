// `ipam audit`: reads a cluster, a bundle, saved lists or state directories and reports what is wrong with the addresses.
import { Flags } from '@oclif/core'
import { selectRules } from '../cli/audit-flags.ts'
import { auditSource, inputFlags, judgeFlags, judgeRequest, readsFiles } from '../cli/audit-input.ts'
import { type AuditRequest, runAudit } from '../cli/audit-run.ts'
import { BaseCommand } from '../cli/base-command.ts'
import { clusterFlags, fleetFlags } from '../cli/cluster-flags.ts'
import { readExternalFiles, withDocuments } from '../cli/external-files.ts'
import { runFleet } from '../cli/fleet-run.ts'
import { expiredWaivers, gateFlags, readGate } from '../cli/gate-flags.ts'
import { repeatable } from '../cli/repeatable.ts'
import type { ClusterLink } from '../model/inventory.ts'
import { auditReport } from '../report/audit-report.ts'
import { fleetReport } from '../report/fleet-report.ts'
import { rules } from '../rules/index.ts'
import type { Source } from '../sources/source.ts'

export default class Audit extends BaseCommand {
  static override reportKind = 'AuditReport' as const

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
    '<%= config.bin %> audit --from bundle/ --waivers waivers.yaml --baseline report.json',
  ]

  static override flags = {
    ...clusterFlags,
    ...fleetFlags,
    ...inputFlags,
    rule: Flags.string({
      ...repeatable,
      helpValue: 'RULE',
      summary: 'only these rules: id, name or class (DUP-101, pod-ip-duplicate, CAP); repeatable',
    }),
    'skip-rule': Flags.string({ ...repeatable, helpValue: 'RULE', summary: 'without these rules; repeatable' }),
    ...judgeFlags,
    ...gateFlags,
    'print-rbac': Flags.boolean({ summary: 'print the read-only roles that an audit of a cluster needs, and end' }),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Audit)
    if (flags['print-rbac']) {
      const [{ rbacManifest }, { kindsRead }] = await Promise.all([import('../sources/cluster/rbac.ts'), import('../cli/live-source.ts')])
      return this.write([rbacManifest(kindsRead)])
    }
    const external = await readExternalFiles(flags.external ?? [])
    const request: Omit<AuditRequest, 'source'> = {
      rules: selectRules(rules, flags.rule ?? [], flags['skip-rule'] ?? []),
      ...judgeRequest(flags, this.config.version, (text) => this.notice(text, flags)),
      gate: await readGate(flags, rules),
    }
    const sources = readsFiles(flags) ? new Map<string, Source>() : (await import('../cli/live-source.ts')).fleetSources(flags, this.config.version)
    const link = flags.connected as ClusterLink | undefined
    const fleet = sources.size > 0
    const withExternal = (source: Source) => withDocuments(source, external)
    const result = fleet
      ? await runFleet({ ...request, link, sources: new Map([...sources].map(([name, source]) => [name, withExternal(source)])) })
      : await runAudit({
          ...request,
          source: withExternal(await auditSource({ ...flags, context: flags.context?.[0] }, this.config.version)),
        })
    await this.emit('members' in result ? fleetReport(result) : auditReport(result), flags)
    const expired = expiredWaivers(result.gate)
    if (expired !== undefined) this.notice(expired, flags)
    if (!result.complete) this.notice('INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing', flags)
    this.finish({ failing: result.failing > 0, incomplete: !result.complete && !flags['allow-incomplete'] })
  }
}
