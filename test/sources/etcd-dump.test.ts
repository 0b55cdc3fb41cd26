// etcdctl's output, with Calico's keys as libcalico-go writes them.
import { describe, expect, test } from 'vitest'
import { decodeDocuments } from '../../src/sources/decode-documents.ts'
import type { ObjectDocument } from '../../src/sources/source.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const kv = (key: string, value: unknown) => ({
  key: base64(key),
  create_revision: 4,
  mod_revision: 9,
  version: 2,
  value: base64(typeof value === 'string' ? value : JSON.stringify(value)),
})
const dump = (kvs: readonly unknown[], rest: object = {}): string =>
  JSON.stringify({ header: { cluster_id: 1, member_id: 2, revision: 99, raft_term: 3 }, kvs, count: kvs.length, ...rest })

async function decoded(text: string): Promise<{ objects: ObjectDocument[]; read: number; problem: string | undefined }> {
  const objects: ObjectDocument[] = []
  const decoder = decodeDocuments(
    'cluster/etcd.json',
    (document) => void (document.type === 'object' && objects.push(document)),
    async () => {},
  )
  decoder.push(Buffer.from(text))
  return { objects, ...(await decoder.end()) }
}

const block = {
  cidr: '10.48.0.0/30',
  affinity: 'host:node-1',
  allocations: [0, null, null, null],
  unallocated: [1, 2, 3],
  attributes: [{ handle_id: 'k8s-pod-network.9f', secondary: { pod: 'web-0', namespace: 'shop', node: 'node-1' } }],
  deleted: false,
}

test.each<[string, string, unknown, object]>([
  [
    'a block',
    '/calico/ipam/v2/assignment/ipv4/block/10.48.0.0-30',
    block,
    { apiVersion: 'crd.projectcalico.org/v1', kind: 'IPAMBlock', metadata: { name: '10-48-0-0-30' }, spec: block },
  ],
  [
    'a block of IPv6',
    '/calico/ipam/v2/assignment/ipv6/block/fd00:10:48::-122',
    { cidr: 'fd00:10:48::/122' },
    { kind: 'IPAMBlock', metadata: { name: 'fd00-10-48-122' } },
  ],
  [
    'an affinity, whose facts are in its key',
    '/calico/ipam/v2/host/node-1/ipv4/block/10.48.0.0-30',
    { state: 'confirmed', deleted: false },
    {
      kind: 'BlockAffinity',
      metadata: { name: 'node-1-10-48-0-0-30' },
      spec: { state: 'confirmed', node: 'node-1', type: 'host', cidr: '10.48.0.0/30', deleted: 'false' },
    },
  ],
  [
    'a handle, whose name is its key',
    '/calico/ipam/v2/handle/k8s-pod-network.9F',
    { block: { '10.48.0.0/30': 1 } },
    {
      kind: 'IPAMHandle',
      metadata: { name: 'k8s-pod-network.9f' },
      spec: { handleID: 'k8s-pod-network.9F', block: { '10.48.0.0/30': 1 }, deleted: false },
    },
  ],
  [
    'the settings',
    '/calico/ipam/v2/config',
    { strict_affinity: true, maxBlocksPerHost: 4 },
    { kind: 'IPAMConfig', metadata: { name: 'default' }, spec: { strictAffinity: true, autoAllocateBlocks: false, maxBlocksPerHost: 4 } },
  ],
  [
    'a pool',
    '/calico/resources/v3/projectcalico.org/ippools/main',
    { kind: 'IPPool', apiVersion: 'projectcalico.org/v3', metadata: { name: 'main' }, spec: { cidr: '10.48.0.0/16', blockSize: 26 } },
    { apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool', metadata: { name: 'main' }, spec: { cidr: '10.48.0.0/16', blockSize: 26 } },
  ],
  [
    'a Calico node stays one',
    'calico/resources/v3/projectcalico.org/nodes/node-1',
    { kind: 'Node', apiVersion: 'projectcalico.org/v3', metadata: { name: 'node-1' } },
    { apiVersion: 'projectcalico.org/v3', kind: 'Node' },
  ],
  [
    'a custom resource of the cluster’s own etcd',
    '/registry/crd.projectcalico.org/ippools/main',
    { kind: 'IPPool', apiVersion: 'crd.projectcalico.org/v1', metadata: { name: 'main' } },
    { apiVersion: 'crd.projectcalico.org/v1', kind: 'IPPool' },
  ],
])('%s', async (_, key, value, expected) => {
  const { objects, problem } = await decoded(dump([kv(key, value)]))
  expect(problem).toBeUndefined()
  expect(objects).toMatchObject([{ origin: 'cluster/etcd.json', object: expected }])
  expect(objects[0]).toMatchObject({ kind: objects[0]?.object['kind'], apiVersion: objects[0]?.object['apiVersion'] })
})

describe('what cannot be used is said', () => {
  const fine = kv('/calico/ipam/v2/config', {})
  test.each<[string, string, number, string]>([
    ['a broken value', dump([fine, kv('/calico/ipam/v2/handle/x', '{')]), 1, 'the value of /calico/ipam/v2/handle/x is not a JSON object'],
    [
      'a resource without a kind',
      dump([fine, kv('/calico/resources/v3/projectcalico.org/ippools/x', {})]),
      1,
      'the value of /calico/resources/v3/projectcalico.org/ippools/x has no "kind"',
    ],
    ['an entry without a key', dump([fine, {}]), 1, 'kvs[1] has no key'],
    ['a part of the keys', dump([fine], { more: true }), 1, 'is only a part of the keys ("more" is set): read them again without --limit'],
    ['an etcd of Kubernetes without custom resources', dump([kv('/registry/pods/shop/web-0', 'k8s\0\n')]), 0, 'holds 1 keys and none of Calico'],
    ['an empty etcd', dump([]), 0, 'holds no keys'],
  ])('%s', async (_, text, read, message) => {
    const result = await decoded(text)
    expect(result.read).toBe(read)
    expect(result.problem).toContain(message)
  })

  test('keys that say nothing of addresses are left out in silence', async () =>
    expect(await decoded(dump([fine, kv('/calico/felix/v1/host/x', '{'), kv('/registry/pods/shop/web-0', 'k8s\0')]))).toMatchObject({
      read: 1,
      problem: undefined,
    }))

  test('an object with kvs of its own is no dump', async () =>
    expect(await decoded(JSON.stringify({ kind: 'Thing', apiVersion: 'x/v1', header: { revision: 1 }, kvs: [] }))).toMatchObject({
      read: 1,
      problem: undefined,
    }))
})
