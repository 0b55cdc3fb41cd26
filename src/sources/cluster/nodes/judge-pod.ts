// What a collecting pod's status says: can its log be read, will it come, or is there no hope.
import { isJsonObject, type JsonObject } from '../../unwrap-lists.ts'

export type PodState = { readonly state: 'ready' } | { readonly state: 'waiting' | 'hopeless'; readonly reason: string }

/** Reasons that do not go away by waiting; kubelet tries a pull that failed (ErrImagePull) again before it says ImagePullBackOff. */
const HOPELESS = new Set([
  'ImagePullBackOff',
  'ErrImageNeverPull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
  'CrashLoopBackOff',
  'StartError',
])

const object = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
const list = (value: unknown): readonly JsonObject[] => (Array.isArray(value) ? value.filter(isJsonObject) : [])
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The node that a pod is on, or that its DaemonSet made it for. */
export function nodeOfPod(pod: JsonObject): string | undefined {
  const spec = object(pod['spec'])
  const required = object(object(object(spec['affinity'])['nodeAffinity'])['requiredDuringSchedulingIgnoredDuringExecution'])
  const fields = list(required['nodeSelectorTerms']).flatMap((term) => list(term['matchFields']))
  const meant = fields.find(({ key }) => key === 'metadata.name')?.['values']
  return text(spec['nodeName']) || (Array.isArray(meant) ? text(meant[0]) : '') || undefined
}

export function judgePod(pod: JsonObject): PodState {
  const status = object(pod['status'])
  const [container] = list(status['containerStatuses'])
  const state = object(container?.['state'])
  if (isJsonObject(state['running'])) return { state: 'ready' }
  const stopped = isJsonObject(state['waiting']) ? state['waiting'] : object(state['terminated'])
  const reason = text(stopped['reason'])
  if (reason !== '') {
    const message = text(stopped['message']).slice(0, 300)
    const image = /image/i.test(reason) ? `; give another with --image` : ''
    return { state: HOPELESS.has(reason) ? 'hopeless' : 'waiting', reason: `its pod: ${reason}${message === '' ? '' : `: ${message}`}${image}` }
  }
  const unscheduled = list(status['conditions']).find(({ type, status: is }) => type === 'PodScheduled' && is === 'False')
  if (unscheduled !== undefined) return { state: 'waiting', reason: `its pod was not scheduled: ${text(unscheduled['message']).slice(0, 300)}` }
  if (status['phase'] === 'Failed')
    return { state: 'hopeless', reason: `its pod was refused: ${text(status['reason'])} ${text(status['message']).slice(0, 300)}` }
  return { state: 'waiting', reason: 'its pod did not start in time' }
}
