// Turns a kubeconfig's cluster and user into request headers and an agent. With kube-config.ts the only place that loads @kubernetes/client-node: it knows certificates,
// auth providers (oidc) and SOCKS proxies; its lists are not used.
import { readFileSync } from 'node:fs'
import { Agent as HttpAgent, type OutgoingHttpHeaders, type Agent as PlainAgent, validateHeaderValue } from 'node:http'
import { Agent, type RequestOptions } from 'node:https'
import { createSecureContext } from 'node:tls'
import { StartError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import { runExecPlugin } from './exec-plugin.ts'
import { impersonation } from './impersonation.ts'
import { type Access, type AccessRequest, inFolder } from './kubeconfig.ts'
import { proxyFor } from './proxy.ts'
import { tunnelAgent } from './proxy-agent.ts'

export interface Credentials {
  readonly headers: OutgoingHttpHeaders
  readonly agent: Agent | PlainAgent
}

/** Pods are listed alone, everything else at most four at a time. */
const MAX_SOCKETS = 4
/** Those that client-node can speak for. */
const PROVIDERS = new Set(['oidc', 'gcp', 'azure'])
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const base64 = (pem: string): string => Buffer.from(pem).toString('base64')

/** The server's address. @throws StartError for what is no URL, and for plain HTTP across a network, where a token could be read by anybody */
export function serverOf({ cluster, name }: Access): URL {
  const given = text(cluster['server']) ?? ''
  const url = URL.canParse(given) ? new URL(given) : undefined
  // What stands before an @ may be a password.
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new StartError(
      `context ${JSON.stringify(name)} has the server ${JSON.stringify(given.replace(/[^/]*@/, '…@'))}, which is no address like https://host:6443`,
    )
  if (url.protocol === 'https:') return url
  if (url.protocol === 'http:' && (LOOPBACK.test(url.hostname) || cluster['insecure-skip-tls-verify'] === true)) return url
  throw new StartError(
    `context ${JSON.stringify(name)} has a server without TLS (${url.protocol}//${url.host}), to which credentials would be sent in the clear; use https`,
  )
}

/** @throws StartError when there are no credentials to be had, in words that hold none */
export async function makeCredentials(access: Access, request: AccessRequest, timeout: number, sockets = MAX_SOCKETS): Promise<Credentials> {
  const url = serverOf(access)
  const proxy = proxyFor(url, text(access.cluster['proxy-url']), process.env)
  // Go's resolver asks the proxy for the address of the server's name in both cases.
  const socks = proxy?.protocol.startsWith('socks') ? proxy.href.replace(/^socks5:/, 'socks5h:') : undefined
  const options: RequestOptions = { headers: {} }
  try {
    const { KubeConfig } = await import('./kube-config.ts')
    const config = new KubeConfig()
    config.loadFromOptions({
      clusters: [{ name: 'c', server: url.href.replace(/\/$/, ''), ...clusterFields(access, socks) }],
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
  const tls = tlsOptions(access, options)
  const sent = checked(headers, access)
  if (socks !== undefined)
    return { headers: sent, agent: Object.assign(options.agent as PlainAgent, { keepAlive: true, maxSockets: sockets, timeout }) }
  if (proxy !== undefined) return { headers: sent, agent: tunnelAgent({ proxy, server: url, timeout, tls, maxSockets: sockets }) }
  const kept = { keepAlive: true, maxSockets: sockets }
  return { headers: sent, agent: url.protocol === 'http:' ? new HttpAgent(kept) : new Agent({ ...kept, ...tls }) }
}

/** @throws StartError for certificates and keys that OpenSSL would not take, which otherwise ends the first request with a stack */
function tlsOptions({ name, userName, cluster }: Access, { ca, cert, key }: RequestOptions) {
  const files = { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) }
  if (ca !== undefined && !String(ca).includes('-----BEGIN '))
    throw new StartError(`context ${JSON.stringify(name)} has a certificate-authority that holds no certificate (PEM, in base64 where it is "-data")`)
  if (cert !== undefined && key === undefined)
    throw new StartError(`user ${JSON.stringify(userName)} has a client-certificate without a client-key; give both`)
  try {
    createSecureContext(files)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
    throw new StartError(`the certificate and the key of user ${JSON.stringify(userName)} do not fit or cannot be read${code}`)
  }
  const servername = text(cluster['tls-server-name'])
  return { ...files, ...(servername === undefined ? {} : { servername }), rejectUnauthorized: cluster['insecure-skip-tls-verify'] !== true }
}

/** Names in UTF-8, as Go sends them. @throws StartError */
function checked(headers: OutgoingHttpHeaders, { userName }: Access): OutgoingHttpHeaders {
  const bytes = (value: unknown): string => Buffer.from(String(value), 'utf8').toString('latin1')
  const sent = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.map(bytes) : bytes(value)] as const)
  try {
    for (const [name, value] of sent) for (const one of [value].flat()) validateHeaderValue(name, one)
  } catch {
    throw new StartError(`the token or the name of user ${JSON.stringify(userName)} holds a line break or another character that cannot be sent`)
  }
  return Object.fromEntries(sent)
}

function clusterFields({ cluster, clusterFolder }: Access, socks: string | undefined) {
  const caFile = text(cluster['certificate-authority'])
  const caData = text(cluster['certificate-authority-data'])
  const tlsServerName = text(cluster['tls-server-name'])
  return {
    // client-node refuses plain HTTP unless this is set; what is allowed has been decided in serverOf.
    skipTLSVerify: cluster['insecure-skip-tls-verify'] === true || String(cluster['server']).startsWith('http:'),
    ...(caData === undefined ? (caFile === undefined ? {} : { caFile: inFolder(clusterFolder, caFile) }) : { caData }),
    ...(tlsServerName === undefined ? {} : { tlsServerName }),
    ...(socks === undefined ? {} : { proxyUrl: socks }),
  }
}

async function userFields(access: Access, timeout: number): Promise<Record<string, unknown>> {
  const { user, userName, userFolder, clusterFolder } = access
  const exec = user['exec']
  const given = ['token', 'tokenFile', 'username'].some((key) => text(user[key]) !== undefined)
  // A token that is there saves the run of the plugin, as with kubectl.
  if (typeof exec === 'object' && exec !== null && !given) {
    const run = () => runExecPlugin({ config: exec as JsonObject, folder: userFolder, cluster: access.cluster, clusterFolder, timeout })
    let credential = await run()
    // A cached credential that has expired; whether the clock or the plugin is wrong, the server decides about the second one.
    if (credential.expires !== undefined && credential.expires <= Date.now()) credential = await run()
    const { token, certificate, key } = credential
    return { token, ...(certificate === undefined || key === undefined ? {} : { certData: base64(certificate), keyData: base64(key) }) }
  }
  const tokenFile = text(user['tokenFile'])
  const provider = user['auth-provider']
  if (isJsonObject(provider) && !PROVIDERS.has(String(provider['name'])))
    throw new StartError(
      `user ${JSON.stringify(userName)} has the auth-provider ${JSON.stringify(provider['name'])}, which is not known; use a credential plugin`,
    )
  const path = (key: string) => {
    const file = text(user[key])
    return file === undefined || text(user[`${key}-data`]) !== undefined ? undefined : inFolder(userFolder, file)
  }
  return {
    // The file wins over the token in the kubeconfig (client-go), and is read anew each time: projected tokens are replaced every hour.
    token: tokenFile === undefined ? text(user['token']) : tokenIn(inFolder(userFolder, tokenFile)),
    username: text(user['username']),
    password: text(user['password']),
    certFile: path('client-certificate'),
    certData: text(user['client-certificate-data']),
    keyFile: path('client-key'),
    keyData: text(user['client-key-data']),
    authProvider: provider,
  }
}

function tokenIn(file: string): string {
  const token = readFileSync(file, 'utf8').trim()
  if (token === '') throw new StartError(`the token file ${JSON.stringify(file)} is empty`)
  return token
}

/** An identity provider that does not answer must not hold the program for ever. */
async function withLimit<T>(work: Promise<T>, timeout: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new StartError(`no credentials within ${timeout / 1000} s (--request-timeout)`)), timeout)
  })
  return Promise.race([work, limit]).finally(() => clearTimeout(timer))
}
