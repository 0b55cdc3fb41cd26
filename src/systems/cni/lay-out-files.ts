// How generated files are handed over: as they are, with a kustomization beside them, or inside ConfigMaps.
import { UsageError } from '../../model/errors.ts'
import { type KubeObject, objectName, writeYaml } from './targets/base/manifest.ts'
import type { GeneratedFile } from './targets/define-target.ts'

export const layouts = ['tree', 'kustomize', 'configmap'] as const
export type Layout = (typeof layouts)[number]

/** The API server takes 1 MiB of an object, and keeps the last applied one in an annotation. */
const mostBytes = 400_000

interface Holder {
  readonly name: string
  readonly namespace: string | undefined
}

/** `node-1.10-pods.conflist`: what a key of a ConfigMap may be. @throws UsageError */
function keyOf({ node, path }: GeneratedFile): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const key = node === undefined ? name : `${node}.${name}`
  if (key.length <= 253 && /^[-._a-zA-Z0-9]+$/.test(key)) return key
  throw new UsageError(`${JSON.stringify(key.slice(0, 80))} cannot be a key of a ConfigMap: letters, digits, "-", "_" and ".", at most 253`)
}

/** @throws UsageError when two files would have one key */
function keysOf(files: readonly GeneratedFile[]): ReadonlyMap<string, GeneratedFile> {
  const keys = new Map<string, GeneratedFile>()
  for (const file of files) {
    const other = keys.get(keyOf(file))
    if (other !== undefined) throw new UsageError(`${other.path} and ${file.path} would be one key of a ConfigMap; use --layout tree`)
    keys.set(keyOf(file), file)
  }
  return keys
}

function kustomize(files: readonly GeneratedFile[], { name, namespace }: Holder): readonly GeneratedFile[] {
  const resources = files.filter(({ isObject }) => isObject === true).map(({ path }) => path)
  const others = [...keysOf(files.filter(({ isObject }) => isObject !== true))].map(([key, { path }]) => `${key}=${path}`)
  const generator = { name: objectName(name), ...(namespace === undefined ? {} : { namespace }), files: others }
  const kustomization = {
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    ...(resources.length === 0 ? {} : { resources }),
    ...(others.length === 0 ? {} : { configMapGenerator: [generator], generatorOptions: { disableNameSuffixHash: true } }),
  }
  return [...files, { node: undefined, path: 'kustomization.yaml', text: writeYaml(kustomization) }]
}

/** As many as they need: a thousand nodes are more than one object holds. */
function configMaps(files: readonly GeneratedFile[], { name, namespace }: Holder): readonly GeneratedFile[] {
  const parts: Record<string, string>[] = [{}]
  let bytes = 0
  for (const [key, { text }] of keysOf(files)) {
    const size = Buffer.byteLength(text) + key.length
    if (bytes > 0 && bytes + size > mostBytes) {
      parts.push({})
      bytes = 0
    }
    bytes += size
    const part = parts.at(-1) as Record<string, string>
    part[key] = text
  }
  return parts.map((data, index) => {
    const own = objectName(parts.length === 1 ? name : `${name}-${index + 1}`)
    const object: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: own, namespace: namespace ?? 'kube-system' },
      data,
    }
    return { node: undefined, path: `configmap-${own}.yaml`, text: writeYaml(object), isObject: true }
  })
}

/** @throws UsageError */
export function layOutFiles(files: readonly GeneratedFile[], layout: Layout, holder: Holder): readonly GeneratedFile[] {
  if (layout === 'tree') return files
  return layout === 'kustomize' ? kustomize(files, holder) : configMaps(files, holder)
}
