// The shape of a system: what it needs and a pure, incremental parser.
import type { InventoryPart } from '../model/inventory.ts'
import type { FieldsRead, FileDocument, NodeDocument, ObjectDocument, StateDocument } from '../sources/source.ts'

/** Takes documents one by one, keeps only what the inventory needs, and gives its part at the end. Never throws for a bad record: that is a Problem. */
export interface Parser {
  object?(document: ObjectDocument): void
  file?(document: FileDocument): void
  state?(document: StateDocument): void
  node?(document: NodeDocument): void
  finish(): InventoryPart
}

export interface System {
  readonly id: string
  readonly title: string
  /** `group/Kind` without the version (`/Pod`, `networking.k8s.io/ServiceCIDR`): versions move, kinds do not. */
  readonly kinds: readonly string[]
  /**
   * Fields of these kinds that its parser reads; of kinds that are not named here it gets all. Only worth it for kinds of which a cluster has many
   * thousands. What any object shows of itself (ALWAYS in needs.ts) need not be named.
   */
  readonly fields?: Readonly<Record<string, FieldsRead>>
  /** True when it reads files of nodes, peers or external networks. */
  readonly files: boolean
  parser(): Parser
}

/** Identity; it is here for the type. */
export const defineSystem = (system: System): System => system
