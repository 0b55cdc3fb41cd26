// Every audit rule, by class and number. A new one is a new file and a line here.
import type { Rule } from './define-rule.ts'

export const rules: readonly Rule[] = []
