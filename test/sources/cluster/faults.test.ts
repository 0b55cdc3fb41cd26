// What a misbehaving API server, proxy or network does to a scan: never a clean report, never a wait without end, and the reason in words.
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { StartError } from '../../../src/model/errors.ts'
import type { Coverage } from '../../../src/model/inventory.ts'
import { openClient } from '../../../src/sources/cluster/client.ts'
import { findAccess } from '../../../src/sources/cluster/kubeconfig.ts'
import { clusterSource } from '../../../src/sources/cluster.ts'
import type { Document, Needs } from '../../../src/sources/source.ts'
import {
  type Asked,
  begin,
  breakOff,
  changeProtocol,
  type Fault,
  type FaultServer,
  json,
  listOf,
  podOf,
  raw,
  redirect,
  reset,
  speakSsh,
  startFaultServer,
  status,
} from './fault-server.ts'

const running: FaultServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())))

async function serve(fault?: Fault): Promise<FaultServer> {
  const server = await startFaultServer(fault)
  running.push(server)
  return server
}

const kinds = ['/Pod', '/Node', '/Service', '/Event', 'networking.k8s.io/IPAddress', 'cluster.x-k8s.io/Cluster', 'example.com/Thing']

/** As the systems ask for pods: all faults meet the reading of single fields too. */
const needs: Needs = new Map([['/Pod', { fields: { kind: true, apiVersion: true, metadata: { name: true, uid: true } } }]])

async function scan(server: FaultServer, options: { readonly timeout?: number; readonly kubeconfig?: string; readonly chunk?: number } = {}) {
  const documents: Document[] = []
  const source = clusterSource({
    kubeconfig: options.kubeconfig ?? server.kubeconfig(),
    kinds,
    chunkSize: options.chunk ?? 2,
    requestTimeout: options.timeout ?? 20_000,
    userAgent: 'ipam/test',
    now: Date.now,
    retryBase: 1,
  })
  const summary = await source.read((document) => documents.push(document), needs)
  const names = (kind: string) =>
    documents.flatMap((one) =>
      one.type === 'object' && one.kind === kind ? [String((one.object['metadata'] as { name?: unknown } | undefined)?.name)] : [],
    )
  const covered = (source: string): Coverage | undefined => summary.coverage.find((one) => one.source === source)
  return { summary, documents, names, covered, source }
}

const allPods = ['pod-0', 'pod-1', 'pod-2', 'pod-3', 'pod-4', 'pod-5']
const isPods = ({ path }: Asked) => path === '/api/v1/pods'
/** The page that begins behind `from` pods. */
const isPage = (asked: Asked, from: number) => isPods(asked) && (asked.query.get('continue') ?? 't0') === `t${from}`
const onPage =
  (from: number, answer: Fault): Fault =>
  (asked, response) =>
    isPage(asked, from) && answer(asked, response)

/** Rows whose list of pods is refused while the rest is read. */
const partial = (read: number, error: RegExp) => ({
  source: 'pods',
  status: read === 0 ? 'failed' : 'partial',
  read,
  error: expect.stringMatching(error),
})

