// A node for plugins that touch the network: namespaces of their own for the node and its pods, and a private /var/lib. Needs root.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type CniResult, pluginDir, pluginsMissing } from './plugins.ts'

/** Why no such node can be made here; undefined when it can. For `describeReal`. */
export function namespacesMissing(): string | undefined {
  if (pluginsMissing() !== undefined) return pluginsMissing()
  if (!existsSync(join(pluginDir(), 'cnitool'))) return 'cnitool is not beside the plugins (it is built with Go, the Debian package has none)'
  if (process.getuid?.() !== 0) return 'network namespaces need root'
  const probe = `ipam-probe-${process.pid}`
  const made = spawnSync('ip', ['netns', 'add', probe])
  if (made.error !== undefined) return 'the command ip (package iproute2) is not there'
  if (made.status !== 0) return `ip netns add failed: ${made.stderr.toString().trim()}`
  spawnSync('ip', ['netns', 'del', probe])
  return undefined
}

export interface ListAnswer {
  readonly code: number | null
  readonly result: CniResult | undefined
  /** What cnitool said when it failed. */
  readonly error: string
}

export interface NodeNamespace {
  readonly name: string
  /** What the plugins see as /var/lib: `cni/networks/...`, `cni/results/...`. */
  readonly state: string
  /** A new empty network namespace for a pod; its path. */
  pod(): string
  /** The whole conflist through libcni (cnitool), as a runtime would do it. */
  run(command: 'add' | 'check' | 'del', conflist: Readonly<Record<string, unknown>>, pod: string): ListAnswer
  /** Standard output of a command inside the node, or inside a pod when its path is given. @throws Error when it fails */
  sh(command: string, pod?: string): string
  close(): void
}

export function openNode(): NodeNamespace {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-node-'))
  const state = join(folder, 'state')
  const configs = join(folder, 'net.d')
  for (const path of [join(state, 'cni'), configs]) mkdirSync(path, { recursive: true })
  const name = `ipam-${folder.slice(-6)}`
  const spaces: string[] = []
  const open = (space: string) => {
    must('ip', ['netns', 'add', space])
    spaces.push(space)
    must('ip', ['-n', space, 'link', 'set', 'lo', 'up'])
  }
  open(name)

  return {
    name,
    state,
    pod() {
      const space = `${name}-${spaces.length}`
      open(space)
      return `/var/run/netns/${space}`
    },
    run(command, conflist, pod) {
      writeFileSync(join(configs, '10-test.conflist'), JSON.stringify(conflist))
      // cnitool keeps its cache in /var/lib/cni whatever it is told, so /var/lib is another folder for it; `ip netns exec` has made mounts private.
      const script = 'mount --bind "$0" /var/lib && exec "$@"'
      const tool = [join(pluginDir(), 'cnitool'), command, String(conflist['name']), pod]
      const env = { PATH: process.env['PATH'] ?? '', NETCONFPATH: configs, CNI_PATH: pluginDir() }
      const done = spawnSync('ip', ['netns', 'exec', name, 'sh', '-c', script, state, ...tool], { env, timeout: 30_000 })
      const out = done.stdout.toString()
      const result = done.status === 0 && out.trim() !== '' ? (JSON.parse(out) as CniResult) : undefined
      return { code: done.status, result, error: done.status === 0 ? '' : `${out}${done.stderr}`.trim() }
    },
    sh: (command, pod) => must('ip', ['netns', 'exec', pod === undefined ? name : (pod.split('/').at(-1) ?? ''), 'sh', '-c', command]),
    close() {
      for (const space of spaces.reverse()) spawnSync('ip', ['netns', 'del', space])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function must(file: string, args: string[]): string {
  const done = spawnSync(file, args)
  if (done.error !== undefined) throw done.error
  if (done.status !== 0) throw new Error(`${file} ${args.join(' ')}: ${done.stderr.toString().trim()}`)
  return done.stdout.toString()
}
