// The cgroups (version 1) that a node's processes live in: below this process's own ones, so that limits on the test hold for the node too.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Cgroup {
  /** What the hierarchy is mounted with, and the name of its folder: `memory`, `cpu,cpuacct`, `systemd`. */
  readonly controller: string
  readonly path: string
}

/** https://man7.org/linux/man-pages/man7/cgroups.7.html, /proc/PID/cgroup */
export function makeCgroups(name: string): Cgroup[] {
  const lines = readFileSync('/proc/self/cgroup', 'utf8').trim().split('\n')
  return lines.flatMap((line) => {
    const [, controllers = '', below = '/'] = /^\d+:([^:]*):(.*)$/.exec(line) ?? []
    const controller = controllers.replace(/^name=/, '')
    const parent = join('/sys/fs/cgroup', controller, below)
    if (controller === '' || !existsSync(parent)) return []
    const path = join(parent, name)
    mkdirSync(path, { recursive: true })
    // A new cpuset is empty, and no process may enter an empty one.
    if (controller.split(',').includes('cpuset'))
      for (const file of ['cpuset.cpus', 'cpuset.mems']) writeFileSync(join(path, file), readFileSync(join(parent, file)))
    return [{ controller, path }]
  })
}

/** The kernel lets go of a group some moments after its last process has ended. @throws Error when one is still in use after ten seconds */
export async function removeCgroups(groups: readonly Cgroup[]): Promise<void> {
  const deadline = performance.now() + 10_000
  for (const { path } of groups)
    for (;;) {
      try {
        removeTree(path)
        break
      } catch (error) {
        if (performance.now() > deadline) throw error
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
}

/** rm cannot do this: the files of a cgroup belong to the kernel, only the folders can go. */
function removeTree(path: string): void {
  if (!existsSync(path)) return
  for (const entry of readdirSync(path, { withFileTypes: true })) if (entry.isDirectory()) removeTree(join(path, entry.name))
  rmdirSync(path)
}
