// Which proxy stands between us and the API server: the kubeconfig's, else the environment's, as Go's golang.org/x/net/http/httpproxy reads it.
import { BlockList, isIP } from 'node:net'
import { StartError } from '../../model/errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

const SCHEMES = new Set(['http:', 'https:', 'socks5:', 'socks5h:'])

/** Undefined when the server is reached directly. @param configured proxy-url of the kubeconfig @throws StartError for what is no proxy's address */
export function proxyFor(server: URL, configured: string | undefined, env: Environment): URL | undefined {
  if (configured !== undefined) return parse(configured, 'proxy-url of the kubeconfig')
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = env[name] || env[name.toLowerCase()]
  if (!proxy || isExcepted(server, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined
  return parse(proxy.includes('://') ? proxy : `http://${proxy}`, name)
}

/** The text itself may hold a password and is not repeated. */
function parse(text: string, where: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !SCHEMES.has(url.protocol) || url.hostname === '' || !isEncoded(url.username + url.password))
    throw new StartError(`the ${where} is no address of a proxy: write http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT`)
  return url
}

/** A password with a bare percent sign is not. */
function isEncoded(text: string): boolean {
  try {
    return decodeURIComponent(text) !== undefined
  } catch {
    return false
  }
}

const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1')
const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4')

/** `*`, address, CIDR, host (with all below it), .domain (what is below it alone), each but CIDRs with a port if it is meant to count. */
function isExcepted(server: URL, list: string): boolean {
  const host = bare(server.hostname)
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  if (host === 'localhost' || (isIP(host) !== 0 && isIn(host, host.includes(':') ? '::1/128' : '127.0.0.0/8'))) return true
  return list.split(',').some((part) => {
    const entry = part.trim().toLowerCase()
    if (entry === '*') return true
    if (entry.includes('/')) return isIP(host) !== 0 && isIn(host, entry)
    const [, named = '', wanted] = (isIP(entry) === 6 ? undefined : /^(.*?)(?::(\d+))?$/.exec(entry)) ?? [undefined, entry]
    if (named === '' || (wanted !== undefined && wanted !== port)) return false
    const name = bare(named).replace(/^\*\./, '.')
    if (isIP(name) !== 0) return isIP(host) !== 0 && isIn(host, `${name}/${isIP(name) === 6 ? 128 : 32}`)
    return name.startsWith('.') ? host.endsWith(name) : host === name || host.endsWith(`.${name}`)
  })
}

/** False for what is no CIDR. */
function isIn(address: string, cidr: string): boolean {
  const [, network = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(cidr) ?? []
  if (isIP(network) === 0 || Number(bits) > (isIP(network) === 6 ? 128 : 32)) return false
  const block = new BlockList()
  block.addSubnet(network, Number(bits), family(network))
  return block.check(address, family(address))
}
