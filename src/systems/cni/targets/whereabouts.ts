// One network attachment with whereabouts for each pool of the plan: all nodes draw single addresses from its range.
import { cidrsOf } from '../../../net/index.ts'
import { writeConflist } from '../write-conflist.ts'
import { attachment, configOf, whereaboutsClaims } from './base/attachment.ts'
import type { PlannedPool } from './base/conf-plan.ts'
import { objectFile, objectName, objectsOf } from './base/manifest.ts'
import { planOf, poolClaim, poolClaims, poolsOf } from './base/planned.ts'
import { defineTarget, type Generation } from './define-target.ts'

/** One pool has the name of the network; several have their own. */
const nameOf = ({ name }: PlannedPool, input: Generation): string =>
  objectName(planOf(input).pools.length === 1 ? input.settings.name : `${input.settings.name}-${name}`)

function fileOf(pool: PlannedPool, input: Generation) {
  const name = nameOf(pool, input)
  const ranges = pool.families.map(({ cidr }) => ({ subnet: cidr, start: undefined, end: undefined, gateway: undefined }))
  const excluded = pool.families.flatMap(({ reserved }) => reserved.flatMap((range) => [...cidrsOf(range)]))
  const settings = { ...input.settings, name }
  return objectFile(`${name}.yaml`, [attachment(name, writeConflist(settings, ranges, { excluded, networkName: undefined }), settings)])
}

export const whereabouts = defineTarget({
  id: 'whereabouts',
  title: 'network attachment with whereabouts: one range for all nodes, reservations excluded',
  from: 'plan',
  isPlugin: true,
  generate: (input) => poolsOf(input).map((pool) => fileOf(pool, input)),
  expected: poolClaims,
  readBack: (files, input) =>
    objectsOf(files, 'NetworkAttachmentDefinition').flatMap((object, index) => {
      const pool = poolsOf(input)[index]
      return pool === undefined ? [] : whereaboutsClaims(object.metadata.name, configOf(object), poolClaim(pool.name))
    }),
})
