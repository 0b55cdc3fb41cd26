// PLN-007: two networks of the plan share addresses.
import type { Violation } from '../../model/finding.ts'
import { cidrsOverlap, formatCidr, formatRange, overlappingPairs, rangeOf, rangesOverlap } from '../../net/index.ts'
import type { AddressPlan } from '../address-plan.ts'
import { type NamedNetwork, networksOf } from '../networks.ts'
import { hostBridges } from '../special-use.ts'
import { defineCheck } from './define-check.ts'

/** Pods of a flat cloud network have addresses of the nodes' subnet, by design. */
const isMeant = ({ request }: AddressPlan, roles: string): boolean => roles === 'nodes-pods' && request.profile.podsInNodeNetwork

function* betweenOwn(plan: AddressPlan, networks: readonly NamedNetwork[]): Generator<Violation> {
  for (const [one, other] of overlappingPairs(networks, ({ cidr }) => rangeOf(cidr))) {
    const roles = [one.role, other.role].sort().join('-')
    if (roles === 'pods-services' || isMeant(plan, roles) || (one.role === other.role && one.role !== 'pods')) continue
    yield {
      message: `${one.label} ${formatCidr(one.cidr)} and ${other.label} ${formatCidr(other.cidr)} overlap: packets for one end up in the other`,
      addresses: [formatCidr(one.cidr), formatCidr(other.cidr)],
      cause: roles,
    }
  }
}

function* withHostBridges(networks: readonly NamedNetwork[]): Generator<Violation> {
  for (const { cidr, label } of networks) {
    for (const bridge of hostBridges) {
      if (!cidrsOverlap(cidr, bridge.cidr)) continue
      yield {
        severity: 'low',
        confidence: 'likely',
        message: `${label} ${formatCidr(cidr)} overlaps ${formatCidr(bridge.cidr)}, ${bridge.who}, where that is installed on a node`,
        addresses: [formatCidr(cidr), formatCidr(bridge.cidr)],
        cause: 'host-bridge',
        steps: ['give the container engine another default range, or choose another one here'],
      }
    }
  }
}

function* withInternal({ request }: AddressPlan, networks: readonly NamedNetwork[]): Generator<Violation> {
  for (const { cidr, label } of networks) {
    for (const internal of request.profile.internal) {
      if (!cidrsOverlap(cidr, internal.cidr)) continue
      yield {
        message: `${label} ${formatCidr(cidr)} overlaps ${formatCidr(internal.cidr)}, ${internal.what}`,
        addresses: [formatCidr(cidr), formatCidr(internal.cidr)],
        cause: 'internal',
        steps: ['choose another range, or give the system another internal network when it is installed'],
      }
    }
  }
}

/** A block that was given before its range was reserved. */
function* givenAndReserved({ request }: AddressPlan): Generator<Violation> {
  for (const { nodes } of request.nodePools) {
    if ('count' in nodes) continue
    for (const { name, subnets } of nodes.named) {
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
}

export const disjointnessMatrix = defineCheck({
  id: 'PLN-007',
  name: 'disjointness-matrix',
  title: 'No two networks share addresses',
  severity: 'high',
  revision: 1,
  why: 'Where two networks share addresses, packets for one of them silently end up in the other, for just the addresses that happen to be in use.',
  predicate:
    'Any two of pod pools, Service ranges and node networks overlap, or one of them and a network that the system uses for itself, overlap; or a node already has a block inside a reservation: high. The default bridges of docker, podman and CRI-O: low.',
  guards: [
    'pods with Services (PLN-008)',
    'pods with nodes where pods have addresses of the node network by design',
    'node networks among themselves',
  ],
  fix: ['choose ranges that do not overlap'],
  links: [
    'https://github.com/kubernetes/kubeadm/issues/3312',
    'https://github.com/aws/eks-anywhere/issues/2086',
    'https://github.com/kubernetes/kops/issues/710',
  ],
  *check(plan) {
    const networks = networksOf(plan)
    yield* betweenOwn(plan, networks)
    yield* withInternal(plan, networks)
    yield* withHostBridges(networks)
    yield* givenAndReserved(plan)
  },
})
