// One plugin chain to the networks that it allocates addresses for.
import type { NodeNetwork } from '../../model/node-state.ts'
import type { Complain } from './configuration-reading.ts'
import { field, isObject, type JsonObject, quote, textField } from './go-object.ts'
import { readHostLocal, type Supplier } from './read-host-local.ts'
import { isSharedSegment } from './shared-segment.ts'

/** Where host-local keeps its state unless told otherwise (`backend/disk/backend.go`). */
const DEFAULT_DATA_DIR = '/var/lib/cni/networks'

export interface Chain {
  readonly name: string
  readonly cniVersion: string | undefined
  readonly plugins: readonly JsonObject[]
}

export const typeOf = (plugin: JsonObject): string => textField(plugin, 'type') ?? ''

/** Antrea's agent adds the ranges to its host-local call, as flannel does. */
const supplierOf = (type: string): Supplier => (type === 'flannel' || type === 'antrea' ? 'daemon' : type === 'calico' ? 'calico' : 'nobody')

/** Go's filepath.Clean, which host-local applies before it makes the directory. */
function cleanPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop()
    else if (part !== '' && part !== '.' && !(part === '..' && path.startsWith('/'))) parts.push(part)
  }
  return (path.startsWith('/') ? '/' : '') + parts.join('/')
}

function readDataDir(ipam: JsonObject, complain: Complain): string {
  const value = field(ipam, 'dataDir')
  if (value === undefined || value === '') return DEFAULT_DATA_DIR
  if (typeof value === 'string') return cleanPath(value)
  complain('unreadable', `dataDir is ${quote(value)}, not a path; host-local refuses it`)
  return DEFAULT_DATA_DIR
}

/** flannel builds a bridge with host-local itself; its `ipam` may only add to that. */
function ipamOf(plugin: JsonObject): { readonly ipam: JsonObject; readonly type: string } {
  const value = field(plugin, 'ipam')
  const ipam = isObject(value) ? value : {}
  return { ipam, type: textField(ipam, 'type') ?? (typeOf(plugin) === 'flannel' ? 'host-local' : '') }
}

function isShared(plugin: JsonObject, ipam: JsonObject): boolean {
  if (typeOf(plugin) !== 'flannel') return isSharedSegment(typeOf(plugin), plugin, ipam)
  const delegate = field(plugin, 'delegate')
  // The bridge that flannel makes is a gateway.
  return isObject(delegate) && isSharedSegment(textField(delegate, 'type') ?? 'ptp', delegate, {})
}

/** `complain` names the file already. Network names are unique per file, and plugins of one chain share one directory. */
export function readNetworks(chain: Chain, file: string, order: number | undefined, complain: Complain): NodeNetwork[] {
  const { name } = chain
  const say: Complain = (kind, message, addresses) => complain(kind, `network "${name}": ${message}`, addresses)
  const plain = (type: string, ipam: string, plugin: JsonObject): NodeNetwork => {
    return { name, file, order, type, ipam, dataDir: '', ranges: [], rangesFromNode: false, sharedSegment: isShared(plugin, {}) }
  }
  const networks: NodeNetwork[] = []
  for (const plugin of chain.plugins) {
    const { ipam, type } = ipamOf(plugin)
    if (type === '') continue
    const network = { ...plain(typeOf(plugin), type, plugin), sharedSegment: isShared(plugin, ipam) }
    if (type !== 'host-local') networks.push(network)
    else {
      const read = readHostLocal(ipam, supplierOf(typeOf(plugin)), chain.cniVersion, say)
      networks.push({ ...network, ...read, dataDir: readDataDir(ipam, say) })
    }
  }
  const main = chain.plugins[0]
  if (networks.length === 0 && main !== undefined) networks.push(plain(typeOf(main), '', main))
  return networks
}
