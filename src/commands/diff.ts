// `ipam diff`: two reports of audits held against each other.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { readReportFile } from '../cli/report-file.ts'
import { comparePools } from '../gate/compare-pools.ts'
import { compareReports } from '../gate/compare-reports.ts'
import { UsageError } from '../model/errors.ts'
import { type Severity, severities } from '../model/finding.ts'
import { diffReport } from '../report/diff-report.ts'

export default class Diff extends BaseCommand {
  static override reportKind = 'DiffReport' as const

  static override summary = 'compare two reports of an audit: new, fixed, unchanged'

  static override description = `A finding is called fixed only where the new report has looked again: what it could not look at is told apart.
Exit codes: 0 nothing new at or above --fail-on, 1 something new, worse or no longer waived, 2 usage, 3 the new report is incomplete,
5 the result could not be written.`

  static override examples = [
    '<%= config.bin %> diff before.json after.json',
    '<%= config.bin %> audit --from bundle/ -o json | <%= config.bin %> diff before.json -',
    '<%= config.bin %> diff before.json after.json --fail-on high -o markdown',
  ]

  static override args = {
    old: Args.string({ required: true, ignoreStdin: true, description: 'report of the earlier run (audit -o json), or - for standard input' }),
    new: Args.string({ required: true, ignoreStdin: true, description: 'report of the later run, or - for standard input' }),
  }

  static override flags = {
    'fail-on': Flags.string({
      default: 'medium',
      options: [...severities, 'never'],
      summary: 'lowest severity of what is new that makes the exit code 1',
    }),
    'allow-incomplete': Flags.boolean({ summary: 'exit 0 instead of 3; the result still says what is missing' }),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Diff)
    if (args.old === '-' && args.new === '-') throw new UsageError('both reports cannot come from standard input; give one of them a file')
    const [older, newer] = [await readReportFile(args.old), await readReportFile(args.new)]
    const compared = compareReports(older, newer, flags['fail-on'] as Severity | 'never')
    const pools = comparePools(older, newer, compared.byCluster)
    await this.emit(diffReport({ compared, pools, generatedAt: Date.now(), version: this.config.version }), flags)
    if (!newer.complete) this.notice(`INCOMPLETE: ${newer.source} is the report of an incomplete run; what it lacks proves nothing`, flags)
    this.finish({ failing: compared.failing > 0, incomplete: !newer.complete && !flags['allow-incomplete'] })
  }
}
