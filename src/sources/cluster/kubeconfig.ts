// Finds the kubeconfig as kubectl does and takes the context, cluster and user out of it. Nothing is contacted here, and localhost:8080 is never a default.
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { parseDocument } from 'yaml'
import { StartError } from '../../model/errors.ts'
import { failureText } from '../failure-text.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'

/** kubectl's flags; undefined where not given. */
export interface AccessRequest {
  readonly kubeconfig?: string | undefined
  readonly context?: string | undefined
  readonly cluster?: string | undefined
  readonly user?: string | undefined
  readonly as?: string | undefined
  readonly asGroups?: readonly string[] | undefined
  readonly asUid?: string | undefined
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

/** @throws StartError that says which file, context or entry is missing */
export function findAccess(request: AccessRequest, env: NodeJS.ProcessEnv = process.env): Access {
  const files = kubeconfigFiles(request, env)
  if (files === undefined) return inCluster(env)
  const merged: Merged = { currentContext: undefined, contexts: new Map(), clusters: new Map(), users: new Map() }
  for (const file of files) mergeFile(merged, file)
  return choose(merged, request, files.join(delimiter))
}

/** Undefined: no kubeconfig, but the program runs in a pod. */
function kubeconfigFiles({ kubeconfig }: AccessRequest, env: NodeJS.ProcessEnv): string[] | undefined {
  if (kubeconfig !== undefined) return [kubeconfig]
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
  if (env['KUBERNETES_SERVICE_HOST'] && existsSync(`${ACCOUNT}/token`)) return undefined
  throw new StartError(
    `no kubeconfig: ${JSON.stringify(usual)} does not exist and KUBECONFIG is not set; give --kubeconfig FILE, or --from PATH for saved files`,
  )
}

function inCluster(env: NodeJS.ProcessEnv): Access {
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

function mergeFile(merged: Merged, file: string): void {
  const config = parseFile(file)
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

function parseFile(file: string): JsonObject {
  const where = `kubeconfig ${JSON.stringify(file)}`
  let content: string
  try {
    content = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new StartError(`${where} cannot be read: ${failureText(cause)}`)
  }
  if (content.trim() === '') throw new StartError(`${where} is empty; give another with --kubeconfig or KUBECONFIG`)
  const document = parseDocument(content, { logLevel: 'silent' })
  const fault = document.errors[0]
  // The parser's own message shows the lines around the fault, and they may hold a token.
  if (fault !== undefined) throw new StartError(`${where} is not valid YAML (line ${fault.linePos?.[0].line ?? '?'}: ${fault.code})`)
  const config: unknown = document.toJS({ maxAliasCount: 100 })
  if (!isJsonObject(config)) throw new StartError(`${where} holds no configuration`)
  return config
}

function choose(merged: Merged, request: AccessRequest, where: string): Access {
  const contextName = request.context ?? merged.currentContext
  const context = contextName === undefined ? undefined : merged.contexts.get(contextName)
  if (contextName === undefined && request.cluster === undefined)
    throw new StartError(`kubeconfig ${JSON.stringify(where)} names no current-context; give --context, one of: ${quoted(merged.contexts.keys())}`)
  if (contextName !== undefined && context === undefined)
    throw new StartError(
      `${request.context === undefined ? 'current-context' : '--context'} ${JSON.stringify(contextName)} is not in kubeconfig ${JSON.stringify(where)}; contexts there: ${quoted(merged.contexts.keys())}`,
    )
  const find = (flag: string | undefined, key: 'cluster' | 'user', entries: Map<string, Entry>): Entry & { readonly name: string } => {
    const name = flag ?? text(context?.value[key])
    const entry = name === undefined ? undefined : entries.get(name)
    if (name !== undefined && entry !== undefined) return { ...entry, name }
    if (key === 'user' && name === undefined) return { value: {}, folder: '.', name: 'anonymous' }
    const by = flag === undefined ? `context ${JSON.stringify(contextName)}` : `--${key}`
    throw new StartError(
      `${by} names ${key} ${JSON.stringify(name ?? '')}, which is not in kubeconfig ${JSON.stringify(where)}; there: ${quoted(entries.keys())}`,
    )
  }
  const cluster = find(request.cluster, 'cluster', merged.clusters)
  const user = find(request.user, 'user', merged.users)
  if (text(cluster.value['server']) === undefined)
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
