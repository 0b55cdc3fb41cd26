// What a saved object leaves out by default: bookkeeping that is half of its size, and values that are often secrets. No rule reads any of it.
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'

/** kubectl's copy of the manifest holds the environment values once more. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'] as const

const without = (object: JsonObject, key: string): JsonObject => Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))

/** Names of environment variables stay, their values go. */
function pruneContainer(container: unknown): unknown {
  if (!isJsonObject(container) || !Array.isArray(container['env'])) return container
  return { ...container, env: container['env'].map((entry: unknown) => (isJsonObject(entry) ? without(entry, 'value') : entry)) }
}

function pruneSpec(spec: JsonObject): JsonObject {
  const pruned = CONTAINERS.flatMap((key) => (Array.isArray(spec[key]) ? [[key, spec[key].map(pruneContainer)] as const] : []))
  return { ...spec, ...Object.fromEntries(pruned) }
}

/** A copy; unknown kinds lose managedFields and kubectl's copy only. */
export function pruneObject(kind: string, object: JsonObject): JsonObject {
  const { metadata, spec } = object
  const result: Record<string, unknown> = { ...object }
  if (isJsonObject(metadata)) {
    const { annotations } = metadata
    result['metadata'] = {
      ...without(metadata, 'managedFields'),
      ...(isJsonObject(annotations) ? { annotations: without(annotations, LAST_APPLIED) } : {}),
    }
  }
  if (kind === 'Pod' && isJsonObject(spec)) result['spec'] = pruneSpec(spec)
  return result
}
