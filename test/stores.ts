// Records of address systems for rule tests: say only what matters, the rest has ordinary values.
import type { Allocation, Attachment, Block, NodeRecord, Pool, Shortage } from '../src/model/inventory.ts'
import { parseAddress, parseCidr, parseRange } from '../src/net/index.ts'

export function pool(system: string, name: string, ranges: readonly string[], rest: Partial<Pool> = {}): Pool {
  const parsed = ranges.map(parseRange)
  return {
    system,
    name,
    domain: 'default',
    family: parsed[0]?.family ?? 4,
    ranges: parsed,
    certainty: 'declared',
    origin: `${system}/${name}`,
    ...rest,
  }
}

export function block(system: string, name: string, cidr: string, node: string, rest: Partial<Block> = {}): Block {
  return { system, pool: name, domain: 'default', cidr: parseCidr(cidr), node, origin: `${system}/${node}`, ...rest }
}

export function allocation(system: string, name: string, address: string, owner: string, rest: Partial<Allocation> = {}): Allocation {
  return {
    system,
    pool: name,
    domain: 'default',
    address: parseAddress(address),
    owner: { kind: 'pod', id: owner },
    origin: `${system}/${name}`,
    ...rest,
  }
}

export function attachment(id: string, ipam: string, ranges: readonly string[], rest: Partial<Attachment> = {}): Attachment {
  const network = id.split('/')[1] ?? id
  return {
    id,
    network,
    domain: id,
    plugin: 'macvlan',
    ipam,
    ranges: ranges.map(parseRange),
    shared: true,
    segment: 'eth1',
    origin: `attachments/${id}`,
    ...rest,
  }
}

export function record(system: string, node: string, ranges: readonly string[], rest: Partial<NodeRecord> = {}): NodeRecord {
  return { system, node, what: 'CiliumNode', ranges: ranges.map(parseRange), origin: `${system}/${node}`, ...rest }
}

export function shortage(system: string, name: string, node: string, error = 'pool empty', rest: Partial<Shortage> = {}): Shortage {
  return { system, pool: name, node, error, origin: `${system}/${node}`, ...rest }
}

/** An interface of a pod, as network-status gives it. */
export const on = (network: string, ...ips: string[]) => ({ interfaces: [{ network, name: 'net1', addresses: ips.map(parseAddress) }] })
