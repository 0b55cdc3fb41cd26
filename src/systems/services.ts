// Service addresses: Services, ServiceCIDR and IPAddress objects (k8s.io/api networking/v1), endpoints as a cross-check.
// Not visible before Kubernetes 1.33: the allocator's own bitmap; allocations are then derived from Services.
import type { Allocation, ClusterDns, DeclaredRange, Endpoint, Pool, Service } from '../model/inventory.ts'
import { serviceCapacity } from '../model/service-range.ts'
import { type Address, type Cidr, compareCidrs, formatCidr, rangeOf } from '../net/index.ts'
import type { ObjectDocument } from '../sources/source.ts'
import { defineSystem } from './define-system.ts'
import { dnsOfConfigMap, dnsOfKubelet, kubeletFile } from './kubernetes/cluster-dns.ts'
import { defined, fieldsOf, idOf, listAt, textAt, timeAt, valueAt } from './kubernetes/fields.ts'
import { type RecordReader, recordReader } from './kubernetes/record-reader.ts'

/** Equal keys let Services share one load-balancer address on purpose (MetalLB, Cilium). */
const SHARING_KEYS = [
  'metallb.io/allow-shared-ip',
  'metallb.universe.tf/allow-shared-ip',
  'lbipam.cilium.io/sharing-key',
  'io.cilium/lb-ipam-sharing-key',
]

/** Distributions name it kube-dns, coredns, rke2-coredns-rke2-coredns or dns-default. */
const servesNames = (object: unknown): boolean =>
  /dns/i.test(`${textAt(object, 'metadata', 'name')} ${textAt(object, 'metadata', 'labels', 'k8s-app')}`) ||
  listAt(object, 'spec', 'ports').some((port) => valueAt(port, 'port') === 53)

function parseService(document: ObjectDocument, reader: RecordReader<Service>): Service | undefined {
  const { object } = document
  const single = valueAt(object, 'spec', 'clusterIP')
  const listed = listAt(object, 'spec', 'clusterIPs')
  const ips = (listed.length > 0 ? listed : [single]).filter((ip) => ip !== undefined && ip !== null && ip !== '' && ip !== 'None')
  const read = (field: string, values: readonly unknown[]) => values.flatMap((value) => reader.address(document, field, value) ?? [])
  const clusterIps = read('spec.clusterIPs', ips)
  if (clusterIps.length < ips.length) return undefined
  const annotations = fieldsOf(valueAt(object, 'metadata', 'annotations'))
  return defined({
    namespace: textAt(object, 'metadata', 'namespace') ?? 'default',
    name: textAt(object, 'metadata', 'name') ?? '?',
    type: textAt(object, 'spec', 'type') ?? 'ClusterIP',
    clusterIps,
    externalIps: read('spec.externalIPs', listAt(object, 'spec', 'externalIPs')),
    loadBalancerIps: read(
      'status.loadBalancer.ingress',
      listAt(object, 'status', 'loadBalancer', 'ingress').flatMap((entry) => valueAt(entry, 'ip') ?? []),
    ),
    sharingKey: SHARING_KEYS.map((key) => annotations[key]).find((value) => typeof value === 'string') as string | undefined,
    app: textAt(object, 'metadata', 'labels', 'k8s-app'),
    dns: servesNames(object) || undefined,
    createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
    origin: document.origin,
  }) as Service
}

function parseAllocation(document: ObjectDocument, reader: RecordReader<Allocation>): Allocation | undefined {
  const address = reader.address(document, 'metadata.name', textAt(document.object, 'metadata', 'name'))
  if (address === undefined) return undefined
  const parent = valueAt(document.object, 'spec', 'parentRef')
  const isService = textAt(parent, 'resource') === 'services'
  const id = [textAt(parent, 'namespace'), textAt(parent, 'name')].filter(Boolean).join('/')
  return {
    system: 'services',
    pool: 'services',
    domain: 'services',
    address,
    owner: { kind: isService ? 'service' : 'unknown', id: id || '?' },
    origin: document.origin,
  }
}

