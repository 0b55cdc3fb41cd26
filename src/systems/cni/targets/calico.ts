// Calico's pools and reservations, and the Installation of its operator that names the same pools.
// https://docs.tigera.io/calico/latest/reference/resources/ippool, https://docs.tigera.io/calico/latest/reference/installation/api
import { UsageError } from '../../../model/errors.ts'
import { cidrsOf, type Family, formatCidr } from '../../../net/index.ts'
import { objectFile, objectName, objectsOf } from './base/manifest.ts'
import { type FamilyOfPool, familiesOf, planOf, poolClaim, poolClaims } from './base/planned.ts'
import { listOf, rangeIn } from './base/read-range.ts'
import { type Claim, defineTarget, type Generation } from './define-target.ts'

/** What Calico takes as blockSize. */
const blockSizes: Readonly<Record<Family, readonly [number, number]>> = { 4: [20, 32], 6: [116, 128] }

function blockSizeOf({ cidr, nodePrefix, pool }: FamilyOfPool): number {
  const [shortest, longest] = blockSizes[cidr.family]
  if (nodePrefix >= shortest && nodePrefix <= longest) return nodePrefix
  throw new UsageError(
    `the pool ${pool} has IPv${cidr.family} blocks of /${nodePrefix}, and Calico takes /${shortest} to /${longest}; plan with --profile calico`,
  )
}

const nameOf = ({ pool, cidr }: FamilyOfPool): string => objectName(`${pool}-ipv${cidr.family}`)

function selectorOf({ pool }: FamilyOfPool, input: Generation): string {
  const { nodeLabel } = input.settings
  if (nodeLabel !== undefined) return `${nodeLabel} == "${pool}"`
  const names = planOf(input).pools.map(({ name }) => name)
  if (names.length === 1) return 'all()'
  throw new UsageError(`--node-label is missing: the plan has the pools ${names.join(', ')}; which label of nodes says which pool is theirs?`)
}

function poolObject(family: FamilyOfPool, input: Generation) {
  return {
    apiVersion: 'projectcalico.org/v3',
    kind: 'IPPool',
    metadata: { name: nameOf(family) },
    spec: {
      cidr: formatCidr(family.cidr),
      blockSize: blockSizeOf(family),
      ipipMode: 'Never',
      vxlanMode: 'CrossSubnet',
      natOutgoing: family.cidr.family === 4,
      nodeSelector: selectorOf(family, input),
    },
  }
}

const reservationObject = (family: FamilyOfPool) => ({
  apiVersion: 'projectcalico.org/v3',
  kind: 'IPReservation',
  metadata: { name: `${nameOf(family)}-reserved` },
  spec: { reservedCIDRs: family.reserved.flatMap((range) => [...cidrsOf(range)]).map(formatCidr) },
})

/** The operator makes the pools that it names; giving it the same ones keeps the two from contradicting each other. */
const installation = (families: readonly FamilyOfPool[], input: Generation) => ({
  apiVersion: 'operator.tigera.io/v1',
  kind: 'Installation',
  metadata: { name: 'default' },
  spec: {
    calicoNetwork: {
      ipPools: families.map((family) => ({
        name: nameOf(family),
        cidr: formatCidr(family.cidr),
        blockSize: blockSizeOf(family),
        encapsulation: 'VXLANCrossSubnet',
        natOutgoing: family.cidr.family === 4 ? 'Enabled' : 'Disabled',
        nodeSelector: selectorOf(family, input),
      })),
    },
  },
})

const reservedOwner = (pool: string): string => `reserved in ${pool}`

/** Reservations lie inside of their pool by design, so they are its own. */
const reservedClaims = (input: Generation): readonly Claim[] =>
  familiesOf(input).flatMap(({ pool, reserved }) =>
    reserved.flatMap((range) => [...cidrsOf(range)].map((cidr) => ({ owner: poolClaim(pool), range: rangeIn(formatCidr(cidr)) }))),
  )

export const calico = defineTarget({
  id: 'calico',
  title: 'Calico IPPool and IPReservation, and the Installation of its operator',
  from: 'plan',
  isPlugin: false,
  generate(input) {
    const families = familiesOf(input)
    const reserving = families.filter(({ reserved }) => reserved.length > 0)
    return [
      objectFile('installation.yaml', [installation(families, input)]),
      objectFile(
        'ippool.yaml',
        families.map((family) => poolObject(family, input)),
      ),
      ...(reserving.length === 0 ? [] : [objectFile('ipreservation.yaml', reserving.map(reservationObject))]),
    ]
  },
  expected: (input) => [...poolClaims(input), ...poolClaims(input), ...reservedClaims(input)],
  readBack(files, input) {
    const owners = new Map(familiesOf(input).map((family) => [nameOf(family), poolClaim(family.pool)]))
    const ownerOf = (name: string): string => owners.get(name) ?? owners.get(name.replace(/-reserved$/, '')) ?? reservedOwner(name)
    const named = objectsOf(files, 'Installation').flatMap(({ spec }) => {
      const { ipPools } = spec['calicoNetwork'] as { ipPools: readonly { name: string; cidr: string }[] }
      return ipPools.map(({ name, cidr }) => ({ owner: ownerOf(name), range: rangeIn(cidr) }))
    })
    const pools = objectsOf(files, 'IPPool').map(({ metadata, spec }) => ({ owner: ownerOf(metadata.name), range: rangeIn(String(spec['cidr'])) }))
    const reserved = objectsOf(files, 'IPReservation').flatMap(({ metadata, spec }) =>
      listOf(spec['reservedCIDRs']).map((text) => ({ owner: ownerOf(metadata.name), range: rangeIn(text) })),
    )
    return [...named, ...pools, ...reserved]
  },
})