describe('a server that behaves', () => {
  test('every object once, every list in coverage, one user agent, no request but GET and reviews', async () => {
    const agents = new Set<string>()
    const server = await serve(({ request, path }) => {
      const method = request.method === 'POST' && path.endsWith('/selfsubjectaccessreviews') ? 'GET' : request.method
      agents.add(`${method} ${request.headers['user-agent']} ${request.headers['accept-encoding']} ${request.headers.authorization}`)
      return false
    })
    const { names, summary, covered } = await scan(server)
    expect(names('Pod')).toEqual(allPods)
    expect(names('Node')).toEqual(['node-1', 'node-2'])
    expect(covered('pods')).toEqual({ source: 'pods', status: 'complete', read: 6, error: null })
    expect(covered('services')).toEqual({ source: 'services', status: 'complete', read: 0, error: null })
    expect(covered('things.example.com')).toMatchObject({ status: 'absent', read: 0 })
    expect(summary.coverage.map(({ status }) => status)).not.toContain('failed')
    expect(summary).toMatchObject({ name: 'faulty', collectedAt: expect.any(Number) })
    expect([...agents]).toEqual(['GET ipam/test gzip Bearer canary-token'])
  })

  test('what allocates is read before the pods and after them; a page asks for its size and no resource version', async () => {
    const server = await serve()
    await scan(server, { chunk: 500 })
    const order = server.asked.map((url) => url.replace(/^.*\//, ''))
    const at = (name: string) => order.flatMap((one, i) => (one === name ? [i] : []))
    const pods = at('pods?limit=500')
    expect(pods).toHaveLength(1)
    expect(at('ipaddresses?limit=500').map((i) => i < (pods[0] as number))).toEqual([true, false])
    expect(at('nodes?limit=500').map((i) => i < (pods[0] as number))).toEqual([true])
    expect(server.asked.join()).not.toContain('resourceVersion')
  })

  test('a packed answer is unpacked; a damaged one is tried again', async () => {
    const server = await serve((asked, response) => {
      if (!isPods(asked)) return false
      const packed = gzipSync(JSON.stringify(listOf(asked.path, asked.query)))
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(asked.before === 0 ? packed.subarray(0, packed.length - 9) : packed)
      return true
    })
    const { names, covered } = await scan(server)
    expect([names('Pod'), covered('pods')?.status]).toEqual([allPods, 'complete'])
  })

  test('a server without aggregated discovery is asked group by group', async () => {
    const server = await serve(({ path }, response) => {
      if (path === '/api') return json(response, { kind: 'APIVersions', versions: ['v1'] })
      if (path === '/api/v1')
        return json(response, {
          kind: 'APIResourceList',
          resources: [
            { name: 'pods', kind: 'Pod', namespaced: true, verbs: ['list'] },
            { name: 'pods/log', kind: 'Pod', namespaced: true, verbs: ['get'] },
            { name: 'nodes', kind: 'Node', verbs: ['list'] },
          ],
        })
      if (path === '/apis')
        return json(response, {
          kind: 'APIGroupList',
          groups: [
            { name: 'networking.k8s.io', versions: [{ version: 'v1beta1' }, { version: 'v1' }], preferredVersion: { version: 'v1' } },
            { name: 'other.io', versions: [{ version: 'v1' }] },
          ],
        })
      if (path === '/apis/networking.k8s.io/v1')
        return json(response, { kind: 'APIResourceList', resources: [{ name: 'ipaddresses', kind: 'IPAddress', verbs: ['list'] }] })
      if (path === '/apis/networking.k8s.io/v1beta1')
        return json(response, { kind: 'APIResourceList', resources: [{ name: 'ipaddresses', kind: 'IPAddress', verbs: ['list'] }] })
      return false
    })
    const { names, covered } = await scan(server)
    expect([names('Pod'), covered('ipaddresses')?.status, covered('services')?.status]).toEqual([allPods, 'complete', 'absent'])
    expect(server.asked.some((url) => url.includes('other.io'))).toBe(false)
    expect(server.asked.some((url) => url.includes('/v1beta1/ipaddresses'))).toBe(false)
  })

  test('a group whose own server is down is a failure and not "not installed"', async () => {
    const server = await serve(
      ({ path }, response) =>
        path === '/apis' &&
        json(response, {
          kind: 'APIGroupDiscoveryList',
          items: [{ metadata: { name: 'example.com' }, versions: [{ version: 'v1', freshness: 'Stale', resources: [] }] }],
        }),
    )
    expect((await scan(server)).covered('things.example.com')).toMatchObject({ status: 'failed', error: expect.stringContaining('does not answer') })
  })
})

describe('rows 44, 45, 47: answers that are no list of pods', () => {
  const bodies: readonly (readonly [string, Fault, RegExp])[] = [
    ['an HTML page', (_, response) => raw(response, '<html>log in canary-page</html>', 'text/html'), /HTML page/],
    ['HTML that claims to be JSON', (_, response) => raw(response, '<html>canary-page</html>'), /HTML page/],
    ['{}', (_, response) => json(response, {}), /has no kind/],
    ['an array', (_, response) => json(response, []), /bare array/],
    ['a Status', (_, response) => json(response, status(200, 'Failure')), /kind is "Status"/],
    [
      'a list of something else',
      (_, response) => json(response, { kind: 'NodeList', apiVersion: 'v1', metadata: {}, items: [] }),
      /kind is "NodeList"/,
    ],
    [
      'items that are text',
      (_, response) => json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: 'x' }),
      /"items" is not an array/,
    ],
    ['no items', (_, response) => json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {} }), /"items" is missing/],
    [
      'items null with more to come',
      (_, response) => json(response, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 'x' }, items: null }),
      /null though more/,
    ],
    [
      'a continue token that is a number',
      (_, response) => json(response, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 5 }, items: [podOf(0)] }),
      /continue token is no text/,
    ],
    [
      'more to come and no token',
      (_, response) => json(response, { kind: 'PodList', apiVersion: 'v1', metadata: { remainingItemCount: 3 }, items: [podOf(0)] }),
      /3 more are to come/,
    ],
    ['a change of protocol', (_, response) => changeProtocol(response), /another protocol/],
    ['an empty body', (_, response) => raw(response, ''), /is empty/],
    ['JSON that is cut short', (_, response) => raw(response, '{"kind":"PodList","items":[{'), /not valid JSON/],
    [
      'a redirect to another host',
      (_, response) => redirect(response, 'https://login.example.com/?next=canary'),
      /redirect \(302\) to login\.example\.com, which is not followed/,
    ],
    ['an answer that is not HTTP', (_, response) => speakSsh(response), /not HTTP/],
  ]
  test.each(bodies)('%s', async (_, fault, error) => {
    const server = await serve(onPage(0, fault))
    const { covered, names, summary } = await scan(server)
    expect(covered('pods')).toEqual(partial(0, error))
    expect(names('Pod')).toEqual([])
    expect(names('Node')).toEqual(['node-1', 'node-2'])
    expect(JSON.stringify(summary)).not.toContain('canary')
  })

  test.each(bodies)('%s in the middle of a list: what was read before stays, as a part', async (_, fault, error) => {
    const { covered, names } = await scan(await serve(onPage(2, fault)))
    expect([covered('pods'), names('Pod')]).toEqual([partial(2, error), ['pod-0', 'pod-1']])
  })

  test('items null with the right kind and no more to come is an empty list', async () => {
    const server = await serve((asked, response) => isPods(asked) && json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: null }))
    expect((await scan(server)).covered('pods')).toEqual({ source: 'pods', status: 'complete', read: 0, error: null })
  })

  test('a pod that is no object is counted as a fault of the list', async () => {
    const server = await serve(onPage(0, (_, response) => json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [podOf(0), 7] })))
    expect((await scan(server)).covered('pods')).toMatchObject({ status: 'partial', error: expect.stringContaining('is not an object') })
  })
})

