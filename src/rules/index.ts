// Every audit rule, by class and number. A new one is a new file and a line here.
import type { Rule } from './define-rule.ts'
import { nodeRangeOverlap } from './node-range-overlap.ts'
import { nonRunningPodHoldsAddress } from './non-running-pod-holds-address.ts'
import { podIpDuplicate } from './pod-ip-duplicate.ts'
import { podIpIsInfrastructureIp } from './pod-ip-is-infrastructure-ip.ts'
import { staleAllocationFile } from './stale-allocation-file.ts'
import { storeSplitBrain } from './store-split-brain.ts'

export const rules: readonly Rule[] = [
  podIpDuplicate,
  nodeRangeOverlap,
  podIpIsInfrastructureIp,
  staleAllocationFile,
  nonRunningPodHoldsAddress,
  storeSplitBrain,
]
