// What kube-controller-manager must be told, whoever starts it.
// https://kubernetes.io/docs/reference/command-line-tools-reference/kube-controller-manager/
import { UsageError } from '../../../../model/errors.ts'
import { formatRange } from '../../../../net/index.ts'
import type { Claim, Generation } from '../define-target.ts'
import { cidrTexts, familiesOf, onePrefix, planOf, poolClaim, poolClaims, poolsOf, serviceClaims, serviceOwner } from './planned.ts'
import { rangeIn } from './read-range.ts'

/** The controller knows one pool of each family, and no reservations but the Services. @throws UsageError */
export function refuseForController(input: Generation): void {
  const pools = poolsOf(input)
  if (pools.length > 1)
    throw new UsageError(
      `kube-controller-manager has one range of each family for all nodes, and the plan has the pools ${pools.map(({ name }) => name).join(', ')}`,
    )
  const services = new Set(serviceClaims(input).map(({ range }) => formatRange(range)))
  const reserved = familiesOf(input)
    .flatMap((family) => family.reserved)
    .find((range) => !services.has(formatRange(range)))
  if (reserved !== undefined)
    throw new UsageError(`kube-controller-manager cannot keep ${formatRange(reserved)} out of its range; plan a range without reservations`)
}

/** Sizes of node ranges, as flags without dashes. With one family there is one flag; the flags by family are an error there in older versions. */
export function maskFlags(input: Generation): readonly (readonly [string, string])[] {
  const families = familiesOf(input).map(({ cidr }) => cidr.family)
  return families.map((family) => {
    const prefix = String(onePrefix(input, family, 'kube-controller-manager'))
    return [families.length === 1 ? 'node-cidr-mask-size' : `node-cidr-mask-size-ipv${family}`, prefix]
  })
}

export const podText = (input: Generation): string => cidrTexts(familiesOf(input)).join(',')

export const controllerClaims = (input: Generation): readonly Claim[] => [...poolClaims(input), ...serviceClaims(input)]

/** The claims of `pods` and `services`, comma lists as read back. */
export function claimsOfTexts(input: Generation, pods: string, services: string | undefined): readonly Claim[] {
  const owner = poolClaim(planOf(input).pools[0]?.name ?? '')
  const split = (text: string | undefined): readonly string[] => (text === undefined || text === '' ? [] : text.split(','))
  return [
    ...split(pods).map((text) => ({ owner, range: rangeIn(text) })),
    ...split(services).map((text) => ({ owner: serviceOwner, range: rangeIn(text) })),
  ]
}