describe('rows 38, 39, 40: refusals', () => {
  const refuse =
    (path: string, code: number): Fault =>
    (asked, response) =>
      asked.path === path && json(response, status(code, 'Forbidden'), code)

  test('403 on pods names the rule and leaves the rest', async () => {
    const { covered, names } = await scan(await serve(refuse('/api/v1/pods', 403)))
    expect(covered('pods')).toEqual({ source: 'pods', status: 'forbidden', read: 0, error: expect.stringContaining('`get,list pods`') })
    expect(names('Node')).toHaveLength(2)
  })

  test('403, 404 and an empty list of a custom kind are three things', async () => {
    const path = '/apis/cluster.x-k8s.io/v1beta1/clusters'
    const statuses = []
    for (const fault of [refuse(path, 403), refuse(path, 404), undefined]) statuses.push((await scan(await serve(fault))).covered('clusters'))
    expect(statuses).toMatchObject([
      { status: 'forbidden', error: expect.stringContaining('`get,list clusters.cluster.x-k8s.io`') },
      { status: 'absent' },
      { status: 'complete', error: null },
    ])
  })

  test.each(['pods', 'nodes'])('404 on %s, which every cluster has, is a failure and not "not installed"', async (plural) => {
    const { covered } = await scan(await serve(refuse(`/api/v1/${plural}`, 404)))
    expect(covered(plural)).toMatchObject({ status: 'failed', error: expect.stringContaining('does not find it (404)') })
  })

  test('a 401 in mid-list asks for new credentials once, for all lists together', async () => {
    let runs = 0
    const server = await serve((asked, response) => {
      if (asked.request.headers.authorization === 'Bearer second') return false
      return isPage(asked, 2) && json(response, status(401, 'Unauthorized'), 401)
    })
    const kubeconfig = server.kubeconfig(
      {},
      execUser(
        server.folder,
        `n=$(cat n 2>/dev/null || echo 0); echo $((n+1)) > n; if [ $n = 0 ]; then t=first; else t=second; fi; ${credential('$t')}`,
      ),
    )
    const { names, covered } = await scan(server, { kubeconfig })
    runs = server.asked.filter((url) => url.includes('continue=t2')).length
    expect([names('Pod'), covered('pods')?.status, runs]).toEqual([allPods, 'complete', 2])
  })

  test('a 401 that stays ends that list', async () => {
    const { covered } = await scan(await serve(onPage(2, (_, response) => json(response, status(401, 'Unauthorized'), 401))))
    expect(covered('pods')).toEqual(partial(2, /credentials of user "someone" \(401\)/))
  })
})

