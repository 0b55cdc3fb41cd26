// `ipam plan`: request in, plan out.
import { BaseCommand } from '../cli/base-command.ts'
import { planFlags } from '../cli/plan-flags.ts'
import { readPlanInput } from '../cli/plan-input.ts'
import { readTime } from '../cli/read-time.ts'
import { checkPlan } from '../plan/check-plan.ts'
import { planWithKept, unnamedKept } from '../plan/keep-nodes.ts'
import { planPools } from '../plan/plan-pools.ts'
import { isFailing } from '../report/plan-data.ts'
import { planReport } from '../report/plan-report.ts'

export default class Plan extends BaseCommand {
  static override summary = 'Split pod address pools into blocks for nodes, check the result, and say what is left'

  static override description = [
    'Every node gets the first free block, in the order in which nodes are given, so a node that is added moves no other.',
    'Blocks that a reservation or the Service range touches go to no node. Exits 1 when the request cannot fit, and says what would.',
  ].join(' ')

  static override examples = [
    '<%= config.bin %> <%= command.id %> --cluster-cidr 10.244.0.0/16 --node-prefix 24 --nodes 3',
    '<%= config.bin %> <%= command.id %> --cluster-cidr 10.244.0.0/16,fd00:10:244::/56 --max-pods 110 --nodes 40 --max-nodes 200 --surge 10% --growth 30%',
    '<%= config.bin %> <%= command.id %> -f plan.yaml --keep plan.json -o json=plan-new.json',
  ]

  static override flags = planFlags

  async run(): Promise<void> {
    const { flags } = await this.parse(Plan)
    const now = readTime(flags.now, Date.now())
    const { request, kept } = await readPlanInput(flags)
    const plan = kept === undefined ? planPools(request) : planWithKept(request, kept)
    const generatedAt = now.toISOString().replace(/\.\d+Z$/, 'Z')
    const findings = checkPlan(plan, { today: generatedAt.slice(0, 10) })
    const context = { version: this.config.version, generatedAt, failOn: flags['fail-on'], unnamed: unnamedKept(request, kept?.nodes ?? []) }
    await this.emit(planReport(plan, findings, context), flags)
    this.finish({ failing: findings.some((finding) => isFailing(finding, flags['fail-on'])), incomplete: false })
  }
}
