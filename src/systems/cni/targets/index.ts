// The list of targets: a new one is a file here and a line in this list.
import { conflist } from './conflist.ts'
import type { Target } from './define-target.ts'

/** The first is the default. */
export const targets: readonly [Target, ...Target[]] = [conflist]

/** @throws Error for an id that the list does not have; flags are checked against it */
export function targetOf(id: string): Target {
  const target = targets.find((known) => known.id === id)
  if (target === undefined) throw new Error(`no target ${id}`)
  return target
}
