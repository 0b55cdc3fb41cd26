// What systems declare to read of pods is all that they read: objects with those fields alone give the same inventory.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseList } from '../../../src/sources/json-list.ts'
import type { FieldTree } from '../../../src/sources/source.ts'
import { documentSink } from '../../../src/systems/document-sink.ts'
import { systems } from '../../../src/systems/index.ts'
import { needsOf } from '../../../src/systems/kubernetes/needs.ts'

type Fields = Readonly<Record<string, unknown>>

const needs = needsOf(systems)

/** Pods of all JSON files below fixtures/, in whatever list they came. */
function podsIn(value: unknown): Fields[] {
  if (Array.isArray(value)) return value.flatMap(podsIn)
  if (typeof value !== 'object' || value === null) return []
  const { kind, items } = value as Fields
  if (kind === 'Pod') return [value as Fields]
  return kind === 'PodList' ? (items as Fields[]).map((item) => ({ apiVersion: 'v1', kind: 'Pod', ...item })) : podsIn(items)
}

const root = join(import.meta.dirname, '../../../fixtures')
const saved = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.json'))
  .flatMap((path) => (existsSync(join(root, path)) ? podsIn(JSON.parse(readFileSync(join(root, path), 'utf8'))) : []))

const partsOf = (pods: readonly unknown[]) => {
  const sink = documentSink(systems)
  for (const object of pods) sink.accept({ type: 'object', apiVersion: 'v1', kind: 'Pod', object: object as Fields, origin: 'pods' })
  return sink.finish().parts
}

const readBack = (pods: readonly unknown[]): readonly unknown[] => {
  const body = Buffer.from(JSON.stringify({ kind: 'PodList', apiVersion: 'v1', items: pods }))
  return (parseList(body, needs) as { items: readonly unknown[] }).items
}

const ODD = [null, 7, 'text', '', [], {}, ['10.0.0.1'], { ip: '10.0.0.1' }, true]
const odd = fc.constantFrom(...ODD)
const orOdd = <T>(arbitrary: fc.Arbitrary<T>) => fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: odd })
const time = fc.constantFrom('2026-01-01T00:00:00Z', '2026-11-23T00:00:00Z', 'never')
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', 'fd00::1', '10.0.0.300', '010.0.0.1')
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(shape: T) => fc.record(shape, { requiredKeys: [] })
const container = some({
  name: fc.constant('main'),
  command: fc.constant(['kube-controller-manager', '--cluster-cidr=10.0.0.0/16', '--service-cluster-ip-range=10.96.0.0/12']),
  env: fc.constant([{ name: 'WARM_IP_TARGET', value: '5' }]),
})
const pod = some({
  metadata: orOdd(
    some({
      name: fc.constantFrom('web-0', 'web-1'),
      namespace: fc.constantFrom('shop', 'kube-system'),
      uid: fc.constantFrom('a', 'b', 'c'),
      resourceVersion: fc.constantFrom('1', '2'),
      creationTimestamp: time,
      deletionTimestamp: time,
      managedFields: fc.constant([{ manager: 'kubelet', fieldsV1: { 'f:status': { '.': {} } } }]),
      labels: orOdd(
        some({
          app: fc.constantFrom('web', 'antrea'),
          component: fc.constantFrom('kube-controller-manager', 'kube-apiserver', 'etcd'),
          'k8s-app': fc.constantFrom('aws-node', 'cilium'),
        }),
      ),
      annotations: orOdd(
        fc.dictionary(
          fc.constantFrom(
            ...['k8s.v1.cni.cncf.io/network-status', 'k8s.v1.cni.cncf.io/networks-status', 'k8s.v1.cni.cncf.io/networks', 'k8s.ovn.org/pod-networks'],
            ...['cni.projectcalico.org/podIPs', 'cni.projectcalico.org/podIP', 'ovn.kubernetes.io/ip_address', 'checksum/config'],
          ),
          fc.constantFrom(
            '10.0.0.9/32',
            'net-a,shop/net-b@eth1',
            '{"default":{"ip_addresses":["10.0.0.8/24"]}}',
            '[{"name":"a","interface":"net1","ips":["10.9.0.1"],"default":true}]',
            '[{',
            '',
          ),
        ),
      ),
    }),
  ),
  spec: orOdd(
    some({ nodeName: fc.constantFrom('n1', ''), hostNetwork: orOdd(fc.boolean()), containers: orOdd(fc.array(container, { maxLength: 2 })) }),
  ),
  status: orOdd(
    some({
      phase: fc.constantFrom('Running', 'Succeeded', 'Failed', 'Pending'),
      reason: fc.constantFrom('Evicted', ''),
      podIP: orOdd(address),
      podIPs: orOdd(fc.array(orOdd(fc.record({ ip: orOdd(address) })), { maxLength: 2 })),
      startTime: time,
      conditions: orOdd(
        fc.array(
          orOdd(
            some({
              type: fc.constantFrom('PodScheduled', 'Ready', 'PodReadyToStartContainers'),
              status: fc.constantFrom('True', 'False'),
              lastTransitionTime: time,
              message: fc.string(),
            }),
          ),
          { maxLength: 3 },
        ),
      ),
      containerStatuses: orOdd(
        fc.array(orOdd(some({ image: fc.string(), state: orOdd(some({ terminated: orOdd(some({ exitCode: fc.nat(), finishedAt: time })) })) })), {
          maxLength: 2,
        }),
      ),
    }),
  ),
})

