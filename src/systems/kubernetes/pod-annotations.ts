// What CNIs write onto pods: addresses on other networks, the attachments asked for, and the CNI's own record of the pod's addresses.
import type { Interface, Pod } from '../../model/inventory.ts'
import { type Address, sameAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { fieldsOf, listAt, textAt, valueAt } from './fields.ts'
import type { RecordReader } from './record-reader.ts'

/** Multus and its imitators; the older key has an `s` (k8snetworkplumbingwg/network-attachment-definition-client). */
const NETWORK_STATUS = ['k8s.v1.cni.cncf.io/network-status', 'k8s.v1.cni.cncf.io/networks-status']
const NETWORKS = 'k8s.v1.cni.cncf.io/networks'
const OVN_KUBERNETES = 'k8s.ovn.org/pod-networks'
/** Lists of addresses, comma-joined: Calico (/32 and /128 each; podIPs is the newer key) and Kube-OVN. */
const ADDRESS_LISTS = ['cni.projectcalico.org/podIPs', 'cni.projectcalico.org/podIP', 'ovn.kubernetes.io/ip_address']

/** All that are read here. */
export const ANNOTATIONS: readonly string[] = [...NETWORK_STATUS, NETWORKS, OVN_KUBERNETES, ...ADDRESS_LISTS]

type Reader = RecordReader<Pod>

const annotation = (document: ObjectDocument, key: string): string | undefined => {
  const value = fieldsOf(valueAt(document.object, 'metadata', 'annotations'))[key]
  return typeof value === 'string' ? value : undefined
}

function parseJson(document: ObjectDocument, reader: Reader, key: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return reader.unreadable(document, `annotation ${key} is not JSON`)
  }
}

/** An address that may carry a prefix length, which says nothing about the address itself. */
const addressIn = (document: ObjectDocument, reader: Reader, key: string, value: unknown): Address[] => {
  const found = reader.address(document, `annotation ${key}`, typeof value === 'string' ? value.trim().split('/')[0] : value)
  return found === undefined ? [] : [found]
}

export function networkStatus(document: ObjectDocument, reader: Reader): { defaults: Address[]; interfaces: Interface[] } {
  const key = NETWORK_STATUS.find((name) => (annotation(document, name) ?? '') !== '')
  const entries = key === undefined ? [] : parseJson(document, reader, key, annotation(document, key) ?? '')
  const interfaces: Interface[] = []
  const defaults: Address[] = []
  for (const entry of Array.isArray(entries) ? entries : []) {
    const addresses = listAt(entry, 'ips').flatMap((text) => addressIn(document, reader, key ?? '', text))
    if (valueAt(entry, 'default') === true) defaults.push(...addresses)
    else if (addresses.length > 0) interfaces.push({ network: textAt(entry, 'name') ?? '?', name: textAt(entry, 'interface') ?? '?', addresses })
  }
  return { defaults, interfaces }
}

/**
 * Attachments asked for, as namespace/name, in either form that Multus takes: `[<namespace>/]<name>[@<interface>]` joined by commas, or a JSON list of
 * objects. The namespace is the pod's own when none is given.
 */
export function requestedNetworks(document: ObjectDocument, reader: Reader, namespace: string): readonly string[] | undefined {
  const text = annotation(document, NETWORKS)?.trim()
  if (text === undefined || text === '') return undefined
  // Multus itself takes the text for JSON when it holds one of these.
  if (!/[[{"]/.test(text)) {
    const names = text.split(',').map((part) => part.trim().split('@')[0] ?? '')
    return [...new Set(names.filter((name) => name !== '').map((name) => (name.includes('/') ? name : `${namespace}/${name}`)))]
  }
  const entries = parseJson(document, reader, NETWORKS, text)
  if (!Array.isArray(entries)) return undefined
  const named = entries.filter((entry) => (textAt(entry, 'name') ?? '') !== '')
  return [...new Set(named.map((entry) => `${textAt(entry, 'namespace') || namespace}/${textAt(entry, 'name')}`))]
}

/**
 * What the CNI of the default network wrote down itself. No addresses under a key that is there: the CNI has given them back (Calico empties podIP
 * when it takes the sandbox down). https://github.com/projectcalico/calico/issues/13858 shows why it is worth comparing with podIPs.
 */
export function recordedAddresses(document: ObjectDocument, reader: Reader): Pod['recorded'] {
  for (const by of ADDRESS_LISTS) {
    const text = annotation(document, by)
    if (text === undefined) continue
    const parts = text.split(',').filter((part) => part.trim() !== '')
    const addresses = distinct(parts.flatMap((part) => addressIn(document, reader, by, part)))
    return parts.length > 0 && addresses.length === 0 ? undefined : { by, addresses }
  }
  const text = annotation(document, OVN_KUBERNETES)
  if (text === undefined || text === '') return undefined
  // status.podIPs are those of the default network even where another network is the pod's primary one.
  const entry = valueAt(parseJson(document, reader, OVN_KUBERNETES, text), 'default')
  const listed = listAt(entry, 'ip_addresses')
  const texts = listed.length > 0 ? listed : [textAt(entry, 'ip_address')].filter((value) => value !== undefined && value !== '')
  const addresses = distinct(texts.flatMap((value) => addressIn(document, reader, OVN_KUBERNETES, value)))
  return addresses.length === 0 ? undefined : { by: OVN_KUBERNETES, addresses }
}

const distinct = (addresses: readonly Address[]): Address[] =>
  addresses.filter((address, i) => addresses.findIndex((other) => sameAddress(other, address)) === i)
