// Whole nodes: kubelet, containerd, runc and CNI plugins in namespaces of their own, with the standard paths inside; a power cut is one kill.
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import type { Cluster } from '../cluster.ts'
import { type Server, startServer, until } from '../processes.ts'
import { type Cgroup, makeCgroups, removeCgroups } from './cgroups.ts'
import type { Image } from './image.ts'
import { fillNodeFolder } from './node-folder.ts'
import { nodeTools } from './node-tools.ts'
import type { WayToNodes } from './way-to-nodes.ts'

const run = promisify(execFile)
const bootScript = new URL('boot.sh', import.meta.url).pathname

export interface NodeOptions {
  /** InternalIP, seen inside the node only; nothing listens there for others. */
  readonly address: string
  /** The conflist that a network agent would write once it knows the node's range; `sampleConflist`. */
  readonly conflist?: (podCidr: string) => unknown
  /** Through which the API server reaches its kubelet (`logs`, `exec`), when the cluster was started with it. */
  readonly way?: WayToNodes
  /** Beside the one of its pods. */
  readonly images?: readonly Image[]
}

export interface WholeNode {
  readonly name: string
  /** What outlives a boot: `var/lib/cni`, `etc/cni/net.d`, `opt/cni/bin`, ... of the node. */
  readonly disk: string
  /** Of the last boot, as the node's own clock said it. */
  bootTime(): string
  /** Standard output of a shell command inside the node. @throws Error when it fails */
  sh(command: string): Promise<string>
  /** A power cut: every process of the node is gone at once, its disk stays. */
  crash(): Promise<void>
  /** Switches it on again and waits for Ready; `loseRuntime` forgets what containerd had stored. */
  boot(options?: { readonly loseRuntime?: boolean }): Promise<void>
  /** Ends it and removes every trace on this machine; its Node object stays. */
  stop(): Promise<void>
}

interface Running {
  readonly server: Server
  readonly doors: readonly Server[]
  /** Process id of the node's first process, as this machine counts. */
  readonly init: number
  readonly groups: readonly Cgroup[]
}

export async function startNode(cluster: Cluster, name: string, options: NodeOptions): Promise<WholeNode> {
  const tools = nodeTools()
  const folder = mkdtempSync(join(tmpdir(), `ipam-node-${name}-`))
  const disk = join(folder, 'disk')
  let running: Running | undefined
  const inside = (args: readonly string[]) => ['-t', String(running?.init), '-m', '-n', '-p', '-u', '-i', '-C', ...args]
  const sh = async (command: string) => (await run('nsenter', inside(['sh', '-c', command]), { env: insideEnv(), maxBuffer: 1 << 26 })).stdout

  const crash = async () => {
    if (running === undefined) return
    const { server, doors, init, groups } = running
    running = undefined
    if (server.ended() === undefined) process.kill(init, 'SIGKILL')
    // The parent collects it when the kernel has ended everything in its process namespace, and ends too.
    await until(`${name} was off`, [], async () => server.ended())
    await Promise.all([server, ...doors].map((one) => one.stop()))
    await removeCgroups(groups)
  }
  const boot = async ({ loseRuntime = false } = {}) => {
    if (running !== undefined) throw new Error(`${name} is running`)
    if (loseRuntime) rmSync(join(disk, 'var/lib/containerd'), { recursive: true, force: true })
    rmSync(join(folder, 'shown'), { recursive: true, force: true })
    running = await switchOn(cluster, name, options, folder)
    const { server } = running
    const range = await until(`${name} had a range`, [server], () => podCidrOf(cluster, name))
    writeConflist(disk, (options.conflist ?? sampleConflist)(range))
    await until(`${name} was Ready`, [server], () => readyWith(cluster, name, folder))
  }
  const stop = async () => {
    await crash()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    fillNodeFolder(folder, tools, options.images ?? [])
    await boot()
  } catch (error) {
    await stop()
    throw error
  }
  return { name, disk, bootTime: () => readFileSync(join(folder, 'boot-time'), 'utf8').trim(), sh, crash, boot, stop }
}

