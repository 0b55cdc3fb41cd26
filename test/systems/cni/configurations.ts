// Short ways to write a configuration and to compare what was read from it.
import type { NodeNetwork } from '../../../src/model/node-state.ts'
import { formatAddress, formatCidr, formatValue } from '../../../src/net/index.ts'
import { readConfiguration } from '../../../src/systems/cni/read-configuration.ts'

export const FILE = 'etc/cni/net.d/10-pods.conflist'

export const chain = (...plugins: unknown[]): string => JSON.stringify({ cniVersion: '1.0.0', name: 'pods', plugins })
export const bridge = (ipam: unknown, more: object = {}) => ({ type: 'bridge', bridge: 'cni0', isGateway: true, ...more, ipam })
export const hostLocal = (ipam: object) => chain(bridge({ type: 'host-local', ...ipam }))
export const oneRange = (range: object) => hostLocal({ ranges: [[range]] })

/** Ranges as short text: set:first-last gw gateway of subnet. */
export const ranges = (network: NodeNetwork | undefined): string[] =>
  (network?.ranges ?? []).map(({ set, range, gateway, subnet }) => {
    const bounds = `${formatValue(range.family, range.first)}-${formatValue(range.family, range.last)}`
    return `${set}:${bounds} gw ${formatAddress(gateway)} of ${formatCidr(subnet)}`
  })
export const problems = (text: string, file = FILE) => readConfiguration(text, file).problems.map(({ kind, message }) => `${kind}: ${message}`)
export const at = (rest: string) => `${FILE}: network "pods": ${rest}`
