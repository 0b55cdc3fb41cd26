// Addresses that no definition of a network hands out, and configured gateways.
import type { Reservation } from '../../model/inventory.ts'
import { holds, rangeOf, rangeSet, subtract } from '../../net/index.ts'
import type { AttachedConfig } from './join-records.ts'
import { domainOfNetwork } from './read-config.ts'

const SYSTEM = 'whereabouts'

/** What one definition excludes another may hand out: only what none of a network hands out is kept back. Gateways are handed out all the same. */
export function withheld(configs: readonly AttachedConfig[]): Reservation[] {
  return configs.flatMap((config) => {
    const domain = domainOfNetwork(config.networkName)
    const others = configs.filter((other) => other.networkName === config.networkName)
    const usable = rangeSet(others.flatMap(({ ranges }) => ranges.flatMap(({ handedOut: set }) => set.ranges)))
    const kept = subtract(rangeSet(config.ranges.flatMap(({ exclusions }) => exclusions)), usable).ranges
    const excluded = kept.map(
      (range): Reservation => ({ system: SYSTEM, domain, range, why: `excluded by NetworkAttachmentDefinition ${config.id}`, origin: config.origin }),
    )
    const { gateway } = config
    const inside =
      gateway !== undefined && config.ranges.some(({ cidr }) => holds(rangeSet([rangeOf(cidr)]), { family: gateway.family, value: gateway.first }))
    return gateway === undefined || !inside
      ? excluded
      : [
          ...excluded,
          {
            system: SYSTEM,
            domain,
            range: gateway,
            why: `gateway of NetworkAttachmentDefinition ${config.id}`,
            gateway: true,
            origin: config.origin,
          },
        ]
  })
}
