// Address lists of cloud subnets: `aws ec2 describe-subnets`, `aws ec2 describe-network-interfaces`, and a simple shape of our own.
import { type Cidr, parseRange, type Range, rangeOf, rangeOfAddress, readAddress, readCidr } from '../../net/index.ts'
import { listAt, textAt, valueAt } from '../kubernetes/fields.ts'
import { json } from '../node/evidence-files.ts'

export interface ListedSubnet {
  readonly provider: 'aws' | 'other'
  readonly id: string
  readonly cidr: Cidr
  readonly free: bigint | undefined
  readonly used: readonly Range[] | undefined
}

export interface ListedInterface {
  readonly id: string
  readonly subnet: string
  readonly attached: boolean
  readonly ranges: readonly Range[]
}

export interface CloudList {
  readonly subnets: readonly ListedSubnet[]
  /** undefined where the file lists none, which is not the same as none. */
  readonly interfaces: readonly ListedInterface[] | undefined
  readonly problems: readonly string[]
}

const shown = (value: unknown): string => JSON.stringify(value) ?? 'missing'

export function readCloudList(text: string): CloudList {
  const problems: string[] = []
  const value = json(text)
  const subnets: ListedSubnet[] = []
  let interfaces: ListedInterface[] | undefined
  const known = ['Subnets', 'NetworkInterfaces', 'subnets'].filter((key) => Array.isArray(valueAt(value, key)))
  if (value === undefined) problems.push('it is not JSON')
  else if (known.length === 0)
    problems.push('it holds none of "Subnets" (aws ec2 describe-subnets), "NetworkInterfaces" (describe-network-interfaces) and "subnets"')
  for (const entry of listAt(value, 'Subnets')) subnets.push(...awsSubnet(entry, problems))
  for (const entry of listAt(value, 'subnets')) subnets.push(...ownSubnet(entry, problems))
  if (known.includes('NetworkInterfaces')) interfaces = listAt(value, 'NetworkInterfaces').flatMap((entry) => awsInterface(entry, problems))
  if (typeof valueAt(value, 'NextToken') === 'string')
    problems.push('it is only one page of the list ("NextToken" is set); save it without --max-items')
  return { subnets, interfaces, problems }
}

function subnetCidr(entry: unknown, key: string, id: string, problems: string[]): Cidr | undefined {
  const cidr = readCidr(textAt(entry, key) ?? '')?.value
  if (cidr === undefined) problems.push(`subnet ${shown(id)}: ${key} is ${shown(valueAt(entry, key))}, not a CIDR`)
  return cidr
}

function awsSubnet(entry: unknown, problems: string[]): ListedSubnet[] {
  const id = textAt(entry, 'SubnetId') ?? '?'
  const cidr = subnetCidr(entry, 'CidrBlock', id, problems)
  if (cidr === undefined) return []
  const count = valueAt(entry, 'AvailableIpAddressCount')
  return [{ provider: 'aws', id, cidr, free: Number.isSafeInteger(count) ? BigInt(count as number) : undefined, used: undefined }]
}

/** Every address and prefix counts: a prefix is taken whole, however few of its addresses pods have. */
function awsInterface(entry: unknown, problems: string[]): ListedInterface[] {
  const id = textAt(entry, 'NetworkInterfaceId') ?? '?'
  const subnet = textAt(entry, 'SubnetId')
  if (subnet === undefined) {
    problems.push(`interface ${shown(id)} has no SubnetId`)
    return []
  }
  const addresses = [
    valueAt(entry, 'PrivateIpAddress'),
    ...listAt(entry, 'PrivateIpAddresses').map((item) => valueAt(item, 'PrivateIpAddress')),
    ...listAt(entry, 'Ipv6Addresses').map((item) => valueAt(item, 'Ipv6Address')),
  ].filter((text) => text !== undefined)
  const prefixes = [
    ...listAt(entry, 'Ipv4Prefixes').map((item) => valueAt(item, 'Ipv4Prefix')),
    ...listAt(entry, 'Ipv6Prefixes').map((item) => valueAt(item, 'Ipv6Prefix')),
  ]
  const ranges = [...addresses, ...prefixes].flatMap((text): Range[] => {
    const address = readAddress(String(text))?.value
    const cidr = address === undefined ? readCidr(String(text))?.value : undefined
    if (address === undefined && cidr === undefined) problems.push(`interface ${shown(id)}: ${shown(text)} is no address`)
    return address !== undefined ? [rangeOfAddress(address)] : cidr !== undefined ? [rangeOf(cidr)] : []
  })
  return [{ id, subnet, attached: textAt(entry, 'Status') !== 'available', ranges }]
}

function ownSubnet(entry: unknown, problems: string[]): ListedSubnet[] {
  const id = textAt(entry, 'id') ?? textAt(entry, 'name') ?? '?'
  const cidr = subnetCidr(entry, 'cidr', id, problems)
  if (cidr === undefined) return []
  const count = valueAt(entry, 'free')
  if (count !== undefined && !(Number.isSafeInteger(count) && (count as number) >= 0))
    problems.push(`subnet ${shown(id)}: free is ${shown(count)}, not a count`)
  const list = valueAt(entry, 'used')
  const used = Array.isArray(list) ? list.flatMap((text) => usedRange(text, id, problems)) : undefined
  return [{ provider: 'other', id, cidr, free: Number.isSafeInteger(count) ? BigInt(count as number) : undefined, used }]
}

function usedRange(text: unknown, id: string, problems: string[]): Range[] {
  try {
    return [parseRange(String(text))]
  } catch (cause) {
    problems.push(`subnet ${shown(id)}: used has ${shown(text)}, which ${cause instanceof Error ? cause.message : 'is no address'}`)
    return []
  }
}
