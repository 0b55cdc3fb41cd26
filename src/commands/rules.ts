// `ipam rules`: what the audit looks for, and one rule in full.
import { Args } from '@oclif/core'
import { BaseCommand } from '../cli/base-command.ts'
import { describeRule } from '../cli/describe-rule.ts'
import { UsageError } from '../model/errors.ts'
import { ruleReport } from '../report/rule-report.ts'
import { rules } from '../rules/index.ts'
import { matchesRule } from '../rules/run-rules.ts'

export default class Rules extends BaseCommand {
  static override reportKind = 'RuleList' as const

  static override summary = 'list the rules, or one rule with its reason, its guards and its fix'

  static override examples = ['<%= config.bin %> rules', '<%= config.bin %> rules LEAK-201', '<%= config.bin %> rules CAP -o json']

  static override args = { rule: Args.string({ ignoreStdin: true, description: 'id, name or class: LEAK-201, stale-allocation-file, LEAK' }) }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Rules)
    const { rule: selector } = args
    const chosen = selector === undefined ? rules : rules.filter((rule) => matchesRule(rule, selector))
    if (chosen.length === 0) throw new UsageError(`"${selector}" is no rule; \`ipam rules\` lists ids, names and classes`)
    await this.emit(ruleReport(chosen.map(describeRule)), flags)
    this.finish({ failing: false, incomplete: false })
  }
}
