// The CNI configuration inside a NetworkAttachmentDefinition: a string that may be absent, a single plugin, a list, or no JSON at all.
import type { NodeNetwork } from '../../model/node-state.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import type { ConfigurationProblem } from '../cni/configuration-reading.ts'
import { field, isObject, type JsonObject, textField } from '../cni/go-object.ts'
import { readConfiguration } from '../cni/read-configuration.ts'
import { idOf, textAt, valueAt } from '../kubernetes/fields.ts'

/** Multus' key of a definition; objects without a namespace live in `default`. */
export const attachmentId = (object: unknown): string =>
  textAt(object, 'metadata', 'namespace') === undefined ? `default/${idOf(object)}` : idOf(object)

export interface AttachmentConfig {
  /** namespace/name. */
  readonly id: string
  /** CNI network name; Multus fills in the name of the object where the configuration has none. */
  readonly name: string
  /** The first plugin, and its ipam object. */
  readonly plugin: JsonObject
  readonly ipam: JsonObject
  /** What the reader of host-local and friends made of it. */
  readonly network: NodeNetwork | undefined
  readonly problems: readonly ConfigurationProblem[]
}

export interface AttachmentReading {
  readonly id: string
  /** Undefined where spec.config is absent or empty: it then lies in a file on the nodes (multus-cni, docs/configuration.md). */
  readonly config?: AttachmentConfig
  readonly error?: string
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function readAttachment({ object }: Pick<ObjectDocument, 'object'>): AttachmentReading {
  const id = attachmentId(object)
  const given = valueAt(object, 'spec', 'config')
  if (given === undefined || given === null || given === '') return { id }
  if (typeof given !== 'string') return { id, error: 'spec.config is not a string; it takes the CNI configuration as JSON text' }
  const parsed = parseJson(given)
  const named = isObject(parsed) && textField(parsed, 'name') === undefined ? { ...parsed, name: textAt(object, 'metadata', 'name') ?? '' } : parsed
  const reading = readConfiguration(named === undefined ? given : JSON.stringify(named), `NetworkAttachmentDefinition ${id}`)
  if (reading.error !== undefined || !isObject(named)) return { id, error: `spec.config: ${reading.error ?? 'not a JSON object'}` }
  const listed = field(named, 'plugins')
  const plugin = Array.isArray(listed) && isObject(listed[0]) ? listed[0] : named
  const ipam = field(plugin, 'ipam')
  return {
    id,
    config: {
      id,
      name: reading.name ?? '',
      plugin,
      ipam: isObject(ipam) ? ipam : {},
      network: reading.networks.find((network) => network.ipam !== '') ?? reading.networks[0],
      problems: reading.problems,
    },
  }
}
