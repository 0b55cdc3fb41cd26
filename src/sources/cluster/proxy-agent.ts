// Connections to the API server through a proxy: kept alive and limited in number and time like direct ones, and the proxy's own faults told as its own.
import { Agent as PlainAgent, type AgentOptions as PlainOptions, request as plain } from 'node:http'
import { Agent, type AgentOptions, request as secure } from 'node:https'
import { isIP, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as startTls, type TLSSocket } from 'node:tls'
import { networkFailure, RequestFailure } from './request-failure.ts'

export interface TunnelOptions {
  readonly proxy: URL
  readonly server: URL
  /** Milliseconds until the proxy must have answered. */
  readonly timeout: number
  readonly tls: Pick<AgentOptions, 'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized'>
  readonly maxSockets: number
}

/** For http:// and https:// proxies, with CONNECT (RFC 9110, 9.3.6). */
export function tunnelAgent(options: TunnelOptions): Agent | PlainAgent {
  const { server, maxSockets } = options
  const kept = { keepAlive: true, maxSockets }
  const agent = server.protocol === 'https:' ? new Agent(kept) : new PlainAgent(kept)
  const name = server.hostname.replace(/^\[(.*)\]$/, '$1')
  // Node asks this hook for each new connection and takes it from the callback: https://nodejs.org/api/http.html#agentcreateconnectionoptions-callback
  const create = (_: PlainOptions, ready: (cause: Error | null, socket?: Duplex) => void): undefined => {
    connectThrough(options, (cause, socket) => {
      if (socket === undefined) return ready(cause)
      if (server.protocol === 'http:') return ready(null, socket)
      const secured: TLSSocket = startTls({ ...(isIP(name) === 0 ? { servername: name } : {}), host: name, ...options.tls, socket })
      secured.once('error', () => socket.destroy())
      ready(null, secured)
    })
  }
  return Object.assign(agent, { createConnection: create })
}

function connectThrough({ proxy, server, timeout }: TunnelOptions, done: (cause: Error | null, socket?: Socket) => void): void {
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  const own = proxy.hostname.replace(/^\[(.*)\]$/, '$1')
  const target = `${server.hostname}:${port}`
  const user = proxy.username === '' ? undefined : `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
  const asked = (proxy.protocol === 'https:' ? secure : plain)({
    method: 'CONNECT',
    host: own,
    servername: isIP(own) === 0 ? own : '', // else Node checks the proxy's certificate for the name in the header below
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    path: target,
    agent: false,
    headers: { host: target, ...(user === undefined ? {} : { 'proxy-authorization': `Basic ${Buffer.from(user).toString('base64')}` }) },
  })
  let settled = false
  const settle = (cause: Error | null, socket?: Socket) => {
    if (settled) return
    settled = true
    clearTimeout(timer)
    if (socket === undefined) asked.destroy()
    done(cause, socket)
  }
  const fail = (words: string, retry: boolean) => settle(new RequestFailure(`the proxy ${proxy.host} ${words}`, { retry }))
  const timer = setTimeout(() => fail(`did not answer within ${timeout / 1000} s (--request-timeout)`, false), timeout)
  asked.on('error', (cause) => {
    const { message, facts } = networkFailure(cause)
    fail(`cannot be used: ${message}`, facts.retry === true)
  })
  asked.on('connect', ({ statusCode: status = 0 }, socket) => {
    if (status === 200) return settle(null, socket)
    socket.destroy()
    fail(
      status === 407 ? 'wants a user and a password (407): give them in the address of the proxy' : `refused to connect to ${target} (${status})`,
      [502, 503, 504].includes(status),
    )
  })
  asked.on('response', ({ statusCode }) => fail(`refused to connect to ${target} (${statusCode})`, false))
  asked.end()
}
