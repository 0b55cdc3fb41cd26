// Puts a plan request together from flags, a request file and an earlier plan, and says of every fault where it was written.
import { UsageError } from '../model/errors.ts'
import { formatCidr } from '../net/index.ts'
import { chosenOf, findSpace, type Search } from '../plan/find-space.ts'
import type { KeptPlaces } from '../plan/keep-nodes.ts'
import type { PlanRequest } from '../plan/plan-request.ts'
import { readRequest } from '../plan/read-request.ts'
import { quote } from '../plan/read-values.ts'
import { describePath, RequestFault, type RequestPath } from '../plan/request-fault.ts'
import type { RequestInput } from '../plan/request-schema.ts'
import { readConfigFile, shownName, smallFile } from '../sources/config-file.ts'
import type { ClusterBase } from './plan-cluster.ts'
import { flagOfKey, type PlanFlags } from './plan-flags.ts'

/** A plan of a million nodes has about 150 MiB. */
const largestPlan = 256 * smallFile

export interface PlanInput {
  readonly request: PlanRequest
  /** undefined: nothing is kept. */
  readonly kept: KeptPlaces | undefined
  readonly notices: readonly string[]
  /** What --within found; empty without it. */
  readonly searches: readonly Search[]
  /** False when the cluster could not be read whole. */
  readonly complete: boolean
}

interface Part {
  readonly input: RequestInput
  readonly where: (path: RequestPath) => string
}

function whole(text: string | undefined, flag: string): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,15}$/.test(text)) throw new UsageError(`--${flag}: ${quote(text)} is not a whole number`)
  return Number(text)
}

function years(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(text)) throw new UsageError(`--horizon: ${quote(text)} is not a number of years`)
  return Number(text)
}

function inputOfFlags(flags: PlanFlags): RequestInput {
  if (flags.nodes !== undefined && flags.node !== undefined) throw new UsageError('--nodes and --node contradict each other; give a number or names')
  const input: { [K in keyof RequestInput]: RequestInput[K] | undefined } = {
    profile: flags.profile,
    clusterCidrs: flags['cluster-cidr'],
    nodePrefixes: flags['node-prefix'],
    nodes: flags.node ?? whole(flags.nodes, 'nodes'),
    maxNodes: whole(flags['max-nodes'], 'max-nodes'),
    maxPods: whole(flags['max-pods'], 'max-pods'),
    surge: flags.surge,
    growth: flags.growth,
    horizon: years(flags.horizon),
    serviceCidrs: flags['service-cidr'],
    serviceCount: whole(flags.services, 'services'),
    nodeNetworks: flags['node-network'],
    reservations: flags.reserve,
    owned: flags.owned,
  }
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as RequestInput
}

async function requestFile(path: string): Promise<Part> {
  const text = await readConfigFile(path)
  const [{ parseConfig, checkConfig }, schemas] = await Promise.all([import('./config-document.ts'), import('../plan/request-schema.ts')])
  const document = parseConfig(text, shownName(path))
  const { value, where } = document
  if (typeof value !== 'object' || value === null || !('spec' in value || 'kind' in value)) {
    return { input: checkConfig(document, schemas.requestSchema, schemas.requestKeys), where }
  }
  return { input: checkConfig(document, schemas.requestFileSchema, schemas.requestKeys).spec, where: (inner) => where(['spec', ...inner]) }
}

async function keptPlan(path: string): Promise<Part & { readonly kept: KeptPlaces }> {
  const text = await readConfigFile(path, largestPlan)
  const [{ parseConfig, parseLargeJson, checkConfig }, schemas, { readKept }] = await Promise.all([
    import('./config-document.ts'),
    import('../plan/request-schema.ts'),
    import('../plan/read-kept.ts'),
  ])
  const name = shownName(path)
  const document = text.trimStart().startsWith('{') ? parseLargeJson(text, name) : parseConfig(text, name)
  const plan = checkConfig(document, schemas.keptPlanSchema, schemas.requestKeys)
  return { input: plan.spec, where: (inner) => document.where(['spec', ...inner]), kept: located(() => readKept(plan), document.where) }
}

/** Runs `read` and says of a fault where it was written. */
function located<T>(read: () => T, where: (path: RequestPath) => string): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof RequestFault)) throw error
    throw new UsageError(`${where(error.path)}: ${error.reason}`, { cause: error })
  }
}