function insideEnv(): Record<string, string> {
  const { kubelet, containerd, helpers } = nodeTools()
  return { PATH: [kubelet, containerd, helpers, process.env['PATH'] ?? ''].join(':'), LC_ALL: 'C' }
}

async function switchOn(cluster: Cluster, name: string, { address, way }: NodeOptions, folder: string): Promise<Running> {
  const groups = makeCgroups(basename(folder))
  const port = new URL(cluster.url).port
  const settings = {
    ...insideEnv(),
    NODE_NAME: name,
    NODE_ADDRESS: address,
    NODE_FOLDER: folder,
    NODE_KUBECONFIG: cluster.kubeconfig,
    NODE_API_PORT: port,
    NODE_CONTROLLERS: groups.map((group) => group.controller).join(' '),
  }
  const enter = 'for group; do echo $$ > "$group/cgroup.procs"; done; exec unshare $UNSHARE bash "$BOOT"'
  const spaces = '--mount --net --pid --fork --uts --ipc --cgroup --kill-child=KILL --propagation private'
  const env = Object.entries({ ...settings, UNSHARE: spaces, BOOT: bootScript }).map(([key, value]) => `${key}=${value}`)
  const paths = groups.map((group) => group.path)
  const server = startServer(name, 'env', ['-i', ...env, 'bash', '-c', enter, 'enter', ...paths], join(folder, 'node.log'))
  const init = await until(`${name} had a first process`, [server], async () => {
    const [child] = readFileSync(`/proc/${server.pid}/task/${server.pid}/children`, 'utf8').trim().split(' ')
    return child ? Number(child) : undefined
  })
  const door = (...args: string[]) => startServer('doorway', join(nodeTools().helpers, 'doorway'), args, join(folder, 'doorway.log'))
  const doors = [door('in', `/proc/${init}/ns/net`, port)]
  if (way !== undefined) {
    const socket = join(folder, 'kubelet.sock')
    rmSync(socket, { force: true })
    doors.push(door('out', `/proc/${init}/ns/net`, '10250', socket))
    way.lead(name, socket)
  }
  return { server, doors, init, groups }
}

interface NodeObject {
  readonly spec: { readonly podCIDR?: string }
  readonly status: {
    readonly nodeInfo: { readonly bootID: string }
    readonly conditions: readonly { readonly type: string; readonly status: string }[]
  }
}

const podCidrOf = async (cluster: Cluster, name: string) => (await cluster.api.get<NodeObject>(`/api/v1/nodes/${name}`)).spec.podCIDR

/** The conditions are those of the boot before until kubelet says so: the boot id tells the two apart. */
async function readyWith(cluster: Cluster, name: string, folder: string): Promise<true | undefined> {
  const bootId = readFileSync(join(folder, 'shown/boot_id'), 'utf8').trim()
  const { status } = await cluster.api.get<NodeObject>(`/api/v1/nodes/${name}`)
  const ready = status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')
  return ready && status.nodeInfo.bootID === bootId ? true : undefined
}

/** Renamed into place, so that containerd never reads half of it. */
function writeConflist(disk: string, conflist: unknown): void {
  const path = join(disk, 'etc/cni/net.d/10-pods.conflist')
  writeFileSync(`${path}.new`, JSON.stringify(conflist, undefined, 2))
  renameSync(`${path}.new`, path)
}

/** What a simple network agent writes: a bridge, host-local on the node's own range, ports of pods. */
export const sampleConflist = (podCidr: string) => ({
  cniVersion: '1.0.0',
  name: 'pods',
  plugins: [
    {
      type: 'bridge',
      bridge: 'cni0',
      isGateway: true,
      hairpinMode: true,
      ipam: { type: 'host-local', ranges: [[{ subnet: podCidr }]], routes: [{ dst: '0.0.0.0/0' }] },
    },
    { type: 'portmap', capabilities: { portMappings: true } },
  ],
})
