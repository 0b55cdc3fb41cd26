// Does a pod hold its address? kubelet keeps the last podIP in status after the sandbox is gone.
import type { Time } from './base.ts'
import type { Pod } from './inventory.ts'

export const podId = (pod: Pod): string => `${pod.namespace}/${pod.name}`

/** Succeeded or Failed: the address shown is normally back in the pool (kubernetes #92697). */
export const isTerminal = (pod: Pod): boolean => pod.phase === 'Succeeded' || pod.phase === 'Failed'

export const isTerminating = (pod: Pod): boolean => pod.deletedAt !== undefined

/** Holds at least one address of its own. A pending pod with an address (init containers) does. */
export const isLive = (pod: Pod): boolean => !pod.hostNetwork && !isTerminal(pod) && (pod.addresses.length > 0 || pod.interfaces.length > 0)

/** Scheduled, and may own an address that kubelet has not reported yet. */
export const isBlind = (pod: Pod): boolean => !pod.hostNetwork && !isTerminal(pod) && pod.node !== undefined && pod.addresses.length === 0

/** A terminating pod whose deadline passed more than `grace` milliseconds ago: it is stuck, not on its way out. */
export const isOverdue = (pod: Pod, now: Time, grace: number): boolean => pod.deletedAt !== undefined && pod.deletedAt + grace < now

/** When the pod began to run, as far as its object says. */
export const runningSince = (pod: Pod): Time | undefined => pod.startedAt ?? pod.scheduledAt ?? pod.createdAt
