// The machine contract of a plan.
import * as v from 'valibot'
import { apiVersion, cidrs, count, described, family, finding, share, size, summaryKeys, text, texts, time, tool } from './parts.ts'

export const addressPlan = v.object({
  apiVersion,
  kind: v.literal('AddressPlan'),
  metadata: v.object({ tool, generatedAt: time }),
  spec: described(v.record(text, v.unknown()), 'The request in normal form, as in plan-request.json.'),
  summary: v.object(summaryKeys),
  pools: described(
    v.array(
      v.object({
        ...{ name: text, cidr: text, family, nodePrefix: count },
        ...{ slots: size, reserved: size, used: size, available: size, utilization: share },
      }),
    ),
    'Counts are in blocks: slots = reserved + used + available.',
  ),
  nodes: v.array(
    v.object({
      name: text,
      pool: text,
      subnets: described(texts, 'One of each family.'),
      usable: described(size, 'Addresses for pods.'),
      maxPods: v.nullable(count),
    }),
  ),
  services: v.array(
    v.object({
      cidr: text,
      family,
      capacity: size,
      staticBand: described(v.nullable(text), 'Addresses that are kept for ClusterIPs chosen by hand.'),
    }),
  ),
  otherRanges: described(
    v.array(v.object({ name: text, ranges: texts, capacity: size, needed: v.nullable(size) })),
    'Load-balancer addresses and secondary networks.',
  ),
  free: described(texts, 'The fewest CIDRs that make up the blocks that are left.'),
  forecast: described(
    v.array(
      v.object({
        limit: v.picklist(['blocks', 'node-network', 'routes', 'vendor', 'services']),
        subject: text,
        unit: v.picklist(['nodes', 'services']),
        ...{ now: size, most: size },
        podsLeft: v.nullable(size),
        full: described(v.nullable(text), 'Month in which it is reached at the stated growth; null when it is not in sight.'),
      }),
    ),
    'How long the plan lasts, by each limit.',
  ),
  findings: v.array(finding),
  proposals: v.optional(
    described(
      v.array(v.object({ cidr: text, chosen: v.boolean(), within: text, around: text, doublings: count, why: text })),
      'Free ranges that --within found, the best first.',
    ),
  ),
  changes: v.optional(
    described(
      v.object({
        ...{ kept: count, new: count, renumber: count, retired: cidrs, gained: cidrs },
        nodes: described(
          v.array(v.object({ node: text, change: v.picklist(['kept', 'new', 'renumber']), from: texts, to: texts, why: text })),
          'Nodes of which there is something to say.',
        ),
        whatIf: v.nullable(texts),
      }),
      'What the plan changes, where it was made around an earlier one or a cluster.',
    ),
  ),
})