function parseEndpoints(document: ObjectDocument): Endpoint[] {
  const namespace = textAt(document.object, 'metadata', 'namespace') ?? 'default'
  const service = `${namespace}/${textAt(document.object, 'metadata', 'labels', 'kubernetes.io/service-name') ?? '?'}`
  const reader = recordReader<Address>('endpointslices')
  return listAt(document.object, 'endpoints').flatMap((endpoint) =>
    listAt(endpoint, 'addresses').flatMap((text) => {
      const address = reader.address(document, 'endpoints.addresses', text)
      const ready = valueAt(endpoint, 'conditions', 'ready') !== false
      const podUid = textAt(endpoint, 'targetRef', 'kind') === 'Pod' ? textAt(endpoint, 'targetRef', 'uid') : undefined
      return address === undefined ? [] : [{ service, address, ready, podUid, origin: document.origin }]
    }),
  )
}

const poolOf = (range: DeclaredRange, name: string): Pool => ({
  system: 'services',
  name,
  domain: 'services',
  family: range.cidr.family,
  ranges: [rangeOf(range.cidr)],
  capacity: serviceCapacity(range.cidr),
  certainty: 'declared',
  origin: range.origin,
})

export const services = defineSystem({
  id: 'services',
  title: 'Service addresses',
  kinds: ['/Service', '/ConfigMap', 'networking.k8s.io/ServiceCIDR', 'networking.k8s.io/IPAddress', 'discovery.k8s.io/EndpointSlice'],
  files: true,
  parser() {
    const found = recordReader<Service>('services')
    const ranges = recordReader<{ name: string; cidrs: readonly Cidr[]; origin: string }>('servicecidrs')
    const allocations = recordReader<Allocation>('ipaddresses')
    const slices = recordReader<Endpoint[]>('endpointslices')
    const clusterDns: ClusterDns[] = []
    return {
      file({ area, node, path, text, origin }) {
        if (area === 'node' && path === kubeletFile) clusterDns.push(...dnsOfKubelet(text, `kubelet of ${node}`, origin))
      },
      object(document) {
        if (document.kind === 'ConfigMap') clusterDns.push(...dnsOfConfigMap(document))
        else if (document.kind === 'Service') found.take(document, (d) => parseService(d, found))
        else if (document.kind === 'IPAddress') allocations.take(document, (d) => parseAllocation(d, allocations))
        else if (document.kind === 'EndpointSlice')
          slices.take(document, (d) => (textAt(d.object, 'addressType') === 'FQDN' ? [] : parseEndpoints(d)))
        else {
          ranges.take(document, (d) => ({
            name: idOf(d.object),
            cidrs: listAt(d.object, 'spec', 'cidrs').flatMap((text) => ranges.cidr(d, 'spec.cidrs', text) ?? []),
            origin: d.origin,
          }))
        }
      },
      finish() {
        const declared = ranges
          .records()
          .flatMap((range) =>
            range.cidrs.map((cidr): DeclaredRange & { name: string } => ({
              role: 'services',
              cidr,
              by: `ServiceCIDR ${range.name}`,
              certainty: 'declared',
              origin: range.origin,
              name: range.name,
            })),
          )
          .sort((a, b) => compareCidrs(a.cidr, b.cidr) || (a.name < b.name ? -1 : 1))
        const unique = [...new Map(declared.map((range) => [formatCidr(range.cidr), range])).values()]
        return {
          services: found.records(),
          allocations: allocations.records(),
          endpoints: slices.records().flat(),
          clusterDns,
          declared,
          pools: unique.map((range) => poolOf(range, range.name)),
          problems: [...found.problems, ...ranges.problems, ...allocations.problems],
          coverage: [...found.coverage(true), ...ranges.coverage(false), ...allocations.coverage(false), ...slices.coverage(false)],
        }
      },
    }
  },
})
