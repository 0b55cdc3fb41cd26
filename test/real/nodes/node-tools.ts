// Which real programs a whole node is made of, and what is in the way when it cannot run here.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { pluginDir, pluginsMissing } from '../../plugins.ts'
import { controlPlaneMissing } from '../cluster.ts'
import { type Built, buildGoModule, cacheRoot, publish } from '../go-module.ts'
import { kubernetes } from '../tools.ts'

const run = promisify(execFile)
const here = new URL('.', import.meta.url).pathname

export interface NodeTools {
  /** Folders of executables. */
  readonly kubelet: string
  readonly containerd: string
  readonly helpers: string
  readonly plugins: string
  /** The executable. */
  readonly runc: string
}

const found = await find()

async function find(): Promise<NodeTools | { readonly reason: string }> {
  const reason = controlPlaneMissing() ?? pluginsMissing() ?? privilegesMissing()
  if (reason !== undefined) return { reason }
  const runc = await findRunc()
  if ('reason' in runc) return runc
  const helpers = await buildGoModule({ folder: `${here}helpers`, ldflags: '', takes: 'half a minute' })
  if ('reason' in helpers) return helpers
  const containerd = await buildGoModule({ folder: `${here}containerd`, ldflags: '', takes: '1 to 3 minutes' })
  if ('reason' in containerd) return containerd
  const kubelet = await buildGoModule({ folder: `${here}kubelet`, ldflags: kubernetes.ldflags, takes: '1 to 3 minutes beside a built control plane' })
  if ('reason' in kubelet) return kubelet
  return { kubelet: kubelet.dir, containerd: containerd.dir, helpers: helpers.dir, plugins: pluginDir(), runc: join(runc.dir, 'runc') }
}

/** Why no whole node can run here; undefined when one can. For `describeReal`. */
export const nodesMissing = (): string | undefined => ('reason' in found ? found.reason : undefined)

/** @throws Error when something is missing */
export function nodeTools(): NodeTools {
  if ('reason' in found) throw new Error(found.reason)
  return found
}

function privilegesMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'whole nodes need root'
  const mounted = readFileSync('/proc/filesystems', 'utf8').split(/\s+/)
  if (!mounted.includes('overlay')) return 'the kernel has no overlay file system'
  const missing = ['cpu', 'cpuset', 'memory', 'devices', 'freezer', 'pids', 'systemd'].filter((name) => !existsSync(`/sys/fs/cgroup/${name}/tasks`))
  if (missing.length > 0) return `whole nodes need cgroups of version 1 with ${missing.join(', ')} under /sys/fs/cgroup`
  const absent = ['unshare', 'nsenter', 'setpriv', 'ip'].filter((name) => !onPath(name))
  return absent.length === 0 ? undefined : `commands are missing: ${absent.join(', ')} (packages util-linux and iproute2)`
}

function onPath(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').some((folder) => existsSync(join(folder, name)))
}

/** runc needs cgo and libseccomp, so it is not built here: the installed one, else the one of Debian's package. */
async function findRunc(): Promise<Built> {
  for (const dir of ['/usr/sbin', '/usr/bin', '/usr/local/sbin']) if (existsSync(join(dir, 'runc'))) return { dir }
  return fromDebian('runc', 'usr/sbin', ['--version'])
}

/** A busybox that needs no library, for an image of its own: Debian's package, since an installed one may be linked dynamically. */
export const findBusybox = (): Promise<Built> => fromDebian('busybox-static', 'bin', [], 'busybox')

/** The folder of a package's executables. */
async function fromDebian(name: string, inner: string, args: readonly string[], program = name): Promise<Built> {
  const dir = join(cacheRoot(), `${name}-debian-${process.arch}`)
  if (existsSync(dir)) return { dir }
  mkdirSync(cacheRoot(), { recursive: true })
  const unpacked = mkdtempSync(`${dir}.`)
  try {
    await run('apt-get', ['download', name], { cwd: unpacked })
    const archive = readdirSync(unpacked).find((file) => file.endsWith('.deb')) ?? `${name}.deb`
    await run('dpkg', ['-x', archive, '.'], { cwd: unpacked })
    await run(join(unpacked, inner, program), args)
    publish(join(unpacked, inner), dir)
    return { dir }
  } catch (error) {
    return { reason: `${name} is not installed, and Debian's package could not be used: ${String(error).split('\n')[0]}` }
  } finally {
    rmSync(unpacked, { recursive: true, force: true })
  }
}
