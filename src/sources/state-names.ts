// Says which directories host-local may have written, by where they lie and by the names in them.
import type { Listed } from './list-directory.ts'

/** Parents of network directories, below a node's root: the default dataDir, kindnet's, and antrea's. */
export const STATE_PARENTS = [
  'var/lib/cni/networks',
  'run/cni-ipam-state',
  'var/run/cni-ipam-state',
  'var/run/antrea/cni/networks',
  'run/antrea/cni/networks',
] as const

/** Dotted numbers, right or wrong (`10.244.1.05`), and IPv6 with `:` or, as Windows writes it, `_`. */
const ADDRESS_LIKE = /^(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]*(?:[:_][0-9a-f]*){2,})$/i
const NETWORK_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

export const looksLikeAddress = (name: string): boolean => name.length < 64 && ADDRESS_LIKE.test(name)

/** CNI's rule for network names (SPEC.md, since 0.8.0). */
export const isNetworkName = (name: string): boolean => NETWORK_NAME.test(name)

export const looksLikeState = (entries: readonly Listed[]): boolean =>
  entries.some(({ name, kind }) => {
    if (kind === 'directory') return false
    return (kind === 'file' && (name === 'lock' || name.startsWith('last_reserved_ip.'))) || looksLikeAddress(name)
  })

export const isStateParent = (path: string): boolean => STATE_PARENTS.some((parent) => path === parent)

/** True for `var/lib/cni/networks/cbr0`: whatever lies there is a network, empty or not. */
export const isNetworkDirectory = (path: string): boolean =>
  STATE_PARENTS.some((parent) => path.startsWith(`${parent}/`) && !path.includes('/', parent.length + 1))
