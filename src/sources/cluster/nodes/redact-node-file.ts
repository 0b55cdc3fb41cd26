// What is left of a node's files when names are hidden: container ids, uids, times and addresses; names as the same hashes as in the cluster's lists.
import { isJsonObject, type JsonObject } from '../../unwrap-lists.ts'
import type { NameHider } from '../redact-object.ts'

const ID = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/
const MACHINE_MADE = /^(?:(.+)-)?([0-9a-f]{12,64})$/i
const INTERFACE = /^[^\s/:\0]{1,15}$/
const ADDRESS = /^[0-9a-f.:/]*$/i
const FLANNEL_LINE = /^\s*FLANNEL_[A-Z0-9_]+\s*=[0-9a-f.:/, truels]*$/i
/** A larger one is judged by its size alone. */
const LARGEST_OWNER = 4096

/** Runtimes make ids of hexadecimal digits; nerdctl puts a namespace before them, and people put anything. */
function sandbox(hide: NameHider, id: string): string {
  const [, before, digits] = MACHINE_MADE.exec(id) ?? []
  return digits === undefined ? hide.name(id) : before === undefined ? id : `${hide.name(before)}-${digits}`
}

const plainOr = (form: RegExp, hide: NameHider, text: string): string => (form.test(text) ? text : hide.name(text))

/** An allocation file: owner and interface. What is wrong with it stays wrong in the same way. */
export function redactOwner(hide: NameHider, content: Buffer): Buffer {
  if (content.length > LARGEST_OWNER) return Buffer.alloc(content.length, 'x')
  const text = content.toString('latin1')
  if (/^[\0\s]*$/.test(text)) return content
  const trimmed = text.trim()
  const separator = trimmed.includes('\r\n') ? '\r\n' : trimmed.includes('\n') ? '\n' : undefined
  const [id = '', name, ...rest] = separator === undefined ? [trimmed] : trimmed.split(separator)
  const lineFeedOnly = separator === '\n'
  if (!lineFeedOnly && (rest.length > 0 || !ID.test(id) || (name !== undefined && !INTERFACE.test(name)))) return Buffer.from(`? ${hide.name(text)}`)
  return Buffer.from([sandbox(hide, id), ...(name === undefined ? [] : [plainOr(INTERFACE, hide, name)])].join(separator))
}

/** last_reserved_ip.N */
export const redactCursor = (hide: NameHider, content: Buffer): Buffer =>
  /^[\s0-9a-f.:]*$/i.test(content.toString('latin1')) ? content : Buffer.from(hide.name(content.toString('latin1')))

export const redactSubnetEnv = (text: string): string =>
  text
    .split('\n')
    .filter((line) => FLANNEL_LINE.test(line.trimEnd()))
    .map((line) => `${line}\n`)
    .join('')

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

const objectOf = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})
const textsOf = (hide: NameHider, value: unknown, form: RegExp): string | undefined =>
  typeof value === 'string' ? plainOr(form, hide, value) : undefined
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Docker's: the bridge and its pools alone. */
export function redactDaemonJson(hide: NameHider, text: string): string {
  const value = objectOf(parsed(text))
  const pools = value['default-address-pools']
  const kept = {
    bip: textsOf(hide, value['bip'], ADDRESS),
    ...(Array.isArray(pools) ? { 'default-address-pools': pools.map((pool) => ({ base: textsOf(hide, objectOf(pool)['base'], ADDRESS) })) } : {}),
  }
  return `${JSON.stringify(kept)}\n`
}

/** `crictl pods -o json`; what is no such list stays none. */
export function redactSandboxes(hide: NameHider, text: string): string {
  const value = parsed(text)
  const items = Array.isArray(value) ? value : objectOf(value)['items']
  if (!Array.isArray(items)) return '{}\n'
  const kept = items.map((item) => {
    const { id, metadata, labels, state, createdAt } = objectOf(item)
    const { name, namespace, uid, attempt } = objectOf(metadata)
    const byLabel = objectOf(labels)
    const hidden = (text: unknown, label: string): string | undefined => {
      const found = text ?? byLabel[label]
      return typeof found === 'string' ? hide.name(found) : undefined
    }
    return {
      id: typeof id === 'string' ? sandbox(hide, id) : undefined,
      metadata: { name: hidden(name, 'io.kubernetes.pod.name'), namespace: hidden(namespace, 'io.kubernetes.pod.namespace'), uid, attempt },
      state,
      createdAt,
    }
  })
  return `${JSON.stringify({ items: kept })}\n`
}

/** One file of libcni's cache; nothing where it is none. */
export function redactResult(hide: NameHider, text: string): string {
  const value = objectOf(parsed(text))
  const { containerId, ifName, networkName, cniArgs } = value
  if (typeof containerId !== 'string') return ''
  const result = objectOf(value['result'])
  const address = (entry: unknown, key: string) => ({ [key]: textsOf(hide, objectOf(entry)[key], ADDRESS) })
  const kept = {
    kind: 'cniCacheV1',
    containerId: sandbox(hide, containerId),
    ifName: textsOf(hide, ifName, INTERFACE),
    networkName: typeof networkName === 'string' ? hide.network(networkName) : undefined,
    cniArgs: listOf(cniArgs).flatMap((pair) => (Array.isArray(pair) ? argument(hide, String(pair[0]), String(pair[1])) : [])),
    result: { ips: listOf(result['ips']).map((ip) => address(ip, 'address')), ip4: address(result['ip4'], 'ip'), ip6: address(result['ip6'], 'ip') },
  }
  return `${JSON.stringify(kept)}\n`
}

function argument(hide: NameHider, key: string, value: string): [string, string][] {
  if (key === 'K8S_POD_NAME' || key === 'K8S_POD_NAMESPACE') return [[key, hide.name(value)]]
  if (key === 'K8S_POD_UID') return [[key, value]]
  return key === 'K8S_POD_INFRA_CONTAINER_ID' ? [[key, sandbox(hide, value)]] : []
}
