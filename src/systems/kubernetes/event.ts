// Two kinds of Event that explain address faults.
import type { ClusterEvent } from '../../model/inventory.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { textAt } from './fields.ts'

/** kube-controller-manager's cidrAllocator writes CIDRNotAvailable as a Normal event: a filter on Warning would hide it. */
export function parseEvent(document: ObjectDocument): ClusterEvent | undefined {
  const { object, origin } = document
  const reason = textAt(object, 'reason')
  const target = (key: string) => textAt(object, 'involvedObject', key) ?? textAt(object, 'regarding', key)
  if (reason === 'CIDRNotAvailable') return { kind: 'no-node-range', subject: target('name') ?? '?', origin }
  if (reason !== 'FailedCreatePodSandBox' && reason !== 'FailedKillPod') return undefined
  // containerd and CRI-O both name the sandbox id (64 hex digits) in the message.
  const sandbox = /[0-9a-f]{64}/.exec(textAt(object, 'message') ?? textAt(object, 'note') ?? '')?.[0]
  return sandbox === undefined ? undefined : { kind: 'sandbox-failed', subject: `${target('namespace')}/${target('name')}`, sandbox, origin }
}
