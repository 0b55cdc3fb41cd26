// What is put in the place of objects that were read before is all that is known of them: the same as if nothing else had ever been read.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readInventory } from '../../src/cli/audit-run.ts'
import { churningRules } from '../../src/cli/confirm-findings.ts'
import type { Inventory } from '../../src/model/merge-inventory.ts'
import { rules } from '../../src/rules/index.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import type { ObjectDocument } from '../../src/sources/source.ts'
import { readCases } from '../corpus/read-cases.ts'
import { metadataOf, objectsIn, world } from './live-world.ts'

const now = Date.parse('2026-11-23T12:00:00Z')
const readAll = (objects: readonly ObjectDocument[]) =>
  readInventory({ source: world(objects, objects).source, now, notice: () => {}, confirm: true })
const faults = (inventory: Inventory): string[] =>
  runRules(
    rules.filter(({ id }) => churningRules.has(id)),
    inventory,
    { grace: 900_000 },
  )
    .findings.map(({ rule, severity, addresses, nodes, owners }) => [rule, severity, addresses, nodes, owners].join(' '))
    .sort()
const gone = (document: ObjectDocument): ObjectDocument => {
  const { name, namespace, uid } = metadataOf(document)
  return {
    ...document,
    object: { metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }) } },
    gone: true,
  }
}

const live = readCases().flatMap(({ name, paths }) =>
  (['faulty', 'silent'] as const).flatMap((side) => {
    const path = paths[side]
    const isLive = path !== undefined && !['nodes', 'peers', 'cloud', 'external'].some((area) => existsSync(join(path, area)))
    return isLive ? [{ name: `${name}/${side}`, path }] : []
  }),
)
/** What a second look never asks for: configuration, and the control plane's pods, whose flags state ranges. */
const isAsked = ({ kind, object }: ObjectDocument): boolean =>
  !['ConfigMap', 'Event', 'EndpointSlice'].includes(kind) && !(kind === 'Pod' && JSON.stringify(object).includes('cidr'))

test.each(live)('$name', async ({ path }) => {
  const objects = await objectsIn(path)
  const asked = objects.filter(isAsked)
  const some = asked.filter((_, i) => i % 2 === 0)
  const all = await readAll(objects)
  const left = await readAll(objects.filter((document) => !some.includes(document)))
  const [before, without] = [faults(all.inventory), faults(left.inventory)]
  expect(faults(all.look?.rebuild(some.map(gone)) as Inventory)).toEqual(without)
  expect(faults(left.look?.rebuild(some) as Inventory)).toEqual(before)
})
