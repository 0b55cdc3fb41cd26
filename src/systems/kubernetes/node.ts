// One Node object -> name, ranges, addresses, limits and the annotations of address systems.
import type { Node, NodeAddress } from '../../model/inventory.ts'
import type { Cidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { defined, fieldsOf, listAt, textAt, typesOf, valueAt, wrongField } from './fields.ts'
import { nodeRangeTexts } from './node-range-texts.ts'
import type { RecordReader } from './record-reader.ts'

/** Prefixes of annotations that address systems write on nodes (cluster-formats: Calico, flannel, Cilium, OVN-Kubernetes, kube-router, GKE). */
const ADDRESS_ANNOTATIONS = [
  'projectcalico.org/',
  'flannel.alpha.coreos.com/',
  'network.cilium.io/',
  'io.cilium.network.',
  'k8s.ovn.org/',
  'kube-router.io/',
  'networking.gke.io/',
  'ovn.kubernetes.io/',
]

const TYPES = typesOf({ 'metadata.labels': 'object', 'metadata.annotations': 'object', spec: 'object', status: 'object' })

/** Condition, address and taint types other than IP addresses are kept out: names and DNS entries are not addresses. */
const IP_TYPES = new Set(['InternalIP', 'ExternalIP'])

export function parseNode(document: ObjectDocument, reader: RecordReader<Node>): Node | undefined {
  const { object, origin } = document
  const name = textAt(object, 'metadata', 'name')
  if (name === undefined) return reader.unreadable(document, 'has no metadata.name')
  const wrong = wrongField(object, TYPES)
  if (wrong !== undefined) return reader.unreadable(document, wrong)
  const podCidrs = nodeRanges(document, reader)
  if (podCidrs === undefined) return undefined
  const pods = Number(valueAt(object, 'status', 'allocatable', 'pods') ?? valueAt(object, 'status', 'capacity', 'pods') ?? Number.NaN)
  const labels = fieldsOf(valueAt(object, 'metadata', 'labels'))
  const ready = listAt(object, 'status', 'conditions').find((condition) => textAt(condition, 'type') === 'Ready')
  return defined({
    name,
    podCidrs,
    addresses: nodeAddresses(document, reader),
    maxPods: Number.isSafeInteger(pods) && pods >= 0 ? pods : undefined,
    schedulable: valueAt(object, 'spec', 'unschedulable') !== true,
    ready: ready === undefined ? undefined : textAt(ready, 'status') === 'True',
    os: textAt(object, 'status', 'nodeInfo', 'operatingSystem') || textAt(labels, 'kubernetes.io/os') || 'linux',
    runtime: textAt(object, 'status', 'nodeInfo', 'containerRuntimeVersion') ?? '',
    createdAt: reader.time(document, 'metadata', 'creationTimestamp'),
    deletedAt: reader.time(document, 'metadata', 'deletionTimestamp'),
    annotations: addressAnnotations(object),
    virtual: labels['type'] === 'virtual-kubelet',
    origin,
  }) as Node
}

function nodeRanges(document: ObjectDocument, reader: RecordReader<Node>): Cidr[] | undefined {
  const { field, texts } = nodeRangeTexts(document.object)
  const cidrs: Cidr[] = []
  for (const text of texts) {
    const cidr = reader.cidr(document, field, text)
    if (cidr === undefined) return undefined
    cidrs.push(cidr)
  }
  return cidrs
}

function nodeAddresses(document: ObjectDocument, reader: RecordReader<Node>): NodeAddress[] {
  return listAt(document.object, 'status', 'addresses').flatMap((entry) => {
    const type = textAt(entry, 'type') ?? ''
    if (!IP_TYPES.has(type)) return []
    const address = reader.address(document, `status.addresses ${type}`, valueAt(entry, 'address'))
    return address === undefined ? [] : [{ type, address }]
  })
}

function addressAnnotations(object: unknown): ReadonlyMap<string, string> {
  const kept = new Map<string, string>()
  for (const [key, value] of Object.entries(fieldsOf(valueAt(object, 'metadata', 'annotations')))) {
    if (typeof value === 'string' && ADDRESS_ANNOTATIONS.some((prefix) => key.startsWith(prefix))) kept.set(key, value)
  }
  return kept
}