/** An exec plugin made of a shell line, run in the server's folder. */
const execUser = (folder: string, line: string, more: object = {}) => ({
  token: undefined,
  exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'sh', args: ['-c', `cd ${folder}; ${line}`], ...more },
})
const credential = (token: string) =>
  `echo "{\\"kind\\":\\"ExecCredential\\",\\"apiVersion\\":\\"client.authentication.k8s.io/v1\\",\\"status\\":{\\"token\\":\\"${token}\\"}}"`

describe('rows 41, 43, 45, 46: overload and broken connections', () => {
  const overloaded =
    (times: number, after?: string): Fault =>
    (asked, response) =>
      isPage(asked, 2) &&
      asked.before < times &&
      json(response, status(429, 'TooManyRequests'), 429, after === undefined ? {} : { 'retry-after': after })

  test.each([
    ['without Retry-After', undefined],
    ['with seconds', '0'],
    ['with a date', new Date(0).toUTCString()],
    ['with nonsense', 'soon'],
  ])('429 twice %s is waited out', async (_, after) => {
    const { names, covered } = await scan(await serve(overloaded(2, after)))
    expect([names('Pod'), covered('pods')?.status]).toEqual([allPods, 'complete'])
  })

  test('a wait of a day is cut to the time limit of a request', async () => {
    const { names } = await scan(await serve(overloaded(1, '86400')), { timeout: 300 })
    expect(names('Pod')).toEqual(allPods)
  })

  test('waits of a day end with the limit of a request, whatever the number of tries', async () => {
    const server = await serve(overloaded(Number.POSITIVE_INFINITY, '86400'))
    expect((await scan(server, { timeout: 100 })).covered('pods')).toEqual(partial(2, /overloaded \(429\)/))
    expect(server.asked.filter((url) => url.includes('continue=t2'))).toHaveLength(2)
  })

  test('429 for ever ends after five tries', async () => {
    const server = await serve(overloaded(Number.POSITIVE_INFINITY))
    const { covered } = await scan(server)
    expect(covered('pods')).toEqual(partial(2, /overloaded \(429\)/))
    expect(server.asked.filter((url) => url.includes('continue=t2'))).toHaveLength(5)
  })

  const cuts: readonly (readonly [string, Fault, RegExp])[] = [
    ['503', (_, response) => json(response, status(503, 'ServiceUnavailable'), 503), /answered 503 ServiceUnavailable/],
    ['a reset connection', (_, response) => reset(response), /connection was cut/],
    ['a body shorter than its Content-Length', (_, response) => breakOff(response, { 'content-length': '10000' }), /cut/],
    ['a chunked body that is cut', (_, response) => breakOff(response), /cut/],
  ]
  test.each(cuts)('%s once is tried again', async (_, fault) => {
    const { names, covered } = await scan(await serve(onPage(4, (asked, response) => asked.before === 0 && fault(asked, response))))
    expect([names('Pod'), covered('pods')?.status]).toEqual([allPods, 'complete'])
  })
  test.each(cuts)('%s each time leaves a part', async (_, fault, error) => {
    const { names, covered } = await scan(await serve(onPage(4, fault)))
    expect([names('Pod'), covered('pods')]).toEqual([allPods.slice(0, 4), partial(4, error)])
  })

  const silences: readonly (readonly [string, Fault])[] = [
    ['no answer', () => true],
    ['headers and then silence', (_, response) => begin(response)],
    [
      'one byte at a time',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json' })
        const timer = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(timer))
        return true
      },
    ],
  ]
  test.each(silences)('%s ends at --request-timeout', async (_, fault) => {
    const { covered } = await scan(await serve(onPage(2, fault)), { timeout: 300 })
    expect(covered('pods')).toEqual(partial(2, /no whole answer within 0\.3 s/))
  })

  test('a server that answers nothing any more is not asked again and again', async () => {
    const server = await serve(() => true)
    const request = { kubeconfig: server.kubeconfig() }
    const client = await openClient({ access: findAccess(request), request, timeout: 20, userAgent: 'ipam/test' })
    const answers = []
    for (let i = 0; i < 10; i++) answers.push(await client.getJson(`/api/v1/${i}`).catch(({ message }: Error) => message))
    client.close()
    expect(answers.map((text) => (String(text).startsWith('no whole answer') ? 'silent' : text))).toEqual([
      ...Array.from({ length: 8 }, () => 'silent'),
      ...Array.from({ length: 2 }, () => 'it was not asked for: the last 8 requests had no answer'),
    ])
    expect(server.asked).toHaveLength(8)
  })

  test('one that answers in between is asked to the end', async () => {
    const server = await serve((asked) => asked.query.has('limit') && !asked.path.endsWith('/pods') && !asked.path.endsWith('/events'))
    const { covered } = await scan(server, { timeout: 1000 })
    expect([covered('pods')?.status, covered('events')?.status, covered('services')?.status]).toEqual(['complete', 'complete', 'failed'])
  })
})

