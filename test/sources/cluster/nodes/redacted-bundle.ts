// Writes a bundle as `ipam collect --nodes --redact` would have written it, from one that holds its names.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { openBundleFolder } from '../../../../src/cli/bundle-folder.ts'
import type { NodeFile, NodeStat } from '../../../../src/sources/cluster/nodes/node-excerpt.ts'
import { redactExcerpt } from '../../../../src/sources/cluster/nodes/redact-excerpt.ts'
import { pruneObject } from '../../../../src/sources/cluster/prune-object.ts'
import type { NameHider } from '../../../../src/sources/cluster/redact-object.ts'
import { directorySource } from '../../../../src/sources/directory.ts'

/** Every file below, by bytes. */
export function filesBelow(root: string, below = ''): NodeFile[] {
  return readdirSync(join(root, below), { withFileTypes: true, encoding: 'buffer' }).flatMap((entry): NodeFile[] => {
    const path = Buffer.concat([Buffer.from(below === '' ? '' : `${below}/`), entry.name as unknown as Buffer])
    if (entry.isDirectory()) return [{ path, content: undefined }, ...filesBelow(root, path.toString())]
    return entry.isFile() ? [{ path, content: readFileSync(Buffer.concat([Buffer.from(`${root}/`), path])) }] : []
  })
}

/** @returns names of pods, nodes, Services and namespaces of the cluster, and of the pods in the runtimes' lists */
export async function redactedBundle(from: string, to: string, hide: NameHider): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  const folder = openBundleFolder(to, false)
  const summary = await directorySource({ from: [from], hostLocal: [] }).read((document) => {
    if (document.type !== 'object') return
    const { apiVersion, kind, object, origin } = document
    const { name, namespace } = (object['metadata'] ?? {}) as { readonly name?: string; readonly namespace?: string }
    if (['Pod', 'Node', 'Service', 'Namespace'].includes(kind) && name !== undefined) names.add(name)
    if (namespace !== undefined) names.add(namespace)
    folder.add(
      origin.replace(/^.*?(?=cluster\/)/, '').replace(/ya?ml$/, 'json'),
      hide.object(kind, pruneObject(kind, { ...object, apiVersion, kind })),
    )
  })
  for (const node of existsSync(join(from, 'nodes')) ? readdirSync(join(from, 'nodes')) : []) {
    names.add(node)
    const root = join(from, 'nodes', node)
    const all = filesBelow(root).filter(({ path }) => path.toString() !== 'stat.json')
    for (const { path, content } of all)
      if (path.toString() === 'crictl-pods.json')
        for (const [, name = ''] of (content?.toString() ?? '').matchAll(/"io\.kubernetes\.pod\.name(?:space)?":\s*"([^"]*)"/g)) names.add(name)
    const { excerpt, node: hidden } = redactExcerpt(hide, node, { files: all, stat: statOf(root, all), problems: [] })
    folder.addNode(hidden, excerpt.files, excerpt.stat)
  }
  folder.publish({
    apiVersion: 'ipam/v1',
    kind: 'Bundle',
    cluster: 'x',
    complete: summary.coverage.every(({ status }) => status === 'complete' || status === 'absent'),
    sources: summary.coverage,
  })
  folder.discard()
  for (const area of ['peers', 'external', 'cloud']) copy(join(from, area), join(to, area)) // nothing that a collection writes
  return names
}

/** What stands in the bundle, else the times of the files, as the reader of the plain bundle takes them. */
function statOf(root: string, files: readonly NodeFile[]): NodeStat {
  const path = join(root, 'stat.json')
  if (existsSync(path)) return { files: {}, ...(JSON.parse(readFileSync(path, 'utf8')) as Partial<NodeStat>) } as NodeStat
  const times = files.flatMap(({ path: name, content }) => {
    if (content === undefined) return []
    const { mtimeMs, size } = statSync(Buffer.concat([Buffer.from(`${root}/`), name]))
    return [[name.toString(), { mtime: new Date(mtimeMs).toISOString(), size, mode: '0644' }] as const]
  })
  const newest =
    times
      .map(([, { mtime }]) => mtime)
      .sort()
      .at(-1) ?? new Date(0).toISOString()
  return { collectedAt: newest, files: Object.fromEntries(times) }
}

function copy(from: string, to: string): void {
  if (!existsSync(from)) return
  for (const { path, content } of filesBelow(from)) {
    if (content === undefined) continue
    mkdirSync(dirname(join(to, path.toString())), { recursive: true })
    writeFileSync(join(to, path.toString()), content)
  }
}
