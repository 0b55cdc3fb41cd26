// CiliumEndpoint and CiliumEndpointSlice: which pod has which address, as the agents wrote it down.
import type { Address } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

export interface CiliumEndpointRecord {
  /** namespace/name of the pod. */
  readonly pod: string
  readonly addresses: readonly Address[]
  /** Address of the node that it runs on. */
  readonly host: string | undefined
  /** `sandbox:interface`. */
  readonly attachment: string | undefined
  /** The node itself owns it (host endpoints): kept for as long as the CiliumNode is there. */
  readonly ofNode: boolean
  readonly createdAt: number | undefined
  readonly unsettled: true | undefined
  readonly origin: string
}

type Reader = RecordReader<readonly CiliumEndpointRecord[]>

const addressesOf = (document: ObjectDocument, reader: Reader, networking: unknown): Address[] =>
  listAt(networking, 'addressing').flatMap((pair) =>
    ['ipv4', 'ipv6'].flatMap((key) => {
      const text = valueAt(pair, key)
      return text === undefined || text === '' ? [] : (reader.address(document, `networking.addressing.${key}`, text) ?? [])
    }),
  )

export function readEndpoint(document: ObjectDocument, reader: Reader): readonly CiliumEndpointRecord[] {
  const { object, origin, unsettled } = document
  const owners = listAt(object, 'metadata', 'ownerReferences')
  const outer = valueAt(object, 'status', 'external-identifiers')
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default'
  const name =
    textAt(outer, 'k8s-pod-name') ??
    textAt(
      owners.find((owner) => textAt(owner, 'kind') === 'Pod'),
      'name',
    ) ??
    textAt(object, 'metadata', 'name')
  const networking = valueAt(object, 'status', 'networking')
  return [
    {
      pod: `${namespace}/${name ?? '?'}`,
      addresses: addressesOf(document, reader, networking),
      host: textAt(networking, 'node'),
      attachment: textAt(outer, 'cni-attachment-id'),
      ofNode: owners.some((owner) => textAt(owner, 'kind') === 'CiliumNode'),
      createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
      unsettled,
      origin,
    },
  ]
}

/** Slices are rewritten all the time: their own age says nothing about the endpoints in them. */
export function readEndpointSlice(document: ObjectDocument, reader: Reader): readonly CiliumEndpointRecord[] {
  const { object, origin, unsettled } = document
  const namespace = textAt(object, 'namespace') ?? 'default'
  return listAt(object, 'endpoints').map((endpoint) => ({
    pod: `${namespace}/${textAt(endpoint, 'name') ?? '?'}`,
    addresses: addressesOf(document, reader, valueAt(endpoint, 'networking')),
    host: textAt(endpoint, 'networking', 'node'),
    attachment: undefined,
    ofNode: false,
    createdAt: undefined,
    unsettled,
    origin,
  }))
}
