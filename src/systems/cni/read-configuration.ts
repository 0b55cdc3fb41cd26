// One CNI configuration file (.conflist, .conf, or the text of a network attachment) as libcni and the plugins would take it.
import type { NodeNetwork } from '../../model/node-state.ts'
import type { Complain, ConfigurationProblem, ConfigurationReading } from './configuration-reading.ts'
import { field, isObject, type JsonObject, quote, textField } from './go-object.ts'
import { findJsonFault } from './json-fault.ts'
import { isNetworkName } from './network-name.ts'
import { chainOf } from './read-chain.ts'
import { type Chain, readNetworks, typeOf } from './read-network.ts'

const MULTUS = new Set(['multus', 'multus-shim'])

/** @returns what the text says; never throws: a file that no runtime would load has `error`, and no networks. */
export function readConfiguration(text: string, file: string): ConfigurationReading {
  const problems: ConfigurationProblem[] = []
  const complain: Complain = (kind, message, addresses) => {
    problems.push({ kind, message: `${file}: ${message}`, ...(addresses === undefined ? {} : { addresses }) })
  }
  const unusable = (error: string, seen: Partial<ConfigurationReading> = {}): ConfigurationReading => {
    const nothing = { name: undefined, cniVersion: undefined, type: undefined, plugins: [], clusterNetwork: undefined }
    return { ...nothing, ...seen, file, networks: [], problems, error }
  }
  const parsed = parseText(text, complain)
  if (typeof parsed === 'string') return unusable(parsed)
  const chain = chainOf(parsed, file)
  if ('error' in chain) return unusable(chain.error, chain.seen)
  const { name, cniVersion } = chain
  const plugins = chain.plugins.map(typeOf)
  const seen = { name, cniVersion, type: plugins[0], plugins }
  if (!isNetworkName(name))
    return unusable(`the network name ${quote(name)} is not allowed: it takes letters, digits, "_", "." and "-", a letter or digit first`, seen)
  const multus = chain.plugins.find((plugin) => MULTUS.has(typeOf(plugin)))
  const networks = multus === undefined ? readNetworks(chain, file, 0, complain) : readDelegates(multus, file, complain)
  const clusterNetwork = multus === undefined ? undefined : textField(multus, 'clusterNetwork')
  return { ...seen, file, networks, clusterNetwork, problems, error: undefined }
}

/** The object, or why there is none. */
function parseText(input: string, complain: Complain): JsonObject | string {
  const text = input.replace(/^\uFEFF/, '')
  if (text !== input) complain('note', 'starts with a byte order mark; Go refuses JSON with one, so save the file without')
  if (text.trim() === '') return 'the file is empty'
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const fault = findJsonFault(text)
    return fault === undefined ? 'not valid JSON' : `not valid JSON at ${fault.line}:${fault.column}: ${fault.reason}`
  }
  return isObject(value) ? value : `holds ${quote(value)}, not a JSON object`
}

/** Multus attaches every delegate to every pod, the first as the default network, unless clusterNetwork names another. */
function readDelegates(multus: JsonObject, file: string, complain: Complain): NodeNetwork[] {
  const delegates = field(multus, 'delegates')
  const ownDefault = textField(multus, 'clusterNetwork') === undefined
  return (Array.isArray(delegates) ? (delegates as unknown[]) : []).flatMap((delegate, index) => {
    const chain: Chain | { error: string } = isObject(delegate) ? chainOf(delegate, '') : { error: `${quote(delegate)} is not an object` }
    const error = 'error' in chain ? chain.error : isNetworkName(chain.name) ? undefined : `the network name ${quote(chain.name)} is not allowed`
    if ('error' in chain || error !== undefined) {
      complain('unreadable', `delegate ${index}: ${error}`)
      return []
    }
    return readNetworks(chain, file, index === 0 && ownDefault ? 0 : undefined, complain)
  })
}
