// What reading one CNI configuration file gives.
import type { NodeNetwork } from '../../model/node-state.ts'

export interface ConfigurationProblem {
  /** `wrong-range` is CFG-602, `ambiguous` CFG-604; `note` is worth knowing and no fault. */
  readonly kind: 'wrong-range' | 'unreadable' | 'ambiguous' | 'note'
  /** Names the file, the network and the range. */
  readonly message: string
  /** Canonical text of the networks and ranges that it is about. */
  readonly addresses?: readonly string[]
}

export interface ConfigurationReading {
  readonly file: string
  readonly name: string | undefined
  readonly cniVersion: string | undefined
  /** Type of the first plugin. */
  readonly type: string | undefined
  /** Types of all plugins, in chain order. */
  readonly plugins: readonly string[]
  /**
   * One entry for each plugin that has an IPAM, or one with an empty `ipam` when none has. `order` is relative: 0 is what the runtime attaches
   * as this file's network, undefined a Multus delegate that is not the default. `dataDir` is empty where host-local keeps no state.
   */
  readonly networks: readonly NodeNetwork[]
  /** What Multus uses as the default network when that is configured elsewhere: a network name, an attachment name, or a file path. */
  readonly clusterNetwork: string | undefined
  readonly problems: readonly ConfigurationProblem[]
  /** Why the file cannot be used at all, without its name; undefined when it can. */
  readonly error: string | undefined
}

/** Takes a problem; the caller knows file and network. */
export type Complain = (kind: ConfigurationProblem['kind'], message: string, addresses?: readonly string[]) => void
