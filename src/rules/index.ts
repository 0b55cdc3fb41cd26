// Every audit rule, by class and number. A new one is a new file and a line here.
import type { Rule } from './define-rule.ts'
import { hostBridgeOverlap } from './host-bridge-overlap.ts'
import { maxpodsExceedsRange } from './maxpods-exceeds-range.ts'
import { nodeRangeFull } from './node-range-full.ts'
import { nodeSlots } from './node-slots.ts'
import { podRangeOverlapsNodeAddresses } from './pod-range-overlaps-node-addresses.ts'
import { podRangeOverlapsServiceRange } from './pod-range-overlaps-service-range.ts'
import { reservedOrCniInternalRange } from './reserved-or-cni-internal-range.ts'
import { serviceRange } from './service-range.ts'

export const rules: readonly Rule[] = [
  podRangeOverlapsServiceRange,
  podRangeOverlapsNodeAddresses,
  hostBridgeOverlap,
  reservedOrCniInternalRange,
  nodeSlots,
  nodeRangeFull,
  maxpodsExceedsRange,
  serviceRange,
]
