// The fixtures of systems without a capture: objects written after the published schemas, in fixtures/systems/<id>/{clean,faulty}.yaml.
import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { parseAllDocuments } from 'yaml'
import type { InventoryPart } from '../../src/model/inventory.ts'
import type { System } from '../../src/systems/define-system.ts'
import { object, parsed } from './parse.ts'
import type { SystemSchemas } from './schemas/parts.ts'

export type Side = 'clean' | 'faulty'

type Manifest = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: { readonly name: string }
}

export const fixturePath = (id: string, side: Side): string => new URL(`../../fixtures/systems/${id}/${side}.yaml`, import.meta.url).pathname

export const manifests = (id: string, side: Side): readonly Manifest[] =>
  parseAllDocuments(readFileSync(fixturePath(id, side), 'utf8')).map((document) => document.toJS() as Manifest)

/** What one system makes of its fixture. */
export const partOf = (system: System, side: Side): InventoryPart =>
  parsed(
    system,
    manifests(system.id, side)
      .filter(({ apiVersion, kind }) => system.kinds.includes(`${groupOf(apiVersion)}/${kind}`))
      .map((manifest) => object(manifest.apiVersion, manifest.kind, manifest)),
  )

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '')

/** Objects that the schema of their kind refuses, as `Kind name`; and how many were held against one. */
export function refused(id: string, side: Side, { kinds }: SystemSchemas): { readonly names: readonly string[]; readonly checked: number } {
  const ajv = new Ajv({ strict: false })
  const own = manifests(id, side).filter(({ apiVersion, kind }) => `${groupOf(apiVersion)}/${kind}` in kinds)
  const names = own.flatMap((manifest) => {
    const schema = kinds[`${groupOf(manifest.apiVersion)}/${manifest.kind}`]
    return ajv.validate({ type: 'object', ...schema }, manifest) ? [] : [`${manifest.kind} ${manifest.metadata.name}`]
  })
  return { names, checked: own.length }
}
