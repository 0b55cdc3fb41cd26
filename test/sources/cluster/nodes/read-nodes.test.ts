// Streams of nodes over a real HTTP server that cuts, refuses and keeps waiting: each node's outcome says what is missing, and why.
import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { openClient } from '../../../../src/sources/cluster/client.ts'
import { findAccess } from '../../../../src/sources/cluster/kubeconfig.ts'
import type { NodeExcerpt } from '../../../../src/sources/cluster/nodes/node-excerpt.ts'
import { readNodes, STREAMS } from '../../../../src/sources/cluster/nodes/read-nodes.ts'
import { type Fault, type FaultServer, json, startFaultServer, status } from '../fault-server.ts'

const running: FaultServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())))

/** A tar of one file, as the stream of a node. */
function printed(): string {
  const header = Buffer.alloc(512)
  header.write('var/lib/cni/networks/pods/10.1.0.2')
  header.write('0000600\0', 100, 'latin1')
  header.write('00000000003\0', 124, 'latin1')
  header.write('14725664000\0', 136, 'latin1')
  header.write('0', 156, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  const section = (name: string) => {
    const packed = gzipSync(Buffer.concat([header, Buffer.from('abc'), Buffer.alloc(509 + 1024)]))
    return `@ipam begin ${name}\n${packed.toString('base64')}\n@ipam end ${name} 0 ${createHash('sha256').update(packed).digest('hex')}\n`
  }
  return `@ipam start 1 1764000000 1763000000\n${section('state')}@ipam done\n`
}
const whole = printed()

const podOn = (node: string, state: object, more: object = {}) => ({
  metadata: { name: `collect-${node}`, ownerReferences: [{ uid: 'daemon-uid' }], ...more },
  spec: { nodeName: node },
  status: { phase: 'Running', containerStatuses: [{ state }] },
})
const up = { running: { startedAt: '2026-01-01T00:00:00Z' } }

interface Options {
  readonly pods: readonly object[]
  readonly log?: Fault
  readonly expected?: ReadonlyMap<string, string | undefined>
}

async function read({ pods, log = (_, response) => response.end(whole) !== undefined, expected }: Options) {
  const server = await startFaultServer((asked, response) => {
    if (asked.path === '/api/v1/namespaces/kube-system/pods') return json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods })
    return asked.path.endsWith('/log') ? log(asked, response) : false
  })
  running.push(server)
  const request = { kubeconfig: server.kubeconfig() }
  const client = await openClient({ access: findAccess(request), request, timeout: 5000, userAgent: 'ipam/test', retryBase: 1, sockets: STREAMS + 4 })
  const delivered = new Map<string, NodeExcerpt>()
  const outcomes = await readNodes({
    client,
    daemon: { name: 'ipam-collect-x', namespace: 'kube-system', uid: 'daemon-uid' },
    expected: expected ?? new Map([['node-1', undefined]]),
    patience: 300,
    timeout: 1000,
    cancelled: () => false,
    deliver: (node, excerpt) => void delivered.set(node, excerpt),
    onProgress: undefined,
  })
  client.close()
  return { outcomes, delivered, asked: server.asked }
}

test('a whole stream is a node', async () => {
  const { outcomes, delivered } = await read({ pods: [podOn('node-1', up)] })
  expect(outcomes).toEqual([{ node: 'node-1', status: 'complete', read: 1, error: null }])
  expect(delivered.get('node-1')?.files.map(({ path }) => path.toString())).toEqual(['var/lib/cni/networks/pods/10.1.0.2'])
})

test('a stream that is not ended by the server is left as soon as its end mark has come', async () => {
  const { outcomes } = await read({ pods: [podOn('node-1', up)], log: (_, response) => response.write(whole) !== undefined })
  expect(outcomes).toMatchObject([{ status: 'complete' }])
})

test('a stream that was cut is read again, and once more', async () => {
  const { outcomes } = await read({
    pods: [podOn('node-1', up)],
    log: ({ before }, response) => {
      if (before === 2) response.end(whole)
      else response.write(whole.slice(0, 60), () => response.socket?.destroy())
      return true
    },
  })
  expect(outcomes).toMatchObject([{ status: 'complete', read: 1 }])
})

