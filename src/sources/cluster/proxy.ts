// Which proxy stands between us and the API server: the kubeconfig's, else the environment's, as Go's net/http reads it.

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** Undefined when the server is reached directly. @param configured proxy-url of the kubeconfig */
export function proxyFor(server: URL, configured: string | undefined, env: Readonly<Record<string, string | undefined>>): string | undefined {
  if (configured !== undefined) return configured
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY'
  const proxy = env[name] || env[name.toLowerCase()]
  if (!proxy || LOOPBACK.test(server.hostname) || isExcepted(server, env['NO_PROXY'] || env['no_proxy'] || '')) return undefined
  return proxy.includes('://') ? proxy : `http://${proxy}`
}

/** `*`, host, .domain, host:port. CIDRs are left to the kubeconfig's proxy-url. */
function isExcepted({ hostname, port }: URL, list: string): boolean {
  return list.split(',').some((part) => {
    const entry = part.trim().toLowerCase()
    if (entry === '') return false
    if (entry === '*') return true
    const [, host = '', wanted] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? []
    if (wanted !== undefined && wanted !== port) return false
    const bare = host.replace(/^\*?\./, '')
    return hostname === bare || hostname.endsWith(`.${bare}`)
  })
}
