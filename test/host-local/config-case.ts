// The shape of one row in the table of host-local configurations, and short ways to write a configuration.

export interface ConfigCase {
  /** Says the situation. */
  readonly name: string
  /** What the plugin gets on standard input, as libcni hands it over: a plugin object with the list's name and cniVersion. Text where JSON cannot say it. */
  readonly config: Readonly<Record<string, unknown>> | string
  /** First address that ADD answers, one per range set. */
  readonly first?: readonly string[]
  /** How many single ADDs succeed before one is refused; left out where that is more than 14. */
  readonly capacity?: number
  /** Accepted by the plugin, but not what anybody wants: our tools say more than the plugin does. */
  readonly trap?: string
  /** Refused: CNI error code and text. */
  readonly refused?: { readonly code: number; readonly msg: string; readonly details?: string }
}

type Json = Readonly<Record<string, unknown>>

/** A bridge plugin object as libcni would hand it over. */
export const bridgeConfig = (ipam: Json, more: Json = {}): Json => ({
  cniVersion: '1.0.0',
  name: 'pods',
  type: 'bridge',
  ipam: { type: 'host-local', ...ipam },
  ...more,
})

export const set = (...ranges: Json[]) => bridgeConfig({ ranges: [ranges] })
export const sets = (...subnets: string[]) => bridgeConfig({ ranges: subnets.map((subnet) => [{ subnet }]) })
export const refused = (msg: string, code = 999, details?: string) => ({ refused: { code, msg, ...(details === undefined ? {} : { details }) } })
