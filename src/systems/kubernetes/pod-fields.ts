// What pod.ts and pod-annotations.ts read of a pod: about a tenth of it. test/systems/needs.test.ts fails when they read more.
import type { FieldTree } from '../../sources/source.ts'
import { ANNOTATIONS } from './pod-annotations.ts'

const each = (names: readonly string[]): FieldTree => Object.fromEntries(names.map((name) => [name, true as const]))

export const POD_FIELDS: FieldTree = {
  metadata: { creationTimestamp: true, deletionTimestamp: true, labels: true, annotations: each(ANNOTATIONS) },
  spec: { nodeName: true, hostNetwork: true },
  status: {
    phase: true,
    reason: true,
    podIP: true,
    podIPs: true,
    startTime: true,
    conditions: { type: true, status: true, lastTransitionTime: true },
    containerStatuses: { state: { terminated: { finishedAt: true } } },
  },
}
