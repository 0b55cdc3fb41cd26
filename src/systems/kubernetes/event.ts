// The kinds of Event that explain address faults.
import type { ClusterEvent } from '../../model/inventory.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { defined, textAt, timeAt, valueAt } from './fields.ts'
import { sandboxFault } from './sandbox-fault.ts'

/** A person reads the beginning; the middle of a long message repeats names that the event has already. */
const LONGEST = 500

export function parseEvent(document: ObjectDocument): ClusterEvent | undefined {
  const { object, origin } = document
  const target = (key: string) => textAt(object, 'involvedObject', key) ?? textAt(object, 'regarding', key)
  const message = textAt(object, 'message') ?? textAt(object, 'note') ?? ''
  const pod = `${target('namespace')}/${target('name')}`
  const told = { message: message.slice(0, LONGEST), ...timesOf(object), origin }
  switch (textAt(object, 'reason')) {
    // kube-controller-manager's cidrAllocator writes it as a Normal event: a filter on Warning would hide it.
    case 'CIDRNotAvailable':
      return { kind: 'no-node-range', subject: target('name') ?? '?', ...told }
    case 'FailedScheduling':
      return { kind: 'not-scheduled', subject: pod, ...told }
    case 'FailedCreatePodSandBox':
    case 'NetworkNotReady':
      return { kind: 'sandbox-failed', subject: pod, ...sandboxIn(message), ...sandboxFault(message), ...told }
    case 'FailedKillPod':
      return { kind: 'sandbox-failed', subject: pod, ...sandboxIn(message), ...told }
    default:
      return undefined
  }
}

/** containerd and CRI-O both name the sandbox id (64 hex digits) in the message. */
function sandboxIn(message: string): Pick<ClusterEvent, 'sandbox'> {
  const sandbox = /[0-9a-f]{64}/.exec(message)?.[0]
  return sandbox === undefined ? {} : { sandbox }
}

/** Events of events.k8s.io count in a series, those of core/v1 by themselves; a newer writer fills eventTime alone. */
function timesOf(object: unknown): Pick<ClusterEvent, 'count' | 'lastAt'> {
  const count = valueAt(object, 'series', 'count') ?? valueAt(object, 'count') ?? valueAt(object, 'deprecatedCount')
  const lastAt =
    timeAt(object, 'series', 'lastObservedTime') ??
    timeAt(object, 'lastTimestamp') ??
    timeAt(object, 'deprecatedLastTimestamp') ??
    timeAt(object, 'eventTime')
  return defined({ count: typeof count === 'number' && Number.isSafeInteger(count) && count > 0 ? count : undefined, lastAt })
}
