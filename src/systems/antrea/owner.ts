// Whom an entry of an Antrea IPPool names.
import type { Allocation } from '../../model/inventory.ts'
import { textAt, valueAt } from '../kubernetes/fields.ts'

/** An address is kept for a StatefulSet while no pod has it (phase Reserved or Preallocated): the set, not a pod, owns it then. */
export function holderOf(entry: unknown): Pick<Allocation, 'owner'> & Partial<Pick<Allocation, 'attachment' | 'purpose' | 'handle'>> {
  const pod = valueAt(entry, 'owner', 'pod')
  const podName = textAt(pod, 'name')
  if (podName !== undefined && podName !== '') {
    const sandbox = textAt(pod, 'containerID') || undefined
    const device = textAt(pod, 'ifName') || undefined
    return {
      owner: { kind: 'pod', id: `${textAt(pod, 'namespace') ?? 'default'}/${podName}` },
      ...(sandbox === undefined ? {} : { handle: sandbox, attachment: { sandbox, ...(device === undefined ? {} : { interface: device }) } }),
    }
  }
  const set = valueAt(entry, 'owner', 'statefulSet')
  const setName = textAt(set, 'name')
  if (setName === undefined || setName === '') return { owner: { kind: 'unknown', id: '?' } }
  const id = `${textAt(set, 'namespace') ?? 'default'}/${setName}`
  return { owner: { kind: 'unknown', id: `${id}-${String(valueAt(set, 'index') ?? '?')}` }, purpose: `kept for StatefulSet ${id}` }
}