function placeOf(path: RequestPath, given: RequestInput, file: Part | undefined): string {
  const [key = ''] = path
  const flag = key === 'nodes' && typeof given.nodes !== 'number' ? '--node' : flagOfKey[key]
  if (Object.hasOwn(given, key) || file === undefined) return flag ?? describePath(path)
  return `${file.where(path)}: ${describePath(path)}`
}

/** A cluster has nodes already: a number of nodes counts them, and the others are new. */
function countedFrom(nodes: RequestInput['nodes'], names: readonly string[]): RequestInput['nodes'] {
  if (typeof nodes !== 'number') return nodes
  const taken = new Set(names)
  const added: string[] = []
  for (let number = 1; names.length + added.length < nodes; number++) if (!taken.has(`new-${number}`)) added.push(`new-${number}`)
  return [...names, ...added]
}

/** Of a cluster, what the request itself does not say. Sizes of blocks go with the ranges that they were for. */
function fillFrom(asked: RequestInput, base: ClusterBase): RequestInput {
  const { nodes, ...found } = base.input
  const { nodePrefixes: _, ...withoutSizes } = found
  const own = asked.clusterCidrs === undefined ? found : withoutSizes
  if (asked.nodePools !== undefined) return { ...own, ...asked }
  return { ...own, ...asked, nodes: countedFrom(asked.nodes ?? nodes, base.names) ?? [] }
}

/** External networks of the file and those of the flags together. */
async function externalOf(flags: PlanFlags, base: RequestInput | undefined): Promise<Pick<RequestInput, 'externalNetworks'>> {
  const paths = [...(flags.external ?? []), ...(flags.avoid ?? [])]
  if (paths.length === 0) return {}
  const { readExternalFiles } = await import('./read-external-files.ts')
  const own = base?.externalNetworks ?? []
  const known = typeof own === 'string' ? [own] : own
  const seen = new Set(known.map((each) => JSON.stringify(each)))
  // A plan that is made again from its own output has them already.
  const added = (await readExternalFiles(paths)) as readonly (string | { range: string })[]
  return { externalNetworks: [...known, ...added.filter((each) => !seen.has(JSON.stringify(each)))] }
}

/** @throws UsageError where nothing at all is free */
async function searchesOf(within: readonly string[], input: RequestInput, read: (input: RequestInput) => PlanRequest): Promise<readonly Search[]> {
  if (input.clusterCidrs !== undefined)
    throw new UsageError('--within finds the pod range, and one is given already (--cluster-cidr, clusterCidrs); leave one of them out')
  const request = read({ ...input, clusterCidrs: [...within] })
  return request.clusterCidrs.map((network) => {
    const search = findSpace(request, network)
    if (search.free.length > 0) return search
    throw new UsageError(`--within: nothing of ${formatCidr(network)} is free; give another network, or fewer --avoid`)
  })
}

/**
 * @param found what a cluster holds, where one was read
 * @throws UsageError
 */
export async function readPlanInput(flags: PlanFlags, found?: ClusterBase): Promise<PlanInput> {
  const given = inputOfFlags(flags)
  if (flags.file === '-' && flags.keep === '-') throw new UsageError('--file and --keep cannot both read standard input')
  if (flags.keep !== undefined && found !== undefined)
    throw new UsageError('--keep and --from (or --live) both say what stays where it is; give one of them')
  const file = flags.file === undefined ? undefined : await requestFile(flags.file)
  const keep = flags.keep === undefined ? undefined : await keptPlan(flags.keep)
  const base = file ?? keep
  const asked: RequestInput = { ...base?.input, ...given, ...(await externalOf(flags, base?.input)) }
  const input = found === undefined ? asked : fillFrom(asked, found)
  const read = (each: RequestInput): PlanRequest =>
    located(
      () => readRequest(each, { normalize: flags.normalize }),
      (path) => placeOf(path, given, base),
    )
  const searches = flags.within === undefined ? [] : await searchesOf(flags.within, input, read)
  const chosen = searches.flatMap((search) => chosenOf(search) ?? [])
  const request = read(searches.length === 0 ? input : { ...input, clusterCidrs: chosen.map(formatCidr) })
  return {
    request,
    searches,
    kept: keep?.kept ?? found?.places,
    notices: [...(found?.notices ?? []), ...(asked.clusterCidrs === undefined ? (found?.guesses ?? []) : [])],
    complete: found?.complete ?? true,
  }
}
