// Every audit rule, by class and number. A new one is a new file and a line here.
import { ambiguousAddressText } from './ambiguous-address-text.ts'
import { conflistPrecedence } from './conflist-precedence.ts'
import type { Rule } from './define-rule.ts'
import { diskVsApi } from './disk-vs-api.ts'
import { familyMismatch } from './family-mismatch.ts'
import { inputsIncompleteOrSkewed } from './inputs-incomplete-or-skewed.ts'
import { nodeLocalIpamOnSharedRange } from './node-local-ipam-on-shared-range.ts'
import { nodeRangeOverlap } from './node-range-overlap.ts'
import { nonRunningPodHoldsAddress } from './non-running-pod-holds-address.ts'
import { podIpDuplicate } from './pod-ip-duplicate.ts'
import { podIpIsInfrastructureIp } from './pod-ip-is-infrastructure-ip.ts'
import { podIpOutsideRange } from './pod-ip-outside-range.ts'
import { rangeLint } from './range-lint.ts'
import { rangeOutsideDeclaredPool } from './range-outside-declared-pool.ts'
import { staleAllocationFile } from './stale-allocation-file.ts'
import { stateFileFault } from './state-file-fault.ts'
import { storeSplitBrain } from './store-split-brain.ts'

export const rules: readonly Rule[] = [
  podIpDuplicate,
  nodeRangeOverlap,
  nodeLocalIpamOnSharedRange,
  podIpIsInfrastructureIp,
  staleAllocationFile,
  nonRunningPodHoldsAddress,
  rangeOutsideDeclaredPool,
  familyMismatch,
  diskVsApi,
  podIpOutsideRange,
  storeSplitBrain,
  conflistPrecedence,
  rangeLint,
  stateFileFault,
  ambiguousAddressText,
  inputsIncompleteOrSkewed,
]
