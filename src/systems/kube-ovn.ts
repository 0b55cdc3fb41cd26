// Kube-OVN: Subnets of VPCs, and the objects that hold their addresses (kubeovn.io/v1).
// Not visible from outside: the controller's allocator in memory; logical ports in the OVN databases.
import type { Allocation, NodeRecord } from '../model/inventory.ts'
import { cidrHolds, formatAddress, rangeOf, rangeOfAddress, rangesOverlap } from '../net/index.ts'
import { defineSystem } from './define-system.ts'
import { subnetCounters } from './kube-ovn/counts.ts'
import { type Holder, parseIp, parseVirtual } from './kube-ovn/holders.ts'
import { addressesHeldTwice, gatewaysOf, joinSubnets, outsideSubnets, poolsOf, SYSTEM } from './kube-ovn/pools.ts'
import { parseSubnet, type Subnet } from './kube-ovn/subnet.ts'
import { defined, idOf, listAt, textAt } from './kubernetes/fields.ts'
import { rangeReader } from './kubernetes/range-reader.ts'
import { recordReader } from './kubernetes/record-reader.ts'

/** The subnet of a holder is the one that is named first and has the address; a name alone is taken where no subnet was read. */
function subnetOf(holder: Holder, address: Holder['addresses'][number], subnets: ReadonlyMap<string, Subnet>): string {
  const holding = holder.subnets.find((name) => subnets.get(name)?.cidrs.some((cidr) => cidrHolds(cidr, address)))
  return holding ?? holder.subnets[0] ?? '?'
}

function allocationsOf(holder: Holder, subnets: ReadonlyMap<string, Subnet>): Allocation[] {
  return holder.addresses.map((address) => {
    const pool = subnetOf(holder, address, subnets)
    const { owner, purpose, node, sandbox, recordedAt, unsettled, origin } = holder
    const domain = subnets.get(pool)?.domain ?? (owner.kind === 'pod' ? 'default' : `subnet ${pool}`)
    const attachment = sandbox === undefined ? undefined : { sandbox }
    return defined({
      system: SYSTEM,
      pool,
      domain,
      address,
      owner,
      purpose,
      node,
      attachment,
      handle: holder.name,
      recordedAt,
      unsettled,
      origin,
    }) as Allocation
  })
}

function nodeRecords(holders: readonly Holder[]): NodeRecord[] {
  return holders.flatMap(({ owner, name, addresses, recordedAt, origin }): NodeRecord[] =>
    owner.kind !== 'node'
      ? []
      : [
          defined({
            system: SYSTEM,
            node: owner.id,
            what: `IP ${name} in the join network`,
            ranges: addresses.map(rangeOfAddress),
            recordedAt,
            origin,
          }) as NodeRecord,
        ],
  )
}

export const kubeOvn = defineSystem({
  id: SYSTEM,
  title: 'Kube-OVN subnets',
  kinds: [
    'kubeovn.io/Subnet',
    'kubeovn.io/IP',
    'kubeovn.io/Vip',
    'kubeovn.io/IPPool',
    'kubeovn.io/Vpc',
    'kubeovn.io/OvnEip',
    'kubeovn.io/IptablesEIP',
  ],
  files: false,
  parser() {
    const subnets = recordReader<Subnet>('subnets')
    const ips = recordReader<Holder>('ips')
    const parts = recordReader<{
      name: string
      subnet: string
      ranges: readonly ReturnType<typeof rangeOf>[]
      wrong: (message: string, text: string) => void
    }>('ippools.kubeovn.io')
    const vpcs = recordReader<string>('vpcs')
    const virtual = {
      Vip: recordReader<Holder>('vips'),
      OvnEip: recordReader<Holder>('ovn-eips'),
      IptablesEIP: recordReader<Holder>('iptables-eips'),
    }
    const ranges = { subnets: rangeReader('subnets', subnets), parts: rangeReader('ippools.kubeovn.io', parts) }
    return {
      object(document) {
        const { kind } = document
        if (kind === 'Subnet') subnets.take(document, (d) => parseSubnet(d, subnets, ranges.subnets))
        else if (kind === 'IP') ips.take(document, (d) => parseIp(d, ips))
        else if (kind === 'Vpc') vpcs.take(document, (d) => idOf(d.object))
        else if (kind === 'IPPool')
          parts.take(document, (d) => ({
            name: idOf(d.object),
            subnet: textAt(d.object, 'spec', 'subnet') ?? '?',
            ranges: listAt(d.object, 'spec', 'ips').flatMap((item, i) => ranges.parts.range(d, `spec.ips[${i}]`, item) ?? []),
            wrong: (message, text) => ranges.parts.wrong(d, message, [text]),
          }))
        else if (kind === 'Vip' || kind === 'OvnEip' || kind === 'IptablesEIP') virtual[kind].take(document, (d) => parseVirtual(d, virtual[kind]))
      },
      finish() {
        const known = new Map(subnets.records().map((subnet) => [subnet.name, subnet]))
        const others = Object.values(virtual).flatMap((reader) => reader.records())
        const holders = [...ips.records(), ...others]
        const allocations = holders.flatMap((holder) => allocationsOf(holder, known))
        const join = joinSubnets(ips.records())
        const external = new Set([...virtual.OvnEip.records(), ...virtual.IptablesEIP.records()].flatMap(({ subnets: named }) => named))
        const pools = [...known.values()].flatMap((subnet) => poolsOf(subnet, join, external))
        const ofSubnet = new Map<string, Allocation[]>()
        for (const allocation of allocations) ofSubnet.set(allocation.pool, [...(ofSubnet.get(allocation.pool) ?? []), allocation])
        // A part of a subnet must lie in it; it is no pool beside it.
        for (const { subnet, ranges: own, wrong } of parts.records()) {
          const whole = known.get(subnet)
          for (const range of own)
            if (whole !== undefined && !whole.cidrs.some((cidr) => rangesOverlap(rangeOf(cidr), range)))
              wrong(`spec.ips has a range that Subnet ${subnet} does not hold`, formatAddress({ family: range.family, value: range.first }))
        }
        const pods = allocations.filter(({ owner }) => owner.kind === 'pod')
        const readers = [subnets, ips, parts, vpcs, ...Object.values(virtual)]
        return {
          pools,
          allocations,
          reservations: [...known.values()].flatMap(gatewaysOf),
          nodeRecords: nodeRecords(ips.records()),
          inconsistencies: [
            ...addressesHeldTwice(allocations),
            ...outsideSubnets([...known.values()], allocations),
            ...(ips.records().length === 0
              ? []
              : [...known.values()].flatMap((subnet) => subnetCounters(subnet, ofSubnet.get(subnet.name) ?? [], { virtual: others.length > 0 }))),
          ],
          signals:
            pods.length === 0 || ![...known.values()].some(({ isDefault }) => isDefault)
              ? []
              : [
                  {
                    mode: 'kube-ovn',
                    weight: 2,
                    fact: `${pods.length} addresses of pods are recorded as IP objects of Kube-OVN`,
                    origin: pods[0]?.origin ?? 'ips',
                  },
                ],
          problems: [...readers.flatMap((reader) => reader.problems), ...ranges.subnets.problems, ...ranges.parts.problems],
          coverage: readers.flatMap((reader) => reader.coverage(false)),
        }
      },
    }
  },
})
