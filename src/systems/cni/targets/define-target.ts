// The shape of a target: one kind of file that puts a plan in force.
import type { ConfRange, ConfSettings } from '../conf-settings.ts'

/** What one node is to allocate from; without a name, whichever node the file will lie on. */
export interface NodeShare {
  readonly node: string | undefined
  readonly ranges: readonly ConfRange[]
}

export interface GeneratedFile {
  readonly node: string | undefined
  /** Below the output folder, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** Two nodes that would hand out the same addresses. */
export interface Clash {
  readonly nodes: readonly [string, string]
  /** Canonical text of the two subnets, in the order of the nodes. */
  readonly subnets: readonly [string, string]
}

export interface Target {
  readonly id: string
  readonly title: string
  generate(shares: readonly NodeShare[], settings: ConfSettings): readonly GeneratedFile[]
  /**
   * Reads the files back with the reader that the audit uses and compares them with each other.
   *
   * @throws Error when a file does not say what was asked for, which is a fault of this program
   */
  findClashes(files: readonly GeneratedFile[], shares: readonly NodeShare[]): Iterable<Clash>
}

/** Identity; it is here for the type. */
export const defineTarget = <T extends Target>(target: T): T => target