test.each<[string, Fault, RegExp]>([
  ['cut each time', (_, response) => response.end(whole.slice(0, 200)) !== undefined, /ended too early.*"state" was cut/],
  ['silent', (_, response) => response.writeHead(200).flushHeaders() === undefined, /no whole answer within 1 s/],
  ['of a kubelet that is down', (_, response) => json(response, status(502, 'BadGateway'), 502), /the server answered 502/],
  ['of another program', (_, response) => response.end('sh: not found\n') !== undefined, /beginning .* is missing/],
])('a stream %s is a failed node, and nothing of it is kept', async (_, log, words) => {
  const { outcomes, delivered } = await read({ pods: [podOn('node-1', up)], log })
  expect(outcomes).toMatchObject([{ node: 'node-1', status: 'failed', read: 0, error: expect.stringMatching(words) }])
  expect(delivered.size).toBe(0)
})

test('a stream without its end mark is a part, and says so', async () => {
  const { outcomes, delivered } = await read({
    pods: [podOn('node-1', up)],
    log: (_, response) => response.end(whole.replace('@ipam done\n', '')) !== undefined,
  })
  expect(outcomes).toMatchObject([{ status: 'partial', read: 1, error: 'it ended too early' }])
  expect(delivered.size).toBe(1)
})

test('a log that may not be read names the rule', async () => {
  const { outcomes } = await read({ pods: [podOn('node-1', up)], log: (_, response) => json(response, status(403, 'Forbidden'), 403) })
  expect(outcomes).toMatchObject([{ status: 'forbidden', error: expect.stringContaining('`get pods/log` in namespace "kube-system"') }])
})

test('pods that another one made under the same label are not believed', async () => {
  const { outcomes, asked } = await read({ pods: [podOn('node-1', up, { ownerReferences: [{ uid: 'somebody-else' }] })] })
  expect(outcomes).toMatchObject([{ status: 'failed', error: 'no pod was made for it in time' }])
  expect(asked.filter((url) => url.includes('/log'))).toEqual([])
})

test.each([
  [
    'an image that is missing',
    { waiting: { reason: 'ImagePullBackOff', message: 'not found' } },
    /ImagePullBackOff: not found; give another with --image/,
  ],
  ['a shell that is missing', { terminated: { reason: 'StartError', message: 'exec: "sh"' } }, /StartError: exec: "sh"/],
  ['a pod that does not start', { waiting: { reason: 'ContainerCreating' } }, /ContainerCreating/],
])('%s is the reason of that node', async (_, state, words) => {
  expect((await read({ pods: [podOn('node-1', state)] })).outcomes).toMatchObject([{ status: 'failed', error: expect.stringMatching(words) }])
})

test('a node that is known to be down is not waited for, and is read all the same when its pod runs', async () => {
  const expected = new Map([
    ['node-1', undefined],
    ['node-2', 'the node is not Ready'],
    ['node-3', 'the node is not Ready'],
  ])
  const { outcomes } = await read({ pods: [podOn('node-1', up), podOn('node-2', up), podOn('elsewhere', up)], expected })
  expect(outcomes.toSorted((a, b) => (a.node < b.node ? -1 : 1))).toMatchObject([
    { node: 'node-1', status: 'complete' },
    { node: 'node-2', status: 'complete' },
    { node: 'node-3', status: 'failed', error: 'the node is not Ready' },
  ])
})

test('of many nodes, no more than the bound are read at once', async () => {
  const names = Array.from({ length: 60 }, (_, i) => `node-${i}`)
  let open = 0
  let most = 0
  const { outcomes } = await read({
    pods: names.map((name) => podOn(name, up)),
    expected: new Map(names.map((name) => [name, undefined])),
    log: (_, response) => {
      most = Math.max(most, ++open)
      setTimeout(() => {
        open--
        response.end(whole)
      }, 20)
      return true
    },
  })
  expect(outcomes.filter(({ status: is }) => is === 'complete')).toHaveLength(60)
  expect(most).toBe(STREAMS)
})
