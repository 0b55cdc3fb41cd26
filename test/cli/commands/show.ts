// Emits one of the sample reports.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { broken, clean, plan } from '../../formats/sample-reports.ts'

export default class Show extends BaseCommand {
  static override summary = 'emit a report'

  static override flags = {
    report: Flags.string({ options: ['broken', 'clean', 'plan'], default: 'clean' }),
    nodes: Flags.integer({ default: 3 }),
    failing: Flags.boolean(),
    incomplete: Flags.boolean(),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Show)
    const reports = { broken, clean, plan: plan(flags.nodes) }
    this.finish(flags)
    await this.emit(reports[flags.report as keyof typeof reports], flags)
  }
}
