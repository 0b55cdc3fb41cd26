// Turns a kubeconfig's cluster and user into request headers and an agent. With kube-config.ts the only place that loads @kubernetes/client-node: it knows certificates,
// auth providers (oidc) and proxies; its lists are not used.
import { readFileSync } from 'node:fs'
import { Agent as HttpAgent, type OutgoingHttpHeaders, type Agent as PlainAgent } from 'node:http'
import { Agent, type RequestOptions } from 'node:https'
import { isAbsolute, join } from 'node:path'
import { StartError } from '../../model/errors.ts'
import type { JsonObject } from '../unwrap-lists.ts'
import { runExecPlugin } from './exec-plugin.ts'
import type { Access, AccessRequest } from './kubeconfig.ts'
import { proxyFor } from './proxy.ts'

export interface Credentials {
  readonly headers: OutgoingHttpHeaders
  readonly agent: Agent | PlainAgent
}

/** Pods are listed alone, everything else at most four at a time. */
const MAX_SOCKETS = 4
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const base64 = (pem: string): string => Buffer.from(pem).toString('base64')

/** The server's address. @throws StartError for what is no URL, and for plain HTTP across a network, where a token could be read by anybody */
export function serverOf({ cluster, name }: Access): URL {
  const given = text(cluster['server']) ?? ''
  let url: URL
  try {
    url = new URL(given)
  } catch {
    throw new StartError(`context ${JSON.stringify(name)} has the server ${JSON.stringify(given)}, which is no address like https://host:6443`)
  }
  if (url.protocol === 'https:') return url
  if (url.protocol === 'http:' && (LOOPBACK.test(url.hostname) || cluster['insecure-skip-tls-verify'] === true)) return url
  throw new StartError(
    `context ${JSON.stringify(name)} has a server without TLS (${url.protocol}//${url.host}), to which credentials would be sent in the clear; use https`,
  )
}

/** @throws StartError when there are no credentials to be had, in words that hold none */
export async function makeCredentials(access: Access, request: AccessRequest, timeout: number, sockets = MAX_SOCKETS): Promise<Credentials> {
  const url = serverOf(access)
  const proxyUrl = proxyFor(url, text(access.cluster['proxy-url']), process.env)
  const options: RequestOptions = { headers: {} }
  try {
    const { KubeConfig } = await import('./kube-config.ts')
    const config = new KubeConfig()
    config.loadFromOptions({
      clusters: [{ name: 'c', server: url.href.replace(/\/$/, ''), ...clusterFields(access, proxyUrl) }],
      users: [{ name: 'u', ...(await userFields(access, timeout)) }],
      contexts: [{ name: 'x', cluster: 'c', user: 'u' }],
      currentContext: 'x',
    })
    await withLimit(config.applyToHTTPSOptions(options), timeout)
  } catch (cause) {
    if (cause instanceof StartError) throw cause
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    const file = cause instanceof Error && 'path' in cause ? `: ${JSON.stringify(cause.path)} cannot be read` : ''
    throw new StartError(
      `the credentials of user ${JSON.stringify(access.userName)} cannot be used${code}${file}; log in again or check the kubeconfig`,
    )
  }
  const headers: OutgoingHttpHeaders = { ...(options.headers as OutgoingHttpHeaders), ...impersonation(access.user, request) }
  if (typeof options.auth === 'string') headers['Authorization'] = `Basic ${base64(options.auth)}`
  return { headers, agent: proxyUrl === undefined ? directAgent(url, access, options, sockets) : (options.agent as Agent) }
}

function directAgent(url: URL, { cluster }: Access, { ca, cert, key }: RequestOptions, maxSockets: number): Agent | PlainAgent {
  if (url.protocol === 'http:') return new HttpAgent({ keepAlive: true, maxSockets })
  const servername = text(cluster['tls-server-name'])
  return new Agent({
    keepAlive: true,
    maxSockets,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true,
  })
}

const inFolder = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path))

function clusterFields({ cluster, clusterFolder }: Access, proxyUrl: string | undefined) {
  const caFile = text(cluster['certificate-authority'])
  const caData = text(cluster['certificate-authority-data'])
  const tlsServerName = text(cluster['tls-server-name'])
  return {
    // client-node refuses plain HTTP unless this is set; what is allowed has been decided in serverOf.
    skipTLSVerify: cluster['insecure-skip-tls-verify'] === true || String(cluster['server']).startsWith('http:'),
    ...(caData === undefined ? (caFile === undefined ? {} : { caFile: inFolder(clusterFolder, caFile) }) : { caData }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(proxyUrl === undefined ? {} : { proxyUrl }),
  }
}

async function userFields(access: Access, timeout: number): Promise<Record<string, unknown>> {
  const { user, userFolder } = access
  const exec = user['exec']
  if (typeof exec === 'object' && exec !== null) {
    const run = () => runExecPlugin({ config: exec as JsonObject, folder: userFolder, cluster: access.cluster, timeout })
    let credential = await run()
    // A cached credential that has expired; whether the clock or the plugin is wrong, the server decides about the second one.
    if (credential.expires !== undefined && credential.expires <= Date.now()) credential = await run()
    const { token, certificate, key } = credential
    return { token, ...(certificate === undefined || key === undefined ? {} : { certData: base64(certificate), keyData: base64(key) }) }
  }
  const tokenFile = text(user['tokenFile'])
  const path = (key: string) => {
    const file = text(user[key])
    return file === undefined || text(user[`${key}-data`]) !== undefined ? undefined : inFolder(userFolder, file)
  }
  return {
    // The file wins over the token in the kubeconfig (client-go), and is read anew each time: projected tokens are replaced every hour.
    token: tokenFile === undefined ? text(user['token']) : readFileSync(inFolder(userFolder, tokenFile), 'utf8').trim(),
    username: text(user['username']),
    password: text(user['password']),
    certFile: path('client-certificate'),
    certData: text(user['client-certificate-data']),
    keyFile: path('client-key'),
    keyData: text(user['client-key-data']),
    authProvider: user['auth-provider'],
  }
}

function impersonation(user: JsonObject, { as, asGroups = [], asUid }: AccessRequest): OutgoingHttpHeaders {
  const name = as ?? text(user['as'])
  const listed = user['as-groups']
  const groups = asGroups.length > 0 ? asGroups : Array.isArray(listed) ? listed.map(String) : []
  const uid = asUid ?? text(user['as-uid'])
  if (name === undefined && (groups.length > 0 || uid !== undefined))
    throw new StartError('--as-group and --as-uid need --as: groups are taken on for a user')
  return {
    ...(name === undefined ? {} : { 'Impersonate-User': name }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': [...groups] }),
    ...(uid === undefined ? {} : { 'Impersonate-Uid': uid }),
  }
}

/** An identity provider that does not answer must not hold the program for ever. */
async function withLimit<T>(work: Promise<T>, timeout: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StartError(`no credentials within ${timeout / 1000} s (--request-timeout)`)), timeout)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
