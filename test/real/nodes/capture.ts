// A bundle (the tool's input) of a cluster with whole nodes: their state as it lies on their disks, their sandboxes, and the API's lists.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Cluster } from '../cluster.ts'
import type { WholeNode } from './node.ts'

const lists = { nodes: '/api/v1/nodes', pods: '/api/v1/pods', events: '/api/v1/events', services: '/api/v1/services' }
const stateFolders = ['var/lib/cni', 'etc/cni/net.d']

/** Node state first, then what the API server says: an address that was given in between is seen at its pod at least. */
export async function capture(folder: string, cluster: Cluster, nodes: readonly WholeNode[]): Promise<string> {
  for (const node of nodes) await captureNode(join(folder, 'nodes', node.name), node)
  for (const [name, path] of Object.entries(lists)) write(join(folder, 'cluster', `${name}.json`), JSON.stringify(await cluster.api.get(path)))
  return folder
}

async function captureNode(folder: string, node: WholeNode): Promise<void> {
  write(join(folder, 'crictl-pods.json'), await node.sh('cri-pods /run/containerd/containerd.sock'))
  const files = stateFolders.flatMap((path) => copyFiles(node.disk, folder, path))
  const stat = { collectedAt: new Date().toISOString(), bootTime: node.bootTime(), files: Object.fromEntries(files) }
  write(join(folder, 'stat.json'), JSON.stringify(stat, undefined, 1))
}

/** Copies what is there and stays there; copying loses the times, so they are returned. */
function copyFiles(from: string, to: string, path: string): [string, { mtime: string; size: number; mode: string }][] {
  try {
    const { mtime, size, mode } = statSync(join(from, path))
    if ((mode & 0o170000) === 0o040000) {
      mkdirSync(join(to, path), { recursive: true })
      return readdirSync(join(from, path)).flatMap((name) => copyFiles(from, to, `${path}/${name}`))
    }
    write(join(to, path), readFileSync(join(from, path)))
    return [[path, { mtime: mtime.toISOString(), size, mode: `0${(mode & 0o777).toString(8)}` }]]
  } catch (error) {
    // Pods come and go meanwhile, and their files with them.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
}
