// `ipam plan`: request in, plan out.
import { BaseCommand } from '../cli/base-command.ts'
import { type ClusterFlags, givenClusterFlags } from '../cli/cluster-flags.ts'
import type { ClusterBase } from '../cli/plan-cluster.ts'
import { type PlanFlags, planFlags } from '../cli/plan-flags.ts'
import { readPlanInput } from '../cli/plan-input.ts'
import { readTime } from '../cli/read-time.ts'
import { flagsIf } from '../cli/what-if.ts'
import { UsageError } from '../model/errors.ts'
import { isFailing } from '../model/finding.ts'
import type { AddressPlan } from '../plan/address-plan.ts'
import { checkPlan } from '../plan/check-plan.ts'
import { type KeptPlaces, unnamedKept } from '../plan/keep-nodes.ts'
import { placesOf } from '../plan/places-of.ts'
import { planPools } from '../plan/plan-pools.ts'
import { replan } from '../plan/replan.ts'
import type { PlanChanges } from '../report/plan-changes.ts'
import { planReport } from '../report/plan-report.ts'
import type { Source } from '../sources/source.ts'

export default class Plan extends BaseCommand {
  static override reportKind = 'AddressPlan' as const

  static override summary = 'Split pod address pools into blocks for nodes, check the result, and say what is left'

  static override description = [
    'Every node gets the first free block, in the order in which nodes are given, so a node that is added moves no other.',
    'Blocks that a reservation or the Service range touches go to no node. Exits 1 when the request cannot fit, and says what would.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %> --cluster-cidr 10.244.0.0/16 --node-prefix 24 --nodes 3',
    '<%= config.bin %> <%= command.id %> --cluster-cidr 10.244.0.0/16,fd00:10:244::/56 --max-pods 110 --nodes 40 --max-nodes 200 --surge 10% --growth 30%',
    '<%= config.bin %> <%= command.id %> -f plan.yaml --keep plan.json -o json=plan-new.json',
    '<%= config.bin %> <%= command.id %> --within 10.0.0.0/8 --avoid corp.csv --max-pods 110 --nodes 40 --max-nodes 300',
    '<%= config.bin %> <%= command.id %> --from bundle/ --nodes 60 --what-if node-prefix=25',
  ]

  static override flags = planFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(Plan)
    const now = readTime(flags.now, Date.now())
    const cluster = await this.cluster(flags)
    const found = cluster === undefined ? undefined : await (await import('../cli/plan-cluster.ts')).readClusterBase(cluster)
    const { request, kept, notices, complete, searches } = await readPlanInput(flags, found)
    for (const notice of notices) this.notice(notice, flags)
    const base = kept === undefined ? undefined : replan(request, kept)
    const before = base?.plan ?? planPools(request)
    const changes =
      flags['what-if'] === undefined ? base && { replan: base, whatIf: undefined } : await this.whatIf(flags, flags['what-if'], before, kept, found)
    const plan = changes?.replan.plan ?? before
    const generatedAt = now.toISOString().replace(/\.\d+Z$/, 'Z')
    const findings = checkPlan(plan, { today: generatedAt.slice(0, 10) })
    const unnamed = changes?.whatIf === undefined ? unnamedKept(request, kept?.nodes ?? []) : []
    const context = { version: this.config.version, generatedAt, failOn: flags['fail-on'], unnamed, changes, searches, complete, file: flags.file }
    await this.emit(planReport(plan, findings, context), flags)
    const mustMove = flags['fail-on'] !== 'never' && (changes?.replan.renumbered ?? 0) > 0
    this.finish({ failing: mustMove || findings.some((finding) => isFailing(finding, flags['fail-on'])), incomplete: !complete })
  }

  /** Undefined when no cluster is to be read. */
  private async cluster(flags: PlanFlags & ClusterFlags): Promise<Source | undefined> {
    const [given] = givenClusterFlags({ ...flags })
    if (flags.from === undefined) {
      if (!flags.live && given === undefined) return undefined
      return (await import('../cli/live-source.ts')).liveSource(flags, this.config.version)
    }
    if (flags.live || given !== undefined)
      throw new UsageError(`--${flags.live ? 'live' : given} is about a live cluster, which is not read when --from is given; leave one of them out`)
    const { directorySource } = await import('../sources/directory.ts')
    return directorySource({ from: flags.from, hostLocal: [], stdin: process.stdin })
  }

  /** The plan with other values, held against the one without them: what that has given stays where it is. */
  private async whatIf(
    flags: PlanFlags,
    asked: readonly string[],
    before: AddressPlan,
    kept: KeptPlaces | undefined,
    found: ClusterBase | undefined,
  ): Promise<PlanChanges> {
    const then = await readPlanInput(flagsIf(flags, asked), found)
    // Nodes that a cluster has are what could have to move; a plan that is not in force yet has none, so its own nodes stand for them.
    const places = kept ?? placesOf(before)
    return { replan: replan(then.request, places), whatIf: { changes: asked, before } }
  }
}
