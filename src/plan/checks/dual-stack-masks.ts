// PLN-005: pool prefix and node prefix that the control plane refuses together.
import type { Violation } from '../../model/finding.ts'
import { formatCidr } from '../../net/index.ts'
import type { FamilyPool, PoolPlan } from '../address-plan.ts'
import type { Profile } from '../profiles/define-profile.ts'
import { inBlocks } from '../wording.ts'
import { defineCheck } from './define-check.ts'

function* tooFarApart(profile: Profile, pool: FamilyPool): Generator<Violation> {
  const { cidr, nodePrefix } = pool
  const gap = nodePrefix - cidr.prefix
  const [limit] = profile.gap[cidr.family].filter(({ bits }) => gap > bits)
  if (limit === undefined) return
  yield {
    severity: limit.severity,
    message: `${inBlocks(pool)}: the prefixes are ${gap} bits apart; ${limit.says}`,
    addresses: [formatCidr(cidr)],
    cause: 'too-far-apart',
    steps: [`use a node prefix of ${cidr.prefix + limit.bits} or shorter, or a range of /${nodePrefix - limit.bits} or longer`],
  }
}

/** Block sizes that the system does not take at all. */
function* notTaken(profile: Profile, pool: FamilyPool): Generator<Violation> {
  const { cidr, nodePrefix } = pool
  if (nodePrefix === cidr.prefix && !profile.oneBlock) {
    const steps = ['use a longer node prefix, or a larger pool']
    yield {
      message: `${inBlocks(pool)} is one block, and ${profile.id} wants two at least`,
      addresses: [formatCidr(cidr)],
      cause: 'one-block',
      steps,
    }
  }
  const { shortest, longest } = profile.prefixes[cidr.family]
  if (nodePrefix >= shortest) return // longer ones: PLN-018
  const range = shortest === longest ? `always /${shortest}` : `/${shortest} to /${longest}`
  yield {
    message: `${inBlocks(pool)}: blocks of ${profile.id} are ${range}`,
    addresses: [formatCidr(cidr)],
    cause: 'not-taken',
    steps: [`use a node prefix of ${shortest}`],
  }
}

/** One controller gives blocks of one size; node pools that ask for different ones cannot all have theirs. */
function* severalMasks(profile: Profile, { name, nodePools, families }: PoolPlan): Generator<Violation> {
  if (profile.masks !== 'one') return
  for (const { cidr, nodePrefix } of families) {
    const asked = [...new Set(nodePools.flatMap(({ nodePrefixes }) => nodePrefixes.get(cidr.family) ?? []))].sort((a, b) => a - b)
    if (asked.length < 2) continue
    yield {
      message: `node pools ask for /${asked.join(' and /')}, and ${profile.id} gives all nodes blocks of one size; planned with /${nodePrefix}`,
      addresses: [formatCidr(cidr)],
      subject: [name],
      cause: 'several-masks',
      steps: ['give all node pools one node prefix, or choose a profile whose pools have their own'],
    }
  }
}

export const dualStackMasks = defineCheck({
  id: 'PLN-005',
  name: 'dual-stack-masks',
  title: 'The control plane takes the prefixes',
  severity: 'high',
  revision: 1,
  why: 'The limits show only as a crash loop of kube-controller-manager, or as a refusal of kubeadm.',
  predicate:
    'The node prefix is more than 16 bits longer than the prefix of the pool: high for IPv6, low for IPv4 where only kubeadm minds; it is shorter than what the system takes, or leaves one block where that is not enough: high; or node pools under one controller ask for different node prefixes: high.',
  guards: ['a node prefix equal to the pool: one block, which node-ipam allows', 'profiles without a controller'],
  fix: ['bring the two prefixes closer together'],
  links: [
    'https://github.com/kubernetes/kubernetes/issues/52348',
    'https://github.com/siderolabs/talos-cloud-controller-manager/issues/277',
    'https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/nodeipam/ipam/cidrset/cidr_set.go',
  ],
  *check({ request, pools }) {
    for (const pool of pools) {
      for (const family of pool.families) {
        yield* tooFarApart(request.profile, family)
        yield* notTaken(request.profile, family)
      }
      yield* severalMasks(request.profile, pool)
    }
  },
})
