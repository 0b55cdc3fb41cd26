// PLN-007: two networks of the plan share addresses.
import type { Violation } from '../../model/finding.ts'
import { formatCidr, formatRange, overlappingPairs, rangeOf, rangesOverlap } from '../../net/index.ts'
import type { AddressPlan } from '../address-plan.ts'
import { type NamedRange, rangesOf } from '../networks.ts'
import { hostBridges } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

/** Pairs of roles that may share a subnet as long as the addresses differ, or that another check looks at. */
const apart = ['load-balancers-nodes', 'nodes-nodes', 'nodes-secondary', 'pods-services', 'secondary-secondary', 'services-services']

/** A part is compared with parts alone: the cluster CIDR that it belongs to is compared with everything else. */
const isWithin = (roles: string): boolean => roles.includes('part') && roles !== 'part-part'

/** Pods of a flat cloud network have addresses of the nodes' subnet, by design. */
const isMeant = ({ request }: AddressPlan, roles: string): boolean => roles === 'nodes-pods' && request.profile.podsInNodeNetwork

function* betweenOwn(plan: AddressPlan, networks: readonly NamedRange[]): Generator<Violation> {
  for (const [one, other] of overlappingPairs(networks, ({ range }) => range)) {
    const roles = [one.role, other.role].sort().join('-')
    if (apart.includes(roles) || isMeant(plan, roles) || isWithin(roles)) continue
    yield {
      message: `${one.label} ${formatRange(one.range)} and ${other.label} ${formatRange(other.range)} overlap: packets for one end up in the other`,
      addresses: [formatRange(one.range), formatRange(other.range)],
      cause: roles,
    }
  }
}

function* withHostBridges(networks: readonly NamedRange[]): Generator<Violation> {
  for (const { range, label, role } of networks) {
    for (const bridge of role === 'part' ? [] : hostBridges) {
      if (!rangesOverlap(range, rangeOf(bridge.cidr))) continue
      yield {
        severity: 'low',
        confidence: 'likely',
        message: `${label} ${formatRange(range)} overlaps ${formatCidr(bridge.cidr)}, ${bridge.who}, where that is installed on a node`,
        addresses: [formatRange(range), formatCidr(bridge.cidr)],
        cause: 'host-bridge',
        steps: ['give the container engine another default range, or choose another one here'],
      }
    }
  }
}

function* withInternal({ request }: AddressPlan, networks: readonly NamedRange[]): Generator<Violation> {
  for (const { range, label, role } of networks) {
    for (const internal of role === 'part' ? [] : request.profile.internal) {
      if (!rangesOverlap(range, rangeOf(internal.cidr))) continue
      yield {
        message: `${label} ${formatRange(range)} overlaps ${formatCidr(internal.cidr)}, ${internal.what}`,
        addresses: [formatRange(range), formatCidr(internal.cidr)],
        cause: 'internal',
        steps: ['choose another range, or give the system another internal network when it is installed'],
      }
    }
  }
}

/** A block that was given before its range was reserved. */
function* givenAndReserved({ request }: AddressPlan): Generator<Violation> {
  const named = request.nodePools.flatMap(({ nodes }) => ('named' in nodes ? nodes.named : []))
  for (const { name, subnets } of named) {
    for (const subnet of subnets) {
      const reservation = request.reservations.find(({ range }) => rangesOverlap(range, rangeOf(subnet)))
      if (reservation === undefined) continue
      yield {
        message: `${name} has ${formatCidr(subnet)}, which the reservation ${formatRange(reservation.range)} forbids; it was left where it is`,
        addresses: [formatCidr(subnet)],
        nodes: [name],
        cause: 'given-and-reserved',
        steps: [`remove ${name} from the kept plan to give it another range, then drain and re-register the node`],
      }
    }
  }
}

export const disjointnessMatrix = defineCheck({
  id: 'PLN-007',
  name: 'disjointness-matrix',
  title: 'No two networks share addresses',
  severity: 'high',
  revision: 1,
  why: 'Where two networks share addresses, packets for one of them silently end up in the other, for just the addresses that happen to be in use.',
  predicate:
    'Any two of pod pools, Service ranges, node networks, load-balancer ranges and networks of further interfaces, or one of them and a network that the system uses for itself, overlap; or a node already has a block inside a reservation: high. The default bridges of docker, podman and CRI-O: low.',
  guards: [
    'pods with Services (PLN-008)',
    'pods with nodes where pods have addresses of the node network by design',
    'load balancers and further interfaces in the subnet of the nodes: their addresses differ',
    'further networks among themselves: they are segments of their own',
  ],
  fix: ['choose ranges that do not overlap'],
  links: [
    'https://github.com/kubernetes/kubeadm/issues/3312',
    'https://github.com/aws/eks-anywhere/issues/2086',
    'https://github.com/kubernetes/kops/issues/710',
  ],
  *check(plan) {
    const networks = rangesOf(plan)
    yield* betweenOwn(plan, networks)
    yield* withInternal(plan, networks)
    yield* withHostBridges(networks)
    yield* givenAndReserved(plan)
  },
})
