// Where a Node object says which range its pods draw from, as text.
import { listAt, textAt, valueAt } from './fields.ts'

export interface NodeRangeTexts {
  /** For messages. */
  readonly field: string
  readonly texts: readonly unknown[]
}

/** kube-router takes its own annotations before the spec (pkg/utils/pod_cidr.go). */
const OVERRIDES = ['kube-router.io/pod-cidrs', 'kube-router.io/pod-cidr']

export function nodeRangeTexts(object: unknown): NodeRangeTexts {
  for (const key of OVERRIDES) {
    const text = textAt(object, 'metadata', 'annotations', key)
    if (text !== undefined && text.trim() !== '') return { field: `annotation ${key}`, texts: text.split(',').map((part) => part.trim()) }
  }
  const list = listAt(object, 'spec', 'podCIDRs')
  if (list.length > 0) return { field: 'spec.podCIDRs', texts: list }
  const single = valueAt(object, 'spec', 'podCIDR')
  return { field: 'spec.podCIDR', texts: single === undefined || single === null || single === '' ? [] : [single] }
}
