// One Pod object -> the facts that address rules need (k8s.io/api core/v1).
import type { Pod } from '../../model/inventory.ts'
import { type Address, sameAddress } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { fieldsOf, listAt, textAt, timeAt, typesOf, valueAt, wrongField } from './fields.ts'
import { networkStatus, recordedAddresses, requestedNetworks } from './pod-annotations.ts'
import type { RecordReader } from './record-reader.ts'

const NONE: readonly [] = []
const TYPES = typesOf({
  ...{ 'metadata.labels': 'object', 'metadata.annotations': 'object', spec: 'object', status: 'object' },
  ...{ 'spec.nodeName': 'string', 'status.phase': 'string' },
})
const APP_LABELS = ['k8s-app', 'app.kubernetes.io/name', 'app', 'component', 'name']

export function parsePod(document: ObjectDocument, reader: RecordReader<Pod>): Pod | undefined {
  const { object, origin } = document
  const name = textAt(object, 'metadata', 'name')
  if (name === undefined) return reader.unreadable(document, 'has no metadata.name')
  const wrong = wrongField(object, TYPES)
  if (wrong !== undefined) return reader.unreadable(document, wrong)
  const namespace = textAt(object, 'metadata', 'namespace') ?? 'default'
  const addresses = podAddresses(document, reader)
  if (addresses === undefined) return undefined
  const attached = networkStatus(document, reader)
  const labels = fieldsOf(valueAt(object, 'metadata', 'labels'))
  // There may be half a million. Two shapes for all, or reading a field takes ten times as long, and one copy of each text that many of them share.
  const pod = {
    namespace: reader.shared(namespace),
    name,
    uid: textAt(object, 'metadata', 'uid') ?? `${namespace}/${name}`,
    node: reader.shared(textAt(object, 'spec', 'nodeName') || undefined),
    phase: reader.shared(textAt(object, 'status', 'phase') ?? 'Unknown'),
    hostNetwork: valueAt(object, 'spec', 'hostNetwork') === true,
    // Multus can show the default network's address before kubelet reports it.
    addresses: addresses.length > 0 ? addresses : attached.defaults,
    interfaces: attached.interfaces.length === 0 ? NONE : attached.interfaces,
    createdAt: reader.time(document, 'metadata', 'creationTimestamp'),
    scheduledAt: trueSince(object, 'PodScheduled'),
    startedAt: reader.time(document, 'status', 'startTime'),
    sandboxAt: trueSince(object, 'PodReadyToStartContainers'),
    app: reader.shared(APP_LABELS.map((key) => labels[key]).find((value): value is string => typeof value === 'string')),
    origin,
  }
  const rest = {
    finishedAt: finishedAt(object),
    deletedAt: reader.time(document, 'metadata', 'deletionTimestamp'),
    reason: textAt(object, 'status', 'reason') || undefined,
    recorded: recordedAddresses(document, reader),
    requested: requestedNetworks(document, reader, namespace),
  }
  return Object.values(rest).every((value) => value === undefined) ? pod : whole(pod, rest)
}

/** Field by field: an object that was spread together is twice as slow to read. */
const whole = (pod: Pod, rest: Pick<Pod, 'finishedAt' | 'deletedAt' | 'reason' | 'recorded' | 'requested'>): Pod => ({
  namespace: pod.namespace,
  name: pod.name,
  uid: pod.uid,
  node: pod.node,
  phase: pod.phase,
  hostNetwork: pod.hostNetwork,
  addresses: pod.addresses,
  interfaces: pod.interfaces,
  createdAt: pod.createdAt,
  scheduledAt: pod.scheduledAt,
  startedAt: pod.startedAt,
  sandboxAt: pod.sandboxAt,
  app: pod.app,
  origin: pod.origin,
  finishedAt: rest.finishedAt,
  deletedAt: rest.deletedAt,
  reason: rest.reason,
  recorded: rest.recorded,
  requested: rest.requested,
})

function podAddresses(document: ObjectDocument, reader: RecordReader<Pod>): readonly Address[] | undefined {
  const { object } = document
  const found: Address[] = []
  const list = valueAt(object, 'status', 'podIPs')
  if (list !== undefined && list !== null && !Array.isArray(list))
    return reader.unreadable(document, `status.podIPs is ${JSON.stringify(list)}, not a list`)
  const texts: [string, unknown][] = listAt(object, 'status', 'podIPs').map((entry, i) => [`status.podIPs[${i}].ip`, valueAt(entry, 'ip')])
  const single = valueAt(object, 'status', 'podIP')
  // podIP repeats podIPs[0]; read it only when it says something else.
  if (single !== undefined && single !== '' && single !== null && !texts.some(([, text]) => text === single)) texts.push(['status.podIP', single])
  for (const [field, text] of texts) {
    const address = reader.address(document, field, text)
    if (address === undefined) return undefined
    if (!found.some((other) => sameAddress(other, address))) found.push(address)
  }
  // An array that was pushed to has room for sixteen more.
  return found.length === 0 ? NONE : [...found]
}

function trueSince(object: unknown, type: string): number | undefined {
  for (const condition of listAt(object, 'status', 'conditions')) {
    if (textAt(condition, 'type') === type && textAt(condition, 'status') === 'True') return timeAt(condition, 'lastTransitionTime')
  }
  return undefined
}

/** An evicted pod has no container states left; its conditions still say when it stopped to be ready. */
function finishedAt(object: unknown): number | undefined {
  const phase = textAt(object, 'status', 'phase')
  if (phase !== 'Succeeded' && phase !== 'Failed') return undefined
  const ends = listAt(object, 'status', 'containerStatuses').flatMap((container) => timeAt(container, 'state', 'terminated', 'finishedAt') ?? [])
  const changes = listAt(object, 'status', 'conditions').flatMap((condition) => timeAt(condition, 'lastTransitionTime') ?? [])
  const times = ends.length > 0 ? ends : changes
  return times.length > 0 ? Math.max(...times) : undefined
}
