// Finds the kubeconfig as kubectl does and takes the context, cluster and user out of it. Nothing is contacted here, and localhost:8080 is never a default.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, isAbsolute, join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { StartError } from '../../model/errors.ts'
import { failureText } from '../failure-text.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import { withFlags } from './access-flags.ts'

/** kubectl's flags; undefined where not given. */
export interface AccessRequest {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly user?: string | undefined
  readonly as?: string | undefined
  readonly asGroups?: readonly string[] | undefined
  readonly asUid?: string | undefined
  readonly asExtra?: ReadonlyMap<string, readonly string[]> | undefined
  readonly server?: string | undefined
  readonly token?: string | undefined
  readonly certificateAuthority?: string | undefined
  readonly clientCertificate?: string | undefined
  readonly clientKey?: string | undefined
  readonly tlsServerName?: string | undefined
  readonly insecureSkipTlsVerify?: boolean | undefined
}

export interface Access {
  /** The context's name, as shown to people. */
  readonly name: string
  readonly cluster: JsonObject
  readonly user: JsonObject
  readonly userName: string
  /** Folders that relative paths in the two start from. */
  readonly clusterFolder: string
  readonly userFolder: string
}

interface Entry {
  readonly value: JsonObject
  readonly folder: string
}

interface Merged {
  currentContext: string | undefined
  readonly contexts: Map<string, Entry>
  readonly clusters: Map<string, Entry>
  readonly users: Map<string, Entry>
}

const ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const quoted = (names: Iterable<string>): string =>
  [...names]
    .slice(0, 10)
    .map((name) => JSON.stringify(name))
    .join(', ') || 'none'

/** Relative paths of a kubeconfig start where it lies. */
export const inFolder = (folder: string, path: string): string => (isAbsolute(path) ? path : join(folder, path))

/** Where the clusters and users come from; what is empty counts as not given, as with kubectl. @throws StartError that says which file, context or entry is missing */
export function findAccess(request: AccessRequest, env: NodeJS.ProcessEnv = process.env): Access {
  const files = kubeconfigFiles(request, env)
  if (files === undefined) return withFlags(inCluster(request, env), request)
  if (files.length === 0) return withFlags(serverAlone(request), request)
  const merged: Merged = { currentContext: undefined, contexts: new Map(), clusters: new Map(), users: new Map() }
  const configs = files.flatMap((file) => {
    const config = parseFile(file)
    return config === undefined ? [] : [{ file, config }]
  })
  if (configs.length === 0)
    throw new StartError(`kubeconfig ${JSON.stringify(files.join(delimiter))} is empty; give another with --kubeconfig or KUBECONFIG`)
  for (const { file, config } of configs) mergeFile(merged, file, config)
  return withFlags(choose(merged, request, files.join(delimiter)), request)
}

/** Undefined: no kubeconfig, but the program runs in a pod. None: the flags say it all. */
function kubeconfigFiles({ kubeconfig, server }: AccessRequest, env: NodeJS.ProcessEnv): string[] | undefined {
  if (text(kubeconfig) !== undefined) return [kubeconfig as string]
  const listed = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '')
  if (listed.length > 0) {
    const there = listed.filter((file) => existsSync(file))
    if (there.length > 0) return there
    throw new StartError(
      `KUBECONFIG names ${quoted(listed)}, which ${listed.length === 1 ? 'does' : 'do'} not exist; to audit saved files give --from`,
    )
  }
  const usual = join(env['HOME'] || homedir(), '.kube', 'config')
  if (existsSync(usual)) return [usual]
  if (text(server) !== undefined) return []
  if (env['KUBERNETES_SERVICE_HOST'] && existsSync(`${ACCOUNT}/token`)) return undefined
  throw new StartError(
    `no kubeconfig: ${JSON.stringify(usual)} does not exist and KUBECONFIG is not set; give --kubeconfig FILE, or --from PATH for saved files`,
  )
}

function serverAlone({ server = '', context, cluster, user }: AccessRequest): Access {
  const named = text(context) ?? text(cluster) ?? text(user)
  if (named !== undefined) throw new StartError(`${JSON.stringify(named)} cannot be looked up: there is no kubeconfig`)
  const name = URL.canParse(server) ? new URL(server).host : 'server'
  return { name, cluster: {}, user: {}, userName: 'anonymous', clusterFolder: '.', userFolder: '.' }
}

