// Subnet objects of Kube-OVN: a pool in one VPC, with what it never hands out (kubeovn.io/v1).
import { type Address, type Cidr, formatCidr, formatRange, type Range, rangeOf, rangeOfAddress, rangesOverlap } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { idOf, listAt, textAt, timeAt, valueAt } from '../kubernetes/fields.ts'
import type { RangeReader } from '../kubernetes/range-reader.ts'
import type { RecordReader } from '../kubernetes/record-reader.ts'

/** The VPC of a cluster that has set up none of its own. */
export const DEFAULT_VPC = 'ovn-cluster'

export interface Subnet {
  readonly name: string
  readonly vpc: string
  readonly domain: string
  readonly isDefault: boolean
  /** Of a network attachment. */
  readonly secondary: boolean
  /** In a VLAN of the network outside. */
  readonly underlay: boolean
  readonly cidrs: readonly Cidr[]
  readonly excluded: readonly { readonly range: Range; readonly gateway: boolean }[]
  /** Counts and ranges as the controller states them. */
  readonly status: unknown
  readonly createdAt: number | undefined
  readonly unsettled: boolean
  readonly origin: string
}

/** `v4,v6` in one text. */
export const bothFamilies = (value: unknown): readonly string[] =>
  (typeof value === 'string' ? value.split(',').map((text) => text.trim()) : []).filter(Boolean)

/**
 * Where addresses of a subnet must be unique: its network attachment (provider `<name>.<namespace>[.ovn]`), else its VPC. Equal addresses in two VPCs
 * are what VPCs are for (kube-ovn #2026).
 */
function domainOf(vpc: string, provider: string | undefined): { domain: string; secondary: boolean } {
  const [name, namespace] = (provider ?? '').split('.')
  if (name !== undefined && namespace !== undefined && provider !== 'ovn') return { domain: `${namespace}/${name}`, secondary: true }
  return { domain: vpc === DEFAULT_VPC ? 'default' : `vpc ${vpc}`, secondary: false }
}

export function parseSubnet(document: ObjectDocument, reader: RecordReader<Subnet>, ranges: RangeReader): Subnet | undefined {
  const { object, origin } = document
  const spec = valueAt(object, 'spec')
  // Protocol Mac: layer 2 only, no addresses at all.
  const texts = textAt(spec, 'protocol') === 'Mac' ? [] : bothFamilies(valueAt(spec, 'cidrBlock'))
  if (texts.length === 0 && textAt(spec, 'protocol') !== 'Mac') return reader.unreadable(document, 'has no spec.cidrBlock')
  const cidrs = texts.flatMap((text) => reader.cidr(document, 'spec.cidrBlock', text) ?? [])
  if (cidrs.length < texts.length) return undefined
  const gateways: Address[] = bothFamilies(valueAt(spec, 'gateway')).flatMap((text) => reader.address(document, 'spec.gateway', text) ?? [])
  const listed = listAt(spec, 'excludeIps').flatMap((item, i) => ranges.range(document, `spec.excludeIps[${i}]`, item) ?? [])
  for (const range of [...listed, ...gateways.map(rangeOfAddress)]) {
    const same = cidrs.filter((cidr) => cidr.family === range.family)
    if (same.length > 0 && !same.some((cidr) => rangesOverlap(rangeOf(cidr), range)))
      ranges.wrong(document, `excludeIps or gateway ${formatRange(range)} lies outside of ${same.map(formatCidr).join(', ')}`, [formatRange(range)])
  }
  const vpc = textAt(spec, 'vpc') || DEFAULT_VPC
  const isGateway = (range: Range) =>
    gateways.some((gateway) => gateway.family === range.family && range.first === gateway.value && range.last === gateway.value)
  const rest = gateways.map(rangeOfAddress).filter((range) => !listed.some((other) => other.first === range.first && other.last === range.last))
  return {
    name: idOf(object),
    vpc,
    ...domainOf(vpc, textAt(spec, 'provider')),
    underlay: (textAt(spec, 'vlan') ?? '') !== '',
    isDefault: valueAt(spec, 'default') === true,
    cidrs,
    excluded: [...listed, ...rest].map((range) => ({ range, gateway: isGateway(range) })),
    status: valueAt(object, 'status'),
    createdAt: timeAt(object, 'metadata', 'creationTimestamp'),
    unsettled: document.unsettled === true,
    origin,
  }
}
