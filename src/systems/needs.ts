// What all systems together read of each kind, so that a source need not make values of the rest.
import type { FieldsRead, FieldTree, Needs } from '../sources/source.ts'
import type { System } from './define-system.ts'

/** By which an object is known, and of two copies the newer. */
const ALWAYS: FieldTree = { apiVersion: true, kind: true, metadata: { name: true, namespace: true, uid: true, resourceVersion: true } }

function merge(one: FieldTree, other: FieldTree): FieldTree {
  const merged: Record<string, true | FieldTree> = { ...one }
  for (const [name, below] of Object.entries(other)) {
    const known = merged[name]
    merged[name] = known === undefined ? below : known === true || below === true ? true : merge(known, below)
  }
  return merged
}

/** Without the kinds that one of the systems wants whole. */
export function needsOf(systems: readonly System[]): Needs {
  const needs = new Map<string, FieldsRead>()
  for (const kind of new Set(systems.flatMap(({ fields }) => Object.keys(fields ?? {})))) {
    const readers = systems.filter(({ kinds }) => kinds.includes(kind)).map(({ fields }) => fields?.[kind])
    const known = readers.filter((reader) => reader !== undefined)
    if (known.length < readers.length) continue
    const tests = known.flatMap(({ whole }) => whole ?? [])
    needs.set(kind, {
      fields: known.reduce((tree, { fields }) => merge(tree, fields), ALWAYS),
      whole: (object) => tests.some((isNeeded) => isNeeded(object)),
    })
  }
  return needs
}
