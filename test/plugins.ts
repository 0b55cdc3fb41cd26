// The real CNI plugins for tests: built from Go modules or taken from Debian's package, and called as a container runtime calls them.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildGoModule } from './real/go-module.ts'

/** Debian and Ubuntu, package containernetworking-plugins. */
const debianFolder = '/usr/lib/cni'

const found = await find()

/** IPAM_CNI_PATH names a folder with plugins of another release, to see that old ones behave alike. */
async function find(): Promise<{ dir: string } | { reason: string }> {
  const given = process.env['IPAM_CNI_PATH']
  if (given !== undefined) return { dir: given }
  const built = await buildGoModule({ folder: new URL('real/plugins', import.meta.url).pathname, ldflags: '', takes: 'under a minute' })
  if ('dir' in built) return built
  if (existsSync(join(debianFolder, 'host-local'))) return { dir: debianFolder }
  return { reason: `no CNI plugins: ${built.reason}, and Debian's package containernetworking-plugins is not there` }
}

/** Why the plugins cannot be run here; undefined when they can. For `describeReal`. */
export const pluginsMissing = (): string | undefined => ('reason' in found ? found.reason : undefined)

/** Folder of the executables, a CNI_PATH. @throws Error when there is none */
export function pluginDir(): string {
  if ('reason' in found) throw new Error(found.reason)
  return found.dir
}

export interface CniCall {
  readonly command: 'ADD' | 'DEL' | 'CHECK' | 'GC' | 'STATUS' | 'VERSION'
  /** Executable name: host-local, bridge, ... */
  readonly plugin: string
  /** Standard input: a plugin configuration with name and cniVersion, or raw text. */
  readonly config: Readonly<Record<string, unknown>> | string
  readonly containerId?: string
  readonly ifname?: string
  /** Path of a network namespace; host-local never opens it. */
  readonly netns?: string
  /** Set as `ipam.dataDir`, in place of /var/lib/cni/networks. */
  readonly dataDir?: string
  /** Name of the network namespace that the plugin itself runs in, the node's; the test's own where it is left out. Needs root. */
  readonly from?: string
  /** More environment, CNI_ARGS for instance. */
  readonly env?: Readonly<Record<string, string>>
}

/** CNI result of version 0.3.0 or newer, as far as tests look at it. */
export interface CniResult {
  readonly cniVersion: string
  readonly interfaces?: readonly { readonly name: string; readonly sandbox?: string }[]
  readonly ips?: readonly { readonly address: string; readonly gateway?: string; readonly interface?: number }[]
  readonly routes?: readonly { readonly dst: string; readonly gw?: string }[]
  readonly dns?: Readonly<Record<string, unknown>>
}

export interface CniError {
  readonly code: number
  readonly msg: string
  readonly details?: string
}

export interface CniAnswer {
  /** Exit code of the process; null when a signal ended it. */
  readonly code: number | null
  /** What ADD answered; undefined after an error and for commands without an answer. */
  readonly result: CniResult | undefined
  readonly error: CniError | undefined
}

/** Runs one plugin to its end, as a runtime does: parameters in the environment, configuration in, JSON out. */
export function cniExec(call: CniCall): CniAnswer {
  const { file, args, env, input } = cniProcess(call)
  const done = spawnSync(file, args, { input, env, timeout: 30_000 })
  // A plugin that dislikes its environment ends before it has read its input, which is an answer too.
  if (done.error !== undefined && (done.error as NodeJS.ErrnoException).code !== 'EPIPE') throw done.error
  const text = done.stdout.toString()
  if (done.status === 0) return { code: 0, result: text.trim() === '' ? undefined : (JSON.parse(text) as CniResult), error: undefined }
  if (text.trim() === '')
    throw new Error(`${call.plugin} ${call.command} ended with ${done.status ?? done.signal} and said nothing: ${done.stderr.toString()}`)
  return { code: done.status, result: undefined, error: JSON.parse(text) as CniError }
}

/** What to start for a call, for tests that start it themselves and kill it. */
export function cniProcess(call: CniCall): { file: string; args: string[]; env: Record<string, string>; input: string } {
  const env = {
    PATH: process.env['PATH'] ?? '',
    CNI_COMMAND: call.command,
    CNI_CONTAINERID: call.containerId ?? 'test-container',
    CNI_IFNAME: call.ifname ?? 'eth0',
    CNI_NETNS: call.netns ?? '/var/run/netns/test',
    CNI_PATH: pluginDir(),
    ...call.env,
  }
  const executable = join(pluginDir(), call.plugin)
  if (call.from === undefined) return { file: executable, args: [], env, input: inputOf(call) }
  return { file: 'ip', args: ['netns', 'exec', call.from, executable], env, input: inputOf(call) }
}

function inputOf({ config, dataDir }: CniCall): string {
  if (typeof config === 'string') return config
  const ipam = config['ipam']
  return JSON.stringify(dataDir === undefined || typeof ipam !== 'object' ? config : { ...config, ipam: { ...ipam, dataDir } })
}

/** CNI versions that a plugin says it speaks: releases from 1.6.0 list 1.1.0. */
export function supportedVersions(plugin: string): readonly string[] {
  const answer = cniExec({ command: 'VERSION', plugin, config: { cniVersion: '1.0.0' } }).result as unknown as { supportedVersions: string[] }
  return answer.supportedVersions
}

/** The configuration that libcni hands to the plugin at `index` of a conflist: the list's name and version go into it. */
export function pluginOfList(list: Readonly<Record<string, unknown>>, index = 0): Record<string, unknown> {
  const plugin = (list['plugins'] as Record<string, unknown>[])[index]
  if (plugin === undefined) throw new Error(`the conflist has no plugin number ${index}`)
  return { ...plugin, name: list['name'], cniVersion: list['cniVersion'] }
}
