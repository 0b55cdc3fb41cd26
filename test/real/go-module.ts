// Builds the tools that a small Go module pins, once per content of its go.mod, go.sum and own sources, into a cache outside the tree.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export type Built = { readonly dir: string } | { readonly reason: string }

export interface GoModule {
  /** Folder with go.mod and go.sum; every `tool` line of go.mod is built. */
  readonly folder: string
  /** Passed to the linker; part of the cache key. */
  readonly ldflags: string
  /** Said before a build, so that nobody wonders what takes so long: "about 5 minutes". */
  readonly takes: string
}

export const cacheRoot = () => process.env['IPAM_TEST_CACHE'] ?? join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'ipam-test')

/** Where the tools of this module are, or will be. */
function toolFolder(module: GoModule): string {
  const hash = createHash('sha256')
  for (const part of [read(module, 'go.mod'), read(module, 'go.sum'), module.ldflags, process.arch]) hash.update(`${part.length}\n`).update(part)
  for (const name of ownSources(module)) hash.update(name).update(read(module, name))
  return join(cacheRoot(), `${basename(module.folder)}-${hash.digest('hex').slice(0, 16)}`)
}

/** Most modules only name tools of others; one with programs of its own is built again when they change. */
const ownSources = (module: GoModule) =>
  readdirSync(module.folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.go'))
    .sort()

const read = (module: GoModule, name: string) => readFileSync(join(module.folder, name), 'utf8')

export const isBuilt = (module: GoModule): boolean => existsSync(toolFolder(module))

/** The folder with the built tools; builds them when they are not there yet. Never throws: what is in the way is the reason. */
export async function buildGoModule(module: GoModule): Promise<Built> {
  const dir = toolFolder(module)
  if (isBuilt(module)) return { dir }
  try {
    await run('go', ['version'])
  } catch {
    return { reason: 'Go is not installed (https://go.dev/dl, 1.26 or newer)' }
  }
  console.warn(`building the tools of ${basename(module.folder)} from Go modules, once: ${module.takes}`)
  mkdirSync(cacheRoot(), { recursive: true })
  const unfinished = mkdtempSync(`${dir}.`)
  try {
    // A foreign go.work must not change what go.mod pins, nor a newer toolchain be fetched behind the user's back.
    const env = { ...process.env, CGO_ENABLED: '0', GOWORK: 'off', GOTOOLCHAIN: 'local' }
    const args = ['build', '-mod=readonly', '-trimpath', '-ldflags', `-s -w ${module.ldflags}`.trimEnd(), '-o', `${unfinished}/`, 'tool']
    await run('nice', ['-n', '10', 'go', ...args], { cwd: module.folder, env, maxBuffer: 1 << 26 })
    publish(unfinished, dir)
    return { dir }
  } catch (error) {
    return { reason: `go build in ${module.folder} failed: ${lastLine(error)}` }
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** A rename is atomic: another run that built the same meanwhile has won, and its folder is as good. */
export function publish(unfinished: string, dir: string): void {
  try {
    renameSync(unfinished, dir)
  } catch (error) {
    if (!existsSync(dir)) throw error
  }
}

function lastLine(error: unknown): string {
  const text = error instanceof Error ? (error as Error & { stderr?: string }).stderr || error.message : String(error)
  return text.trim().split('\n').at(-1) ?? text
}
