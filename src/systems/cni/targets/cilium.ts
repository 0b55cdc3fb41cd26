// Cilium's Helm values for cluster-pool or multi-pool IPAM, and in multi-pool mode the pools as objects.
// https://docs.cilium.io/en/stable/network/concepts/ipam/
import { UsageError } from '../../../model/errors.ts'
import { type Family, formatCidr } from '../../../net/index.ts'
import type { PlannedPool } from './base/conf-plan.ts'
import { type KubeObject, objectFile, objectName, objectsOf, readYaml, writeYaml } from './base/manifest.ts'
import { familiesOf, onePrefix, openClaims, planOf, poolClaim, poolsOf } from './base/planned.ts'
import { listOf, objectIn, rangeIn, textsOf } from './base/read-range.ts'
import { type Claim, defineTarget, type GeneratedFile, type Generation } from './define-target.ts'

const families: readonly Family[] = [4, 6]
const isMultiPool = (input: Generation): boolean => planOf(input).profile === 'cilium-multi-pool'
const valuesPath = 'values.yaml'

/** Pods that ask for no pool get addresses of `default`. */
const poolName = (name: string, input: Generation): string => (planOf(input).pools.length === 1 ? 'default' : objectName(name))

/** https://github.com/cilium/cilium/issues/26402: the operator refuses a range that is one block only. */
function refuseSingleBlocks(input: Generation): void {
  for (const { pool, openBlocks, nodePrefix } of familiesOf(input)) {
    const single = openBlocks.find(({ prefix }) => prefix >= nodePrefix)
    if (single !== undefined && !isMultiPool(input))
      throw new UsageError(
        `the pool ${pool}: what reservations leave has ${formatCidr(single)}, and Cilium refuses a range that is one block only; reserve whole pairs of /${nodePrefix}`,
      )
  }
}

function clusterPool(input: Generation): Readonly<Record<string, unknown>> {
  if (poolsOf(input).length > 1)
    throw new UsageError('cluster-pool has one list for all nodes, and the plan has several pools; plan with --profile cilium-multi-pool')
  refuseSingleBlocks(input)
  const keys = familiesOf(input).flatMap(({ cidr: { family }, openBlocks }): [string, unknown][] => [
    [`clusterPoolIPv${family}PodCIDRList`, textsOf(openBlocks)],
    [`clusterPoolIPv${family}MaskSize`, onePrefix(input, family, 'Cilium')],
  ])
  return Object.fromEntries(keys)
}

const specOf = ({ families: own }: PlannedPool) =>
  Object.fromEntries(own.map(({ cidr, openBlocks, nodePrefix }) => [`ipv${cidr.family}`, { cidrs: textsOf(openBlocks), maskSize: nodePrefix }]))

function multiPool(input: Generation): Readonly<Record<string, unknown>> {
  // The operator makes these at its first start, before anybody could apply an object.
  return { autoCreateCiliumPodIPPools: Object.fromEntries(poolsOf(input).map((pool) => [poolName(pool.name, input), specOf(pool)])) }
}

function valuesFile(input: Generation): GeneratedFile {
  const has = (family: Family): boolean => familiesOf(input).some(({ cidr }) => cidr.family === family)
  const [mode, operator] = isMultiPool(input) ? ['multi-pool', multiPool(input)] : ['cluster-pool', clusterPool(input)]
  const values = { ipam: { mode, operator }, ipv4: { enabled: has(4) }, ipv6: { enabled: has(6) } }
  return { node: undefined, path: valuesPath, text: writeYaml(values) }
}

const poolObject = (pool: PlannedPool, input: Generation): KubeObject => ({
  apiVersion: 'cilium.io/v2alpha1',
  kind: 'CiliumPodIPPool',
  metadata: { name: poolName(pool.name, input) },
  spec: specOf(pool),
})

/** The ranges of `{ipv4: {cidrs}, ipv6: {cidrs}}`. */
const claimsIn = (spec: unknown, owner: string): readonly Claim[] =>
  families.flatMap((family) => listOf(objectIn(spec, `ipv${family}`)['cidrs']).map((text) => ({ owner, range: rangeIn(text) })))

function valuesClaims(file: GeneratedFile, input: Generation, ownerOf: (name: string) => string): readonly Claim[] {
  const [values] = readYaml(file)
  const operator = objectIn(objectIn(values, 'ipam'), 'operator')
  if (isMultiPool(input))
    return Object.entries(objectIn(operator, 'autoCreateCiliumPodIPPools')).flatMap(([name, spec]) => claimsIn(spec, ownerOf(name)))
  const [pool] = poolsOf(input)
  return families.flatMap((family) =>
    listOf(operator[`clusterPoolIPv${family}PodCIDRList`]).map((text) => ({ owner: poolClaim(pool?.name ?? ''), range: rangeIn(text) })),
  )
}

export const cilium = defineTarget({
  id: 'cilium',
  title: 'Helm values of Cilium, and CiliumPodIPPool for a plan of --profile cilium-multi-pool',
  from: 'plan',
  isPlugin: false,
  generate(input) {
    const values = valuesFile(input)
    if (!isMultiPool(input)) return [values]
    return [
      values,
      objectFile(
        'ciliumpodippool.yaml',
        poolsOf(input).map((pool) => poolObject(pool, input)),
      ),
    ]
  },
  expected: (input) => (isMultiPool(input) ? [...openClaims(input), ...openClaims(input)] : openClaims(input)),
  readBack(files, input) {
    const names = new Map(poolsOf(input).map(({ name }) => [poolName(name, input), poolClaim(name)]))
    const ownerOf = (name: string): string => names.get(name) ?? name
    const inValues = files.filter(({ path }) => path === valuesPath).flatMap((file) => valuesClaims(file, input, ownerOf))
    const objects = objectsOf(
      files.filter(({ path }) => path !== valuesPath),
      'CiliumPodIPPool',
    )
    return [...inValues, ...objects.flatMap(({ metadata, spec }) => claimsIn(spec, ownerOf(metadata.name)))]
  },
})
