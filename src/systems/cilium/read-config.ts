// ConfigMap cilium-config: the IPAM mode, and the pools of the modes that keep them there.
import type { Mode } from '../../model/inventory.ts'
import type { Family } from '../../net/index.ts'
import { type Cidr, readCidr } from '../../net/index.ts'
import type { ObjectDocument } from '../../sources/source.ts'
import { textAt } from '../kubernetes/fields.ts'

export interface CiliumConfig {
  /** `ipam` as written; cluster-pool where it is not set. */
  readonly ipam: string
  readonly clusterPools: readonly { readonly family: Family; readonly cidrs: readonly Cidr[]; readonly prefix: number; readonly stated: boolean }[]
  readonly defaultPool: string
  readonly origin: string
}

/** Masks and range that Cilium takes where nothing is set (cilium.io, cluster-pool IPAM). */
const DEFAULTS = { 4: { prefix: 24, cidr: '10.0.0.0/8' }, 6: { prefix: 120, cidr: 'fd00::/104' } } as const

/** Modes with a name of their own; the others (crd, alibabacloud, delegated-plugin) say nothing about whose network it is. */
const MODES: Readonly<Record<string, Mode>> = {
  'cluster-pool': 'cilium-cluster-pool',
  kubernetes: 'cilium-kubernetes',
  'multi-pool': 'cilium-multi-pool',
  eni: 'aws-vpc',
  azure: 'azure-flat',
}

export const modeOf = (ipam: string): Mode | undefined => (Object.hasOwn(MODES, ipam) ? MODES[ipam] : undefined)

/** Versions differ in whether spaces or commas part the list. */
const cidrs = (text: string | undefined): Cidr[] =>
  (text ?? '')
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .flatMap((part) => readCidr(part)?.value ?? [])

export function readConfig({ object, origin }: ObjectDocument): CiliumConfig | undefined {
  if (textAt(object, 'metadata', 'name') !== 'cilium-config') return undefined
  const value = (key: string) => textAt(object, 'data', key)
  const ipam = value('ipam') || 'cluster-pool'
  const defaultPool = value('ipam-default-ip-pool') || 'default'
  // Helm writes 10.0.0.0/8 in every mode.
  if (ipam !== 'cluster-pool') return { ipam, clusterPools: [], defaultPool, origin }
  const clusterPools = ([4, 6] as const).flatMap((family) => {
    if (value(`enable-ipv${family}`) === 'false' || (family === 6 && value('enable-ipv6') !== 'true')) return []
    const stated = cidrs(value(`cluster-pool-ipv${family}-cidr`)).filter((cidr) => cidr.family === family)
    const prefix = Number(value(`cluster-pool-ipv${family}-mask-size`) ?? '') || DEFAULTS[family].prefix
    return [{ family, cidrs: stated.length > 0 ? stated : cidrs(DEFAULTS[family].cidr), prefix, stated: stated.length > 0 }]
  })
  return { ipam, clusterPools, defaultPool, origin }
}