describe('rows 42, 47, 48: lists that expire or do not end', () => {
  test('410 once: the list is read anew', async () => {
    const server = await serve(onPage(4, (asked, response) => asked.before === 0 && json(response, status(410, 'Expired', { continue: 't4x' }), 410)))
    const { names, covered } = await scan(server)
    expect(covered('pods')).toEqual({ source: 'pods', status: 'complete', read: 6, error: null })
    expect(new Set(names('Pod'))).toEqual(new Set(allPods))
    expect(server.asked.filter((url) => url === '/api/v1/pods?limit=2')).toHaveLength(2)
  })

  test('410 each time: the rest is read as of a later moment, and coverage says so', async () => {
    const { names, covered } = await scan(await serve(onPage(4, (_, response) => json(response, status(410, 'Expired', { continue: 't4x' }), 410))))
    expect(covered('pods')).toMatchObject({ status: 'partial', read: 6, error: expect.stringContaining('expired while it was read') })
    expect(new Set(names('Pod'))).toEqual(new Set(allPods))
  })

  test('410 without a token to go on is a part', async () => {
    const { covered } = await scan(await serve(onPage(4, (_, response) => json(response, status(410, 'Expired'), 410))))
    expect(covered('pods')).toEqual(partial(4, /answered 410 Expired/))
  })

  const endless = (items: readonly object[], token: (n: number) => string): Fault => {
    let n = 0
    return (asked, response) => isPods(asked) && json(response, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: token(n++) }, items })
  }
  test.each([
    ['the same token', endless([podOf(0)], () => 'again')],
    ['two tokens in turn', endless([podOf(0)], (n) => `t${n % 2}`)],
    ['no items and always another token', endless([], (n) => `n${n}`)],
  ])('%s for ever is noticed', async (_, fault) => {
    expect((await scan(await serve(fault))).covered('pods')).toMatchObject({ error: expect.stringContaining('the same pages again') })
  })
})

