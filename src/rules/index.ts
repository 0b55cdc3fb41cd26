// Every audit rule, by class and number. A new one is a new file and a line here.
import { allocationOfVanishedNode } from './allocation-of-vanished-node.ts'
import { ambiguousAddressText } from './ambiguous-address-text.ts'
import { calicoAllocationWithoutOwner } from './calico-allocation-without-owner.ts'
import { calicoBlockPressure } from './calico-block-pressure.ts'
import { conflistPrecedence } from './conflist-precedence.ts'
import { connectedClustersOverlap } from './connected-clusters-overlap.ts'
import { crdIpamOrphan } from './crd-ipam-orphan.ts'
import type { Rule } from './define-rule.ts'
import { diskVsApi } from './disk-vs-api.ts'
import { externalNetworkOverlap } from './external-network-overlap.ts'
import { familyMismatch } from './family-mismatch.ts'
import { hostBridgeOverlap } from './host-bridge-overlap.ts'
import { inputsIncompleteOrSkewed } from './inputs-incomplete-or-skewed.ts'
import { lbPoolOverlap } from './lb-pool-overlap.ts'
import { maxpodsExceedsRange } from './maxpods-exceeds-range.ts'
import { nodeLocalIpamOnSharedRange } from './node-local-ipam-on-shared-range.ts'
import { nodeRangeFull } from './node-range-full.ts'
import { nodeRangeOverlap } from './node-range-overlap.ts'
import { nodeSlots } from './node-slots.ts'
import { nonRunningPodHoldsAddress } from './non-running-pod-holds-address.ts'
import { orphanOrUnsyncedRange } from './orphan-or-unsynced-range.ts'
import { podIpDuplicate } from './pod-ip-duplicate.ts'
import { podIpIsInfrastructureIp } from './pod-ip-is-infrastructure-ip.ts'
import { podIpOutsideRange } from './pod-ip-outside-range.ts'
import { podRangeOverlapsNodeAddresses } from './pod-range-overlaps-node-addresses.ts'
import { podRangeOverlapsServiceRange } from './pod-range-overlaps-service-range.ts'
import { poolOrSubnetExhaustion } from './pool-or-subnet-exhaustion.ts'
import { poolOverlapsPool } from './pool-overlaps-pool.ts'
import { rangeLint } from './range-lint.ts'
import { rangeOutsideDeclaredPool } from './range-outside-declared-pool.ts'
import { reportedIpDiffersFromRecorded } from './reported-ip-differs-from-recorded.ts'
import { reservedAddressInUse } from './reserved-address-in-use.ts'
import { reservedOrCniInternalRange } from './reserved-or-cni-internal-range.ts'
import { reuseIntervalTooShort } from './reuse-interval-too-short.ts'
import { serviceRange } from './service-range.ts'
import { staleAllocationFile } from './stale-allocation-file.ts'
import { stateFileFault } from './state-file-fault.ts'
import { storeInconsistent } from './store-inconsistent.ts'
import { storeSplitBrain } from './store-split-brain.ts'
import { twoAllocatorsOneRange } from './two-allocators-one-range.ts'

export const rules: readonly Rule[] = [
  podIpDuplicate,
  nodeRangeOverlap,
  nodeLocalIpamOnSharedRange,
  twoAllocatorsOneRange,
  podIpIsInfrastructureIp,
  reportedIpDiffersFromRecorded,
  staleAllocationFile,
  calicoAllocationWithoutOwner,
  allocationOfVanishedNode,
  crdIpamOrphan,
  nonRunningPodHoldsAddress,
  podRangeOverlapsServiceRange,
  podRangeOverlapsNodeAddresses,
  hostBridgeOverlap,
  externalNetworkOverlap,
  lbPoolOverlap,
  reservedOrCniInternalRange,
  poolOverlapsPool,
  connectedClustersOverlap,
  nodeSlots,
  nodeRangeFull,
  maxpodsExceedsRange,
  calicoBlockPressure,
  serviceRange,
  poolOrSubnetExhaustion,
  reuseIntervalTooShort,
  rangeOutsideDeclaredPool,
  familyMismatch,
  diskVsApi,
  podIpOutsideRange,
  orphanOrUnsyncedRange,
  storeSplitBrain,
  reservedAddressInUse,
  storeInconsistent,
  conflistPrecedence,
  rangeLint,
  stateFileFault,
  ambiguousAddressText,
  inputsIncompleteOrSkewed,
]
