// Every audit rule, by class and number. A new one is a new file and a line here.
import { ambiguousAddressText } from './ambiguous-address-text.ts'
import { conflistPrecedence } from './conflist-precedence.ts'
import type { Rule } from './define-rule.ts'
import { diskVsApi } from './disk-vs-api.ts'
import { familyMismatch } from './family-mismatch.ts'
import { inputsIncompleteOrSkewed } from './inputs-incomplete-or-skewed.ts'
import { nodeLocalIpamOnSharedRange } from './node-local-ipam-on-shared-range.ts'
import { podIpOutsideRange } from './pod-ip-outside-range.ts'
import { rangeLint } from './range-lint.ts'
import { rangeOutsideDeclaredPool } from './range-outside-declared-pool.ts'
import { stateFileFault } from './state-file-fault.ts'

export const rules: readonly Rule[] = [
  nodeLocalIpamOnSharedRange,
  rangeOutsideDeclaredPool,
  familyMismatch,
  diskVsApi,
  podIpOutsideRange,
  conflistPrecedence,
  rangeLint,
  stateFileFault,
  ambiguousAddressText,
  inputsIncompleteOrSkewed,
]
