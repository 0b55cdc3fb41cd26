// Object names of whereabouts, which carry facts that stand nowhere else: ranges and addresses with "-" for ":" and "/", perhaps after a
// network_name or a node name (pkg/storage/kubernetes, IPPoolName and NormalizeIP).
import { type Address, tryAddress } from '../../net/index.ts'

/** As whereabouts writes a range into a name. */
export const normalised = (text: string): string => text.replaceAll(/[:/]/g, '-')

/** What stands before the range in the name of a pool; empty where nothing does, undefined for a name that does not end in its range. */
export function prefixOfPool(name: string, range: string): string | undefined {
  const tail = normalised(range)
  if (name === tail) return ''
  return name.endsWith(`-${tail}`) ? name.slice(0, -tail.length - 1) : undefined
}

const addressIn = (text: string): Address | undefined => tryAddress(text) ?? tryAddress(text.replaceAll('-', ':'))

/** `10.20.0.5`, `fd00-20--100`, `red-10.22.0.1`. A network_name may look like a part of an IPv6 address, so known names are tried first. */
export function readReservationName(name: string, networks: readonly string[]): { readonly network: string; readonly address: Address } | undefined {
  for (const network of [...networks].sort((a, b) => b.length - a.length)) {
    const address = network !== '' && name.startsWith(`${network}-`) ? addressIn(name.slice(network.length + 1)) : undefined
    if (address !== undefined) return { network, address }
  }
  const address = addressIn(name)
  if (address !== undefined) return { network: '', address }
  const dotted = /^(.+)-(\d+\.\d+\.\d+\.\d+)$/.exec(name)
  const plain = dotted === null ? undefined : tryAddress(dotted[2] ?? '')
  return plain === undefined ? undefined : { network: dotted?.[1] ?? '', address: plain }
}
