// YAML inside of an object or a file of a node.
import { parse } from 'yaml'

/** Undefined for text that is not YAML: a hand-edited ConfigMap is a poorer source, not a fault of addresses. */
export function embeddedYaml(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : parse(text, { maxAliasCount: 20, logLevel: 'error' })
  } catch {
    return undefined
  }
}
