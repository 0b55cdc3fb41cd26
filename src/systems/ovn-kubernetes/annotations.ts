// What OVN-Kubernetes writes onto nodes and pods: JSON in annotations, keyed by network.
import type { Address, Cidr } from '../../net/index.ts'
import { type Lenient, readAddress, readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { fieldsOf, textAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export const NODE_SUBNETS = 'k8s.ovn.org/node-subnets'
export const POD_NETWORKS = 'k8s.ovn.org/pod-networks'

export const annotationOf = (object: unknown, key: string): string | undefined =>
  textAt(fieldsOf(valueAt(object, 'metadata', 'annotations')), key) || undefined

type Notes = Pick<RecordReader<unknown>, 'unreadable'>

/** Undefined, with a note, for what is no JSON object. */
function entriesOf(document: ObjectDocument, key: string, text: string, notes: Notes): [string, unknown][] | undefined {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return Object.entries(parsed)
  } catch {
    // Said below.
  }
  return notes.unreadable(document, `annotation ${key} is not a JSON object`)
}

function each<T>(document: ObjectDocument, key: string, values: unknown, read: (text: string) => Lenient<T> | undefined, notes: Notes): T[] {
  // One text where later versions have a list.
  return (Array.isArray(values) ? values : [values]).flatMap((value: unknown): T[] => {
    const found = typeof value === 'string' ? read(value) : undefined
    if (found !== undefined) return [found.value]
    notes.unreadable(document, `annotation ${key} holds ${JSON.stringify(value)}`)
    return []
  })
}

/** Ranges of a node by network. */
export function nodeSubnets(document: ObjectDocument, notes: Notes): { readonly network: string; readonly cidrs: readonly Cidr[] }[] | undefined {
  const text = annotationOf(document.object, NODE_SUBNETS)
  if (text === undefined) return []
  return entriesOf(document, NODE_SUBNETS, text, notes)?.map(([network, values]) => ({
    network,
    cidrs: each(document, NODE_SUBNETS, values, readCidr, notes),
  }))
}

/** Addresses of a pod by network: `default`, or namespace/name of the network attachment. They are written with the mask of the subnet. */
export function podNetworks(document: ObjectDocument, notes: Notes): { readonly key: string; readonly addresses: readonly Address[] }[] | undefined {
  const text = annotationOf(document.object, POD_NETWORKS)
  if (text === undefined) return []
  const bare = (value: string) => readAddress(value.split('/')[0] ?? '')
  return entriesOf(document, POD_NETWORKS, text, notes)?.map(([key, entry]) => {
    const listed = valueAt(entry, 'ip_addresses') ?? valueAt(entry, 'ip_address')
    return { key, addresses: listed === undefined || listed === null ? [] : each(document, POD_NETWORKS, listed, bare, notes) }
  })
}