function inCluster({ context, cluster, user }: AccessRequest, env: NodeJS.ProcessEnv): Access {
  const named = text(context) ?? text(cluster) ?? text(user)
  if (named !== undefined)
    throw new StartError(`${JSON.stringify(named)} cannot be looked up: there is no kubeconfig here, only the service account of this pod`)
  const host = env['KUBERNETES_SERVICE_HOST'] ?? ''
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${env['KUBERNETES_SERVICE_PORT'] ?? '443'}`
  const folders = { clusterFolder: ACCOUNT, userFolder: ACCOUNT }
  return {
    name: 'in-cluster',
    cluster: { server, 'certificate-authority': 'ca.crt' },
    user: { tokenFile: 'token' },
    userName: 'service account',
    ...folders,
  }
}

function mergeFile(merged: Merged, file: string, config: JsonObject): void {
  const folder = dirname(resolve(file))
  merged.currentContext ??= text(config['current-context'])
  for (const [into, key, inner] of [
    [merged.contexts, 'contexts', 'context'],
    [merged.clusters, 'clusters', 'cluster'],
    [merged.users, 'users', 'user'],
  ] as const) {
    for (const entry of Array.isArray(config[key]) ? (config[key] as unknown[]) : []) {
      const name = isJsonObject(entry) ? text(entry['name']) : undefined
      const value = isJsonObject(entry) ? (entry[inner] ?? {}) : undefined
      if (name === undefined || !isJsonObject(value))
        throw new StartError(`kubeconfig ${JSON.stringify(file)}: an entry of "${key}" has no name or no "${inner}"`)
      if (!into.has(name)) into.set(name, { value, folder }) // the first file wins, as with kubectl
    }
  }
}

/** Undefined for a file without any content. */
function parseFile(file: string): JsonObject | undefined {
  const where = `kubeconfig ${JSON.stringify(file)}`
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartError(`${where} cannot be read: ${failureText(cause)}`)
  }
  const document = parseDocument(content, { logLevel: 'silent' })
  const fault = document.errors[0]
  // The parser's own message shows the lines around the fault, and they may hold a token.
  if (fault !== undefined) throw new StartError(`${where} is not valid YAML (line ${fault.linePos?.[0].line ?? '?'}: ${fault.code})`)
  let config: unknown
  try {
    config = document.toJS({ maxAliasCount: 100 })
  } catch {
    throw new StartError(`${where} is not valid YAML (an alias that leads nowhere or to far too much)`)
  }
  if (config === null) return undefined
  if (!isJsonObject(config)) throw new StartError(`${where} holds no configuration`)
  return config
}

/** Of a hundred contexts a person sees ten: those first that share the most pairs of letters with what was typed. */
function nearestFirst(word: string, names: Iterable<string>): string[] {
  const pairs = (text: string) => new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2).toLowerCase()))
  const wanted = pairs(word)
  const score = (name: string) => [...pairs(name)].filter((pair) => wanted.has(pair)).length / (wanted.size + name.length)
  return [...names].sort((one, other) => score(other) - score(one))
}

function choose(merged: Merged, request: AccessRequest, where: string): Access {
  const contextName = text(request.context) ?? merged.currentContext
  const context = contextName === undefined ? undefined : merged.contexts.get(contextName)
  if (contextName === undefined && text(request.cluster) === undefined)
    throw new StartError(
      merged.contexts.size === 0
        ? `kubeconfig ${JSON.stringify(where)} holds no contexts; give another with --kubeconfig or KUBECONFIG`
        : `kubeconfig ${JSON.stringify(where)} names no current-context; give --context, one of: ${quoted(merged.contexts.keys())}`,
    )
  if (contextName !== undefined && context === undefined)
    throw new StartError(
      `${text(request.context) === undefined ? 'current-context' : '--context'} ${JSON.stringify(contextName)} is not in kubeconfig ${JSON.stringify(where)}; contexts there: ${quoted(nearestFirst(contextName, merged.contexts.keys()))}`,
    )
  const find = (flag: string | undefined, key: 'cluster' | 'user', entries: Map<string, Entry>): Entry & { readonly name: string } => {
    const name = text(flag) ?? text(context?.value[key])
    const entry = name === undefined ? undefined : entries.get(name)
    if (name !== undefined && entry !== undefined) return { ...entry, name }
    if (key === 'user' && name === undefined) return { value: {}, folder: '.', name: 'anonymous' }
    const by = text(flag) === undefined ? `context ${JSON.stringify(contextName)}` : `--${key}`
    throw new StartError(
      `${by} names ${key} ${JSON.stringify(name ?? '')}, which is not in kubeconfig ${JSON.stringify(where)}; there: ${quoted(entries.keys())}`,
    )
  }
  const cluster = find(request.cluster, 'cluster', merged.clusters)
  const user = find(request.user, 'user', merged.users)
  if (text(cluster.value['server']) === undefined && text(request.server) === undefined)
    throw new StartError(`cluster ${JSON.stringify(cluster.name)} of kubeconfig ${JSON.stringify(where)} has no "server"`)
  return {
    name: contextName ?? cluster.name,
    cluster: cluster.value,
    user: user.value,
    userName: user.name,
    clusterFolder: cluster.folder,
    userFolder: user.folder,
  }
}
