// Hides names in what a node sent, under the same hashes as in the cluster's lists: in paths, in contents, and in the name of the node's folder.
import { looksLikeAddress, STATE_PARENTS } from '../../state-names.ts'
import type { NameHider } from '../redact-object.ts'
import type { NodeExcerpt, NodeFile } from './node-excerpt.ts'
import { CONFIGURATION, RESULTS } from './node-script.ts'
import { dataDirsIn, redactConfiguration } from './redact-configuration.ts'
import { redactCursor, redactDaemonJson, redactOwner, redactResult, redactSandboxes, redactSubnetEnv } from './redact-node-file.ts'

const CURSOR = /^last_reserved_ip(\.\d+)?$/
const NOTHING = Buffer.alloc(0)
/** Not UTF-8 before, and not after: such a name is not followed by readers, and they say so. */
const ODD = Buffer.from([0xff])

interface Place {
  readonly path: Buffer
  readonly content: (text: Buffer) => Buffer
}

const isIn = (folders: readonly string[], path: string): boolean => folders.includes(path.slice(0, path.lastIndexOf('/')))
const onText =
  (change: (text: string) => string) =>
  (content: Buffer): Buffer =>
    Buffer.from(change(content.toString('utf8')))

/** @param node its name in the cluster @returns its folder's name and what goes there */
export function redactExcerpt(hide: NameHider, node: string, excerpt: NodeExcerpt): { readonly node: string; readonly excerpt: NodeExcerpt } {
  const hidden = hide.name(node)
  const word = new RegExp(`(?<![A-Za-z0-9])${node.replaceAll('.', '\\.')}(?![A-Za-z0-9])`, 'g')
  const own = (text: string): string => text.replaceAll(word, hidden)
  const configurations = excerpt.files.filter(({ path, content }) => content !== undefined && isIn(CONFIGURATION, path.toString('latin1')))
  const parents = [...STATE_PARENTS, ...configurations.flatMap(({ content }) => dataDirsIn(content?.toString('utf8') ?? ''))]
  const known = [...parents, ...CONFIGURATION, ...RESULTS]

  /** A folder of a network, or any other of which nothing is known. */
  const folder = (name: string): Buffer => hiddenPart(name, hide.network)
  const entry = (name: string): Buffer =>
    looksLikeAddress(name) || name === 'lock' || CURSOR.test(name) ? Buffer.from(name) : hiddenPart(name, hide.name)
  const ownerOf = (name: string) => (content: Buffer) =>
    looksLikeAddress(name) ? redactOwner(hide, content) : CURSOR.test(name) ? redactCursor(hide, content) : NOTHING

  function placeOf({ path: raw, content }: NodeFile): Place {
    const path = raw.toString('latin1')
    const name = path.slice(path.lastIndexOf('/') + 1)
    const stays = (change: (text: string) => string): Place => ({ path: raw, content: onText(change) })
    const beside = (renamed: string): Buffer => Buffer.from(path.slice(0, -name.length) + renamed)
    if (path === 'crictl-pods.json') return stays((text) => redactSandboxes(hide, text))
    if (path === 'run/flannel/subnet.env') return stays(redactSubnetEnv)
    if (path === 'etc/docker/daemon.json') return stays((text) => redactDaemonJson(hide, text))
    if (content !== undefined && isIn(RESULTS, path)) return { path: beside(hide.name(name)), content: onText((text) => redactResult(hide, text)) }
    if (content !== undefined && isIn(CONFIGURATION, path)) {
      const [, stem = name, ending = ''] = /^(.*)(\.[a-z]+)$/.exec(name) ?? []
      return { path: beside(own(stem) + ending), content: onText((text) => redactConfiguration({ ...hide, own }, text)) }
    }
    if (known.some((each) => each === path || each.startsWith(`${path}/`))) return { path: Buffer.from(own(path)), content: () => NOTHING }
    const parent = parents.filter((each) => path.startsWith(`${each}/`)).sort((a, b) => b.length - a.length)[0]
    const parts = path.slice(parent === undefined ? 0 : parent.length + 1).split('/')
    const shown = parts.map((part, depth) => (content === undefined || depth < parts.length - 1 ? folder(part) : entry(part)))
    const joined = [...(parent === undefined ? [] : [Buffer.from(own(parent))]), ...shown]
    return { path: Buffer.concat(joined.flatMap((part, i) => (i === 0 ? [part] : [Buffer.from('/'), part]))), content: ownerOf(name) }
  }

  const times: Record<string, { mtime: string; size: number; mode: string }> = Object.create(null)
  const files = excerpt.files.map((file): NodeFile => {
    const { path, content } = placeOf(file)
    const kept = file.content === undefined ? undefined : content(file.content)
    const time = excerpt.stat.files[file.path.toString('utf8')]
    if (time !== undefined && kept !== undefined) times[path.toString('utf8')] = { ...time, size: kept.length }
    return { path, content: kept }
  })
  return { node: hidden, excerpt: { ...excerpt, files, stat: { ...excerpt.stat, files: times } } }
}

/** @param name bytes as latin1 */
function hiddenPart(name: string, hide: (text: string) => string): Buffer {
  const bytes = Buffer.from(name, 'latin1')
  const text = bytes.toString('utf8')
  return Buffer.from(text).equals(bytes) ? Buffer.from(hide(text)) : Buffer.concat([Buffer.from(hide(name)), ODD])
}