test('the pods of all fixtures', () => {
  expect(saved.length).toBeGreaterThan(50)
  expect(partsOf(readBack(saved))).toEqual(partsOf(saved))
})

test('pods with any of these fields, of any type', () => {
  fc.assert(
    fc.property(fc.array(pod, { minLength: 1, maxLength: 4 }), (pods) => {
      expect(partsOf(readBack(pods))).toEqual(partsOf(pods))
    }),
    { numRuns: 300 },
  )
})

test('what is large is left out, except of pods whose containers are read', () => {
  const large = (labels: Fields) => ({
    metadata: { name: 'x', labels, managedFields: [{}], annotations: { 'checksum/config': '1' } },
    spec: { containers: [{ name: 'main', env: [] }], volumes: [{}] },
    status: { containerStatuses: [{ image: 'x', state: { running: {} } }], conditions: [{ type: 'Ready', message: 'x' }] },
  })
  const [web, ...others] = [{ app: 'web' }, { 'k8s-app': 'aws-node' }, { component: 'kube-apiserver' }, { component: 'kube-controller-manager' }].map(
    large,
  )
  expect(readBack([web, ...others])).toEqual([
    {
      metadata: { name: 'x', labels: { app: 'web' }, annotations: {} },
      spec: {},
      status: { containerStatuses: [{ state: {} }], conditions: [{ type: 'Ready' }] },
    },
    ...others,
  ])
})

describe('a system reads no field that it does not declare', () => {
  /** Notes the fields that are asked for, wherever nothing is known to be needed whole. */
  function watched(value: unknown, tree: true | FieldTree, path: string, outside: Set<string>): unknown {
    if (typeof value !== 'object' || value === null || tree === true) return value
    return new Proxy(value, {
      get(target, name) {
        const below = (target as Record<string | symbol, unknown>)[name]
        if (typeof name === 'symbol' || (Array.isArray(target) && !/^\d+$/.test(name))) return below
        if (Array.isArray(target)) return watched(below, tree, path, outside)
        const inner = Object.hasOwn(tree, name) ? tree[name] : undefined
        if (inner === undefined) outside.add(`${path}${name}`)
        return watched(below, inner ?? true, `${path}${name}.`, outside)
      },
    })
  }

  const fields = { phase: 'Failed', podIPs: [], conditions: [{}], containerStatuses: [{ state: { terminated: {} } }] }
  const bare = { metadata: { name: 'x', labels: { app: 'web' }, annotations: {} }, spec: { containers: [{ env: [] }] }, status: fields }
  const daemon = { ...bare, metadata: { ...bare.metadata, labels: { 'k8s-app': 'aws-node' } } }
  const controller = { ...bare, metadata: { ...bare.metadata, labels: { component: 'kube-controller-manager' } } }
  const running = { ...bare, status: { ...fields, phase: 'Running' } }

  test.each(systems.filter(({ kinds }) => kinds.includes('/Pod')).map((system) => [system.id, system] as const))('%s', (_, system) => {
    const alone = needsOf([system]).get('/Pod')
    expect(alone).toBeDefined()
    const outside = new Set<string>()
    const sink = documentSink([system])
    for (const pod of [bare, running, daemon, controller, ...saved].filter((one) => !alone?.whole?.(one)))
      sink.accept({ type: 'object', apiVersion: 'v1', kind: 'Pod', object: watched(pod, alone?.fields ?? {}, '', outside) as Fields, origin: 'pods' })
    sink.finish()
    expect([...outside]).toEqual([])
  })
})
