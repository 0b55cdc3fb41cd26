// Row 57: which proxy is used, as Go's net/http decides it, and what becomes of connections through one.
import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { StartError } from '../../../src/model/errors.ts'
import { proxyFor } from '../../../src/sources/cluster/proxy.ts'
import { clusterSource } from '../../../src/sources/cluster.ts'
import { type FaultServer, startFaultServer } from './fault-server.ts'

const HTTPS_PROXY = 'http://proxy:3128'

describe('row 57: the proxy of the environment', () => {
  const used = (server: string, NO_PROXY: string) => proxyFor(new URL(server), undefined, { HTTPS_PROXY, NO_PROXY })?.href

  test.each([
    ['https://api.example.com', 'example.com'],
    ['https://api.example.com', '.example.com'],
    ['https://api.example.com', '*.example.com'],
    ['https://api.example.com', 'other, API.example.com '],
    ['https://api.example.com', 'api.example.com:443'],
    ['https://api.example.com:6443', 'api.example.com:6443'],
    ['https://10.1.2.3:6443', '10.0.0.0/8'],
    ['https://10.1.2.3:6443', '10.1.2.3'],
    ['https://10.1.2.3:6443', '10.1.2.3:6443'],
    ['https://[2001:db8::7]:6443', '2001:db8::/32'],
    ['https://[2001:db8::7]:6443', '2001:db8:0::7'],
    ['https://[2001:db8::7]:6443', '[2001:db8::7]:6443'],
    ['https://anything', '*'],
    ['https://localhost:6443', ''],
    ['https://127.9.9.9:6443', ''],
    ['https://[::1]:6443', ''],
  ])('is not used for %s with NO_PROXY=%s', (server, list) => expect(used(server, list)).toBeUndefined())

  test.each([
    ['https://example.com', '.example.com'],
    ['https://myexample.com', 'example.com'],
    ['https://api.example.com', 'api.example.com:6443'],
    ['https://11.1.2.3:6443', '10.0.0.0/8,10.0.0.0/99,/8'],
    ['https://10.1.2.3:6443', '2001:db8::/32'],
    ['https://127.0.0.1.example.com', ''],
  ])('is used for %s with NO_PROXY=%s', (server, list) => expect(used(server, list)).toBe(`${HTTPS_PROXY}/`))

  test('needs no scheme, may be in small letters, and gives way to proxy-url, which has no exceptions', () => {
    const server = new URL('https://10.1.2.3')
    expect(proxyFor(server, undefined, { https_proxy: 'proxy:3128' })?.href).toBe('http://proxy:3128/')
    expect(proxyFor(server, 'socks5://other:1080', { HTTPS_PROXY, NO_PROXY: '*' })?.href).toBe('socks5://other:1080')
  })

  test.each([':::canary', 'ftp://u:canary@x', 'http://', 'http://u:100%canary@x'])('an address like %s is refused and not repeated', (text) => {
    const refusal = expect(() => proxyFor(new URL('https://x'), text, {}))
    refusal.toThrow(StartError)
    refusal.toThrow(/^(?!.*canary).*proxy-url of the kubeconfig is no address of a proxy/)
  })
})

describe('row 57: a connection through a proxy', () => {
  const ends: (() => unknown)[] = []
  afterEach(() => Promise.all(ends.splice(0).map((end) => end())))

  async function listen(server: Server | ReturnType<typeof createTcpServer>): Promise<number> {
    const sockets = new Set<Socket>()
    server.on('connection', (socket: Socket) => void sockets.add(socket))
    ends.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }
  async function serve(): Promise<FaultServer> {
    const server = await startFaultServer()
    ends.push(() => server.stop())
    return server
  }
  const tunnel = (port: number, log: string[], first?: string) =>
    createServer().on('connect', (request, socket: Socket) => {
      log.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`)
      socket.on('error', () => {})
      if (first === '') return // says nothing
      if (first !== undefined) return void socket.end(`HTTP/1.1 ${first}\r\n\r\ncanary`)
      const through = connect(port, '127.0.0.1', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))
      through.on('error', () => {})
      through.pipe(socket).pipe(through)
    })
  const read = (server: FaultServer, proxy: string, requestTimeout = 5000) =>
    clusterSource({
      kubeconfig: server.kubeconfig({ server: 'http://api.invalid:6443', 'insecure-skip-tls-verify': true, 'proxy-url': proxy }),
      kinds: ['/Pod', '/Node', '/Service'],
      chunkSize: 1,
      requestTimeout,
      userAgent: 'ipam/test',
      now: Date.now,
      retryBase: 1,
    }).read(() => {})

  test('has its name looked up by the proxy, is kept for further requests, and carries the password', async () => {
    const server = await serve()
    const log: string[] = []
    const port = await listen(tunnel(Number(new URL(server.url).port), log))
    const { coverage } = await read(server, `http://me:p%40ss@127.0.0.1:${port}`)
    expect(coverage.find(({ source }) => source === 'pods')).toMatchObject({ status: 'complete', read: 6 })
    expect(server.asked.length).toBeGreaterThan(12)
    expect(log.length).toBeLessThanOrEqual(4)
    expect(log[0]).toBe(`api.invalid:6443 Basic ${Buffer.from('me:p@ss').toString('base64')}`)
  })

  test('may be one of SOCKS, which looks the name up too', async () => {
    const server = await serve()
    const names: string[] = []
    const port = await listen(
      createTcpServer((socket) => {
        socket.on('error', () => {})
        socket.once('data', () => {
          socket.write(Buffer.from([5, 0]))
          socket.once('data', (wish) => {
            names.push(wish.subarray(5, 5 + (wish[4] ?? 0)).toString())
            const through = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0])))
            through.on('error', () => {})
            through.pipe(socket).pipe(through)
          })
        })
      }),
    )
    const { coverage } = await read(server, `socks5://127.0.0.1:${port}`)
    expect(coverage.find(({ source }) => source === 'pods')).toMatchObject({ status: 'complete', read: 6 })
    expect(new Set(names)).toEqual(new Set(['api.invalid']))
    expect(names.length).toBeLessThanOrEqual(4)
  })

  test.each([
    ['wants a password', '407 No', /the proxy 127\.0\.0\.1:\d+ wants a user and a password \(407\)/],
    ['refuses', '403 No', /the proxy 127\.0\.0\.1:\d+ refused to connect to api\.invalid:6443 \(403\)/],
    ['never answers', '', /the proxy 127\.0\.0\.1:\d+ did not answer within 0\.1 s|no whole answer within 0\.1 s/],
  ])('that %s is a fault of the proxy and says so', async (_, first, words) => {
    const server = await serve()
    const port = await listen(tunnel(0, [], first))
    await expect(read(server, `http://me:canary@127.0.0.1:${port}`, first === '' ? 100 : 5000)).rejects.toThrow(words)
  })

  test('through one that is not there names it, for SOCKS too', async () => {
    const server = await serve()
    for (const scheme of ['http', 'socks5'])
      await expect(read(server, `${scheme}://me:canary@127.0.0.1:1`)).rejects.toThrow(/^(?!.*canary).*the proxy 127\.0\.0\.1:1 cannot be used/)
  })
})
