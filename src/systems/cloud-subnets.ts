// Subnets of a cloud and who holds their addresses, from lists in a bundle's cloud/ folder: what no cluster knows about the space that its pods draw from.
// Not visible: addresses that other accounts hold in a shared subnet, unless the list has them.
import type { CloudSubnet, Coverage, Problem } from '../model/inventory.ts'
import { cidrSize, type Range, rangeOf } from '../net/index.ts'
import { type ListedInterface, type ListedSubnet, readCloudList } from './cloud/subnet-lists.ts'
import { defineSystem } from './define-system.ts'

/** AWS keeps the first four addresses and the last of each subnet (https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html). */
function keptByCloud({ provider, cidr }: ListedSubnet): Range[] {
  if (provider !== 'aws' || cidr.family !== 4 || cidrSize(cidr) < 16n) return []
  const { family, first, last } = rangeOf(cidr)
  return [
    { family, first, last: first + 3n },
    { family, first: last, last },
  ]
}

export const cloudSubnets = defineSystem({
  id: 'cloud-subnets',
  title: 'Subnets of the cloud',
  kinds: [],
  files: true,
  parser() {
    const subnets = new Map<string, ListedSubnet & { origin: string }>()
    const interfaces = new Map<string, ListedInterface>()
    const problems: Problem[] = []
    const coverage: Coverage[] = []
    let listed = false
    return {
      file({ area, path, text, origin }) {
        if (area !== 'cloud' || !path.toLowerCase().endsWith('.json')) return
        const list = readCloudList(text)
        for (const subnet of list.subnets) subnets.set(subnet.id, { ...subnet, origin })
        for (const one of list.interfaces ?? []) interfaces.set(one.id, one)
        listed ||= list.interfaces !== undefined
        for (const message of list.problems)
          problems.push({ kind: 'unreadable', source: origin, subject: path, message: `${origin}: ${message}`, origin })
        const error = list.problems[0] ?? null
        coverage.push({
          source: origin,
          status: error === null ? 'complete' : 'partial',
          read: list.subnets.length + (list.interfaces?.length ?? 0),
          error,
        })
      },
      finish() {
        const bySubnet = new Map<string, ListedInterface[]>()
        for (const one of interfaces.values()) bySubnet.set(one.subnet, [...(bySubnet.get(one.subnet) ?? []), one])
        return {
          subnets: [...subnets.values()].map((subnet): CloudSubnet => {
            const own = bySubnet.get(subnet.id) ?? []
            const known =
              subnet.used ?? (listed ? own.flatMap(({ ranges }) => ranges).filter(({ family }) => family === subnet.cidr.family) : undefined)
            return {
              provider: subnet.provider,
              id: subnet.id,
              cidr: subnet.cidr,
              ...(subnet.free === undefined ? {} : { free: subnet.free }),
              ...(known === undefined ? {} : { used: [...known, ...keptByCloud(subnet)] }),
              unattached: own.filter(({ attached }) => !attached).map(({ id, ranges }) => ({ id, ranges })),
              origin: subnet.origin,
            }
          }),
          problems,
          coverage,
        }
      },
    }
  },
})