describe('rows 38, 39, 44: what the first answer decides', () => {
  test.each<readonly [string, Fault, RegExp]>([
    ['HTML instead of discovery', (_, response) => raw(response, '<html>', 'text/html'), /HTML page/],
    ['{} instead of discovery', (_, response) => json(response, {}), /\/api gave no list of versions/],
    ['{} instead of groups', ({ path }, response) => path === '/apis' && json(response, {}), /\/apis gave no list of groups/],
    ['401', (_, response) => json(response, status(401, 'Unauthorized'), 401), /does not accept the credentials of user "someone" \(401\)/],
    ['403', (_, response) => json(response, status(403, 'Forbidden'), 403), /system:discovery/],
    [
      '403 on every list',
      ({ path }, response) => path.includes('v1') && json(response, status(403, 'Forbidden'), 403),
      /nothing could be read.*get,list/,
    ],
    [
      'no pods to be had',
      ({ path }, response) => path === '/api' && json(response, { kind: 'APIGroupDiscoveryList', items: [] }),
      /does not offer pods/,
    ],
  ])('%s: cannot start', async (_, fault, message) => {
    const failure = await scan(await serve(fault)).then(String, (error: unknown) => error)
    expect(failure).toBeInstanceOf(StartError)
    expect((failure as Error).message).toMatch(message)
  })
})

test('single objects are asked for again, records before pods: there, gone, another, and not to be asked for are told apart', async () => {
  const here = { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'here', namespace: 'a', uid: 'u1' } }
  const record = { kind: 'IPAddress', apiVersion: 'networking.k8s.io/v1', metadata: { name: '10.96.0.1', uid: 'u2' } }
  const server = await serve(({ path }, response) => {
    if (path === '/api/v1/namespaces/a/pods/here') return json(response, here)
    if (path.endsWith('/pods/renamed')) return json(response, here)
    if (path.endsWith('/pods/page')) return raw(response, '<html>', 'text/html')
    if (path === '/apis/networking.k8s.io/v1/ipaddresses/10.96.0.1') return json(response, record)
    return path.endsWith('/pods/secret') && json(response, status(403, 'Forbidden'), 403)
  })
  const { source } = await scan(server)
  const pods = ['here', 'gone', 'secret', 'renamed', 'page'].map((name) => ({ kind: '/Pod', namespace: 'a', name }))
  const asked = server.asked.length
  const now = await source.recheck?.([
    ...pods,
    { kind: 'networking.k8s.io/IPAddress', namespace: undefined, name: '10.96.0.1' },
    { kind: 'example.com/Thing', namespace: undefined, name: 'x' },
  ])
  expect(now).toEqual([
    { type: 'object', apiVersion: 'v1', kind: 'Pod', object: here, origin: 'cluster/pods.json' },
    'gone',
    undefined,
    undefined,
    undefined,
    { type: 'object', apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress', object: record, origin: 'cluster/ipaddresses.networking.k8s.io.json' },
    undefined,
  ])
  expect(server.asked[asked]).toContain('/ipaddresses/')
  expect(server.asked.slice(asked).some((url) => url.includes('things'))).toBe(false)
})

test.each([
  ['to its end', undefined],
  ['in vain', (({ query }) => query.has('limit') && query.get('limit') === '2') as Fault],
])('who watches is told when nothing more is read, where the scan went %s', async (_, fault) => {
  const told: string[] = []
  const source = clusterSource({
    kubeconfig: (await serve(fault)).kubeconfig(),
    ...{ kinds, chunkSize: 2, requestTimeout: 1000, userAgent: 'ipam/test', now: Date.now, retryBase: 1 },
    onProgress: (what) => told.push(what),
    onPause: () => told.push('pause'),
  })
  await source.read(() => {}).catch(() => {})
  expect(told.slice(told.indexOf('pause'))).toEqual(['pause'])
})
