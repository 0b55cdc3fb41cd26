// Kubernetes objects to YAML and back.
import { parseAllDocuments, stringify } from 'yaml'
import { UsageError } from '../../../../model/errors.ts'
import type { GeneratedFile } from '../define-target.ts'

export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly annotations?: Readonly<Record<string, string>> }
  readonly [key: string]: unknown
}

/** Quoted as YAML 1.1 needs it, which kubectl and Helm read: `on` or `1e3` would be no text there. */
export const writeYaml = (value: unknown): string => stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })

export const writeManifest = (objects: readonly KubeObject[]): string => objects.map(writeYaml).join('---\n')

/** @throws Error for text that is no YAML, which is a fault of this program */
export function readYaml({ path, text }: GeneratedFile): readonly Readonly<Record<string, unknown>>[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => {
    const [fault] = document.errors
    if (fault !== undefined) throw new Error(`the generated ${path} does not read back: ${fault.message}`)
    return document.toJS() as Readonly<Record<string, unknown>>
  })
}

export interface ReadObject extends KubeObject {
  readonly spec: Readonly<Record<string, unknown>>
}

/** The objects of one kind in all files. */
export const objectsOf = (files: readonly GeneratedFile[], kind: string): readonly ReadObject[] =>
  files
    .filter(({ path }) => path.endsWith('.yaml'))
    .flatMap(readYaml)
    .filter((object): object is ReadObject => object['kind'] === kind)

/** RFC 1123: what Kubernetes takes as a name. @throws UsageError */
export function objectName(text: string): string {
  const name = text.toLowerCase().replaceAll('_', '-')
  if (name.length <= 253 && /^[a-z\d]([a-z\d.-]*[a-z\d])?$/.test(name)) return name
  throw new UsageError(
    `${JSON.stringify(text.slice(0, 80))} cannot be the name of a Kubernetes object: lower-case letters, digits, "-" and ".", at most 253`,
  )
}

/** @throws UsageError when two become one as names of objects */
export function refuseSameNames(objects: readonly KubeObject[]): void {
  const seen = new Set<string>()
  for (const { kind, metadata } of objects) {
    const key = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`
    if (seen.has(key))
      throw new UsageError(`two objects would be ${kind} ${metadata.name}: names that differ in capitals or "_" alone are one in Kubernetes`)
    seen.add(key)
  }
}

/** One file of objects. @throws UsageError */
export function objectFile(path: string, objects: readonly KubeObject[], node?: string): GeneratedFile {
  refuseSameNames(objects)
  return { node, path, text: writeManifest(objects), isObject: true }
}
