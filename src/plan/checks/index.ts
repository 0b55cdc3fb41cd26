// Every planner check, by number. A new one is a new file and a line here.
import { alignment } from './alignment.ts'
import { autoscalerMaximum } from './autoscaler-maximum.ts'
import type { PlanCheck } from './define-check.ts'
import { disjointnessMatrix } from './disjointness-matrix.ts'
import { doublingRule } from './doubling-rule.ts'
import { dualStackMasks } from './dual-stack-masks.ts'
import { familiesMatch } from './families-match.ts'
import { growth } from './growth.ts'
import { hostLocalRangesOnSharedL2 } from './host-local-ranges-on-shared-l2.ts'
import { irreversibleChoices } from './irreversible-choices.ts'
import { nonRfc1918 } from './non-rfc1918.ts'
import { overAllocation } from './over-allocation.ts'
import { peeredNetworks } from './peered-networks.ts'
import { reachabilityOfWebhooks } from './reachability-of-webhooks.ts'
import { roomForASecondPool } from './room-for-a-second-pool.ts'
import { routeCount } from './route-count.ts'
import { serviceRangeInsidePodRange } from './service-range-inside-pod-range.ts'
import { serviceRangeSize } from './service-range-size.ts'
import { specialUseSpace } from './special-use-space.ts'
import { surge } from './surge.ts'
import { tinyNets } from './tiny-nets.ts'

export const checks: readonly PlanCheck[] = [
  doublingRule,
  growth,
  surge,
  autoscalerMaximum,
  dualStackMasks,
  familiesMatch,
  disjointnessMatrix,
  serviceRangeInsidePodRange,
  serviceRangeSize,
  specialUseSpace,
  peeredNetworks,
  overAllocation,
  alignment,
  reachabilityOfWebhooks,
  roomForASecondPool,
  nonRfc1918,
  hostLocalRangesOnSharedL2,
  tinyNets,
  routeCount,
  irreversibleChoices,
]
