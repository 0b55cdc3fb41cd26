// What is left of a CNI configuration when names are hidden: the keys that say which addresses are given out, and where. Plugins of others put what
// they like under keys of their own (node names, hosts, paths of kubeconfigs), so every other key goes.
import { isJsonObject } from '../../unwrap-lists.ts'
import type { NameHider } from '../redact-object.ts'

/** In lower case: Go takes keys in any. */
const keys = (text: string): ReadonlySet<string> => new Set(text.split(' '))
/** Names of programs, interfaces, bridges and modes; a person needs them and they name nobody. */
const PLAIN = keys('cniversion cniversions type bridge master mode')
const NETWORKS = keys('name clusternetwork network_name')
const KEPT = keys(
  'plugins ipam delegates delegate ranges subnet rangestart rangeend gateway gw dst routes range range_start range_end exclude vlan vlantrunk minid maxid id isgateway isdefaultgateway ipmasq mtu hairpinmode promiscmode datadir disablecheck disablegc ipranges enable_overlapping_ranges',
)
/** Right or wrong, it is meant for an address, a range or a number. */
const NUMERIC = /^(?:[0-9a-f.:/%-]*|usePodCidr(?:IPv6)?)$/i

export interface ConfigurationHider extends Pick<NameHider, 'name' | 'network'> {
  /** Replaces the node's own name where it stands as a word. */
  readonly own: (text: string) => string
}

function walk(hide: ConfigurationHider, value: unknown, under: string): unknown {
  if (Array.isArray(value)) return value.map((item) => walk(hide, item, under))
  if (isJsonObject(value))
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, item]): [string, unknown][] => {
        const lower = key.toLowerCase()
        return PLAIN.has(lower) || NETWORKS.has(lower) || KEPT.has(lower) ? [[key, walk(hide, item, lower)]] : []
      }),
    )
  if (typeof value !== 'string') return value
  if (PLAIN.has(under) || under === 'datadir') return hide.own(value)
  if (NETWORKS.has(under)) return hide.network(value)
  return NUMERIC.test(value) ? value : hide.name(value) // text in a wrong place stays text
}

/** Text that is no JSON stays so, and nothing of it is kept. */
export function redactConfiguration(hide: ConfigurationHider, text: string): string {
  const mark = text.startsWith('\ufeff') ? '\ufeff' : ''
  if (text.trim() === '') return text
  try {
    return `${mark}${JSON.stringify(walk(hide, JSON.parse(text.slice(mark.length)), ''), undefined, 2)}\n`
  } catch {
    return `${mark}{ this was not valid JSON\n`
  }
}

/** Where the configuration puts host-local's state, without slashes at the ends. */
export const dataDirsIn = (text: string): string[] =>
  [...text.matchAll(/"dataDir"\s*:\s*"\/*([^"\\]*)"/gi)]
    .map(([, path = '']) => path.split('/').filter(Boolean).join('/'))
    .filter((path) => path !== '')
