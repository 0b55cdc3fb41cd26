// What would be refused is known before anything is read, and a server that does not answer such questions is read all the same.
import { afterEach, describe, expect, test } from 'vitest'
import { clusterSource } from '../../../src/sources/cluster.ts'
import { type Fault, type FaultServer, json, startFaultServer, status } from './fault-server.ts'

const running: FaultServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())))

const REVIEW = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'

/** Answers reviews by the resource that they ask for. */
const reviewer =
  (decide: (attributes: Record<string, string>) => object): Fault =>
  ({ request, path }, response) => {
    if (path !== REVIEW) return false
    let body = ''
    request.on('data', (piece) => {
      body += piece
    })
    request.on('end', () => {
      const asked = JSON.parse(body)
      json(response, { ...asked, status: decide(asked.spec.resourceAttributes) }, 201)
    })
    return true
  }

async function scan(fault: Fault, namespace?: string) {
  const server = await startFaultServer(fault)
  running.push(server)
  const named: string[][] = []
  const source = clusterSource({
    kubeconfig: server.kubeconfig(),
    kinds: ['/Pod', '/Node', '/Service', 'networking.k8s.io/IPAddress'],
    namespace,
    chunkSize: 500,
    requestTimeout: 5000,
    userAgent: 'ipam/test',
    now: Date.now,
    retryBase: 1,
    onForbidden: (lists) => named.push([...lists, `after ${server.asked.filter((url) => url.includes('limit=')).length} lists`]),
  })
  const summary = await source.read(() => {})
  return { named, asked: server.asked, covered: (name: string) => summary.coverage.find(({ source }) => source === name) }
}

describe('lists that the server would refuse', () => {
  test('are named before the first list, are not asked for, and say which rule is missing', async () => {
    const { named, asked, covered } = await scan(reviewer(({ resource }) => ({ allowed: resource !== 'nodes' })))
    expect(named).toEqual([['nodes', 'after 0 lists']])
    expect(covered('nodes')).toEqual({ source: 'nodes', status: 'forbidden', read: 0, error: expect.stringContaining('`get,list nodes`') })
    expect(covered('pods')).toMatchObject({ status: 'complete', read: 6 })
    expect(asked.filter((url) => url.startsWith('/api/v1/nodes'))).toEqual([])
  })

  test('are asked for in the namespace that will be read, nodes in none', async () => {
    const seen: Record<string, string>[] = []
    await scan(
      reviewer((attributes) => {
        seen.push(attributes)
        return { allowed: true }
      }),
      'shop',
    )
    expect(seen).toContainEqual({ verb: 'list', group: '', resource: 'pods', namespace: 'shop' })
    expect(seen).toContainEqual({ verb: 'list', group: '', resource: 'nodes' })
    expect(seen).toContainEqual({ verb: 'list', group: 'networking.k8s.io', resource: 'ipaddresses' })
  })

  test.each<[string, Fault]>([
    ['refuses the question', ({ path }, response) => path === REVIEW && json(response, status(403, 'Forbidden'), 403)],
    ['does not know it', ({ path }, response) => path === REVIEW && json(response, status(404, 'NotFound'), 404)],
    ['fails at it', ({ path }, response) => path === REVIEW && json(response, status(500, 'InternalError'), 500)],
    ['answers something else', ({ path }, response) => path === REVIEW && json(response, { kind: 'SelfSubjectAccessReview', status: 'no' })],
    ['cannot decide', reviewer(() => ({ allowed: false, evaluationError: 'webhook is down' }))],
  ])('a server that %s is read all the same', async (_, fault) => {
    const { named, covered } = await scan(fault)
    expect(named).toEqual([])
    expect([covered('nodes'), covered('pods')]).toMatchObject([
      { status: 'complete', read: 2 },
      { status: 'complete', read: 6 },
    ])
  })
})
