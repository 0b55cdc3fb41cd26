// Joins the parts of all systems into one inventory and builds the indexes that rules share.
import type { InventoryPart, Mode, ModeSignal, Origin, Time } from './inventory.ts'

type Lists = { readonly [K in keyof InventoryPart]-?: NonNullable<InventoryPart[K]> }

export interface Inventory extends Lists {
  readonly observedAt: Time
  readonly cluster: string
  readonly systems: readonly string[]
  readonly mode: Mode
  readonly modeSignals: readonly ModeSignal[]
  readonly origin?: Origin
}
