// The outer shape of a CNI configuration: a list of plugins, or one plugin by itself (`libcni/conf.go`).
import type { ConfigurationReading } from './configuration-reading.ts'
import { field, isObject, type JsonObject, quote, textField } from './go-object.ts'
import { type Chain, typeOf } from './read-network.ts'

/** Why no runtime would load it, and what could be read all the same. */
interface Unusable {
  readonly error: string
  readonly seen?: Partial<ConfigurationReading>
}

/** libcni reads the keys of a list into a map, so here, unlike in plugins, upper and lower case differ. */
const misspelt = (config: JsonObject, key: string): string => {
  const found = Object.keys(config).find((name) => name !== key && name.toLowerCase() === key.toLowerCase())
  return found === undefined ? '' : `; write ${quote(key)}, not ${quote(found)}`
}

/** The version that libcni settles on; it knows none above 1.1.0. */
function versionOf(config: JsonObject): string | undefined {
  const listed = Array.isArray(config['cniVersions']) ? (config['cniVersions'] as unknown[]) : []
  const own = config['cniVersion']
  if (listed.length === 0) return typeof own === 'string' ? own : undefined
  const known = [...listed, own].filter((version) => typeof version === 'string' && /^(0\.[1-4]|1\.[01])\.\d{1,3}$/.test(version)) as string[]
  const rank = (version: string): number => version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0)
  return known.sort((a, b) => rank(a) - rank(b)).at(-1) ?? (typeof own === 'string' ? own : undefined)
}

function listOf(config: JsonObject): Chain | Unusable {
  const name = config['name']
  const cniVersion = versionOf(config)
  const seen = { name: typeof name === 'string' ? name : undefined, cniVersion }
  if (typeof name !== 'string' || name === '') return { error: `has no network name${misspelt(config, 'name')}`, seen }
  const plugins = config['plugins']
  if (plugins === undefined) {
    const single = typeOf(config) === '' ? '' : '; a single plugin by itself belongs in a .conf file'
    return { error: `has no list of plugins${misspelt(config, 'plugins') || single}`, seen }
  }
  if (!Array.isArray(plugins) || plugins.length === 0) return { error: `plugins is ${quote(plugins)}, not a list with at least one plugin`, seen }
  const wrong = (plugins as unknown[]).findIndex((plugin) => !isObject(plugin) || typeOf(plugin) === '')
  if (wrong >= 0) return { error: `plugin ${wrong} has no type`, seen }
  return { name, cniVersion, plugins: plugins as JsonObject[] }
}

/** The file name decides as it does for runtimes; the content decides where there is none. */
export function chainOf(config: JsonObject, file: string): Chain | Unusable {
  const isConf = /\.(conf|json)$/.test(file)
  if (file.endsWith('.conflist') || (!isConf && Object.hasOwn(config, 'plugins'))) return listOf(config)
  const name = textField(config, 'name')
  const cniVersion = textField(config, 'cniVersion')
  if (typeOf(config) === '') {
    const hint = field(config, 'plugins') === undefined ? '' : '; a list of plugins belongs in a .conflist file'
    return { error: `has no plugin type${hint}`, seen: { name, cniVersion } }
  }
  if (name === undefined || name === '')
    return { error: 'has no network name', seen: { cniVersion, type: typeOf(config), plugins: [typeOf(config)] } }
  return { name, cniVersion, plugins: [config] }
}
