// Reads --host-local directories: the network directories, and what the same node's file system says about them.
import { realpathSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, resolve } from 'node:path'
import { SourceError } from '../model/errors.ts'
import type { Time } from '../model/inventory.ts'
import { errorCode, failureText } from './failure-text.ts'
import { listDirectory } from './list-directory.ts'
import { bootTimeBelow } from './node-clock.ts'
import { readNodeRoot } from './node-root.ts'
import type { NodeWalk } from './node-walk.ts'
import type { Reading } from './reading.ts'
import { looksLikeState, STATE_PARENTS } from './state-names.ts'

export interface HostLocalRequest {
  /** undefined: this machine. */
  readonly node: string | undefined
  /** The parent of network directories, or one network directory. */
  readonly dir: string
}

/** Read beside a state directory that lies in its usual place: configuration, libcni's cache, flannel's ranges, docker's bridge, the runtime's sandboxes. */
const EVIDENCE = [
  'etc/cni/net.d',
  'etc/cni/multus/net.d',
  'var/lib/rancher/k3s/agent/etc/cni/net.d',
  'var/lib/cni/results',
  'run/flannel/subnet.env',
  'etc/docker/daemon.json',
  'crictl-pods.json',
]

interface Place {
  /** As shown, absolute. */
  readonly shown: string
  readonly real: string
  /** Shown path of the node's root, '' for `/`. */
  readonly root: string
  /** Below the root. */
  readonly path: string
  /** False when nothing tells where the node's root is; then nothing beside the directory is read. */
  readonly usual: boolean
  readonly modified: Time
}

export async function readHostLocalDirectories(reading: Reading, requests: readonly HostLocalRequest[]): Promise<void> {
  const roots = new Map<string, { node: string; places: Place[] }>()
  for (const { node = hostname(), dir } of requests) {
    const place = placeOf(reading, dir)
    if (!place) continue
    const key = JSON.stringify([node, place.root])
    const known = roots.get(key)
    if (known) known.places.push(place)
    else roots.set(key, { node, places: [place] })
  }
  for (const node of new Set([...roots.values()].map((root) => root.node))) reading.named(node)
  for (const { node, places } of roots.values()) await readPlaces(reading, node, places)
}

function placeOf(reading: Reading, dir: string): Place | undefined {
  const shown = resolve(dir)
  try {
    const real = realpathSync(shown)
    const stats = statSync(real)
    if (!stats.isDirectory()) throw new SourceError('is not a directory')
    const ends = STATE_PARENTS.map((parent) => shown.lastIndexOf(`/${parent}`)).filter((at) => at !== -1 && isUsual(shown.slice(at + 1)))
    const root = shown.slice(0, ends.length === 0 ? 0 : Math.min(...ends)) // `/var/run/x` ends in `run/x`, too
    return { shown, real, root, path: shown.slice(root.length + 1), usual: ends.length > 0, modified: stats.mtimeMs }
  } catch (cause) {
    reading.named(basename(shown))
    reading.cover(dir, 'failed', 0, `${failureText(cause)}: check the path`)
    return undefined
  }
}

/** One of the usual parents, or a directory right below it. */
const isUsual = (path: string): boolean => STATE_PARENTS.some((parent) => path === parent || path.slice(0, path.lastIndexOf('/')) === parent)

async function readPlaces(reading: Reading, node: string, places: readonly Place[]): Promise<void> {
  const usual = places.find((place) => place.usual)
  const shownRoot = places[0]?.root ?? ''
  const root = realpathSync(shownRoot || '/')
  const live = usual !== undefined && (root === '/' || bootTimeBelow(root) !== undefined)
  await readNodeRoot(
    reading,
    {
      node,
      root,
      kind: live ? 'live' : 'mounted',
      rootTime: Math.max(...places.map((place) => place.modified)),
      origin: (path) => (path === '' ? shownRoot || '/' : `${shownRoot}/${path}`),
    },
    async (walk) => {
      if (usual) for (const path of EVIDENCE) await visit(reading, walk, root, path)
      for (const place of places) await readPlace(reading, walk, place)
      if (!places.some((place) => place.usual && isParent(place.path))) return
      for (const parent of STATE_PARENTS) await visit(reading, walk, root, parent)
    },
  )
}

const isParent = (path: string): boolean => (STATE_PARENTS as readonly string[]).includes(path)

async function readPlace(reading: Reading, walk: NodeWalk, { real, path, usual, shown }: Place): Promise<void> {
  if (usual && !isParent(path)) return walk.directory(path, real, 'state')
  const children = childrenOf(real)
  if (children === undefined) return walk.directory(path, real, 'state') // says why
  if (usual && children.directories.length > 0) return walk.directory(path, real, 'anything')
  if (usual || children.empty || children.isState) return walk.directory(path, real, 'state')
  const inner = children.directories.map((name) => ({ name, found: childrenOf(`${real}/${name}`) }))
  const candidates = inner.filter(({ found }) => !found || found.empty || found.isState)
  if (inner.length > 0 && (candidates.length === inner.length || candidates.some(({ found }) => found?.isState))) {
    for (const { name } of candidates) await walk.directory(path === '' ? name : `${path}/${name}`, `${real}/${name}`, 'state')
    return
  }
  const wanted =
    'give the parent of network directories (/var/lib/cni/networks on most nodes), or one with "lock", "last_reserved_ip.0" or files named by addresses'
  reading.cover(shown, 'failed', 0, `holds no state of host-local: ${wanted}`)
}

interface Children {
  readonly empty: boolean
  readonly isState: boolean
  readonly directories: readonly string[]
}

/** undefined: it cannot be listed. */
function childrenOf(real: string): Children | undefined {
  try {
    const { entries } = listDirectory(real, statSync(real).size, 1 << 20)
    const directories = entries.filter(({ kind, raw }) => kind === 'directory' && !raw).map(({ name }) => name)
    return { empty: entries.length === 0, isState: looksLikeState(entries), directories: directories.sort() }
  } catch (cause) {
    failureText(cause)
    return undefined
  }
}

/** Reads a path below the root if it is there; one that a link leads out of the root is another machine's. */
async function visit(reading: Reading, walk: NodeWalk, root: string, path: string): Promise<void> {
  const shown = root === '/' ? `/${path}` : `${root}/${path}`
  try {
    const real = realpathSync(shown)
    if (root !== '/' && !real.startsWith(`${root}/`)) return
    if (statSync(real).isDirectory()) await walk.directory(path, real, 'anything')
    else walk.file(path, real)
  } catch (cause) {
    if (errorCode(cause) !== 'ENOENT' && errorCode(cause) !== 'ENOTDIR') reading.cover(shown, 'failed', 0, failureText(cause))
  }
}
