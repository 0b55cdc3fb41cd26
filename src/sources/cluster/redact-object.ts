// Hides names in saved objects: the same name becomes the same hash everywhere in one collection, and nobody can turn it back, since the key is thrown away.
// Core kinds keep just the fields that rules read; of other kinds every value under a key that holds names is hidden. Addresses stay: they are what is audited.
import { createHmac, randomBytes } from 'node:crypto'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import { rangesOnly } from './redact-config-map.ts'

export interface NameHider {
  name(text: string): string
  /** Of a CNI network: other engines' networks stay known as theirs, and what may not be the name of a network is still none. */
  network(text: string): string
  object(kind: string, object: JsonObject): JsonObject
}

/** Names that every cluster has and that readers look for. */
const PUBLIC = new Set(
  'default kube-system kube-public kube-flannel kube-node-lease kubernetes kubeadm-config kubelet-config kube-proxy kube-flannel-cfg canal-config rke2-canal-config cilium-config antrea-config ovn-config kubevip weave-net ovn-kubernetes cbr0 kindnet k8s-pod-network cni-loopback multus-cni-network bridge Pod Node Service pods services'.split(
    ' ',
  ),
)
const NAME_KEYS = new Set(
  'name namespace nodeName node hostname podref podRef pod podName serviceName owner cluster pod-name k8s-pod-name k8s-namespace cep-name network_name'.split(
    ' ',
  ),
)
const DROPPED_KEYS = new Set(
  'ownerReferences finalizers selector data stringData generateName selfLink ports deprecatedSource source related reportingInstance reportingController reportingComponent zone externalName identity'.split(
    ' ',
  ),
)
const LABELS = new Set(['k8s-app', 'app', 'component', 'app.kubernetes.io/name', 'kubernetes.io/os', 'type'])
/** Calico writes a node's name behind what it is: `host:<node>`, `vxlan-v6-tunnel-addr-<node>` (libcalico-go, node/pkg/allocateip). */
const AFFINITY = /^(?:host|virtual):/
const HANDLE_KEYS = new Set(['handle_id', 'handleID'])
const TUNNEL_HANDLE = /^(?:ipip|vxlan|wireguard)(?:-v6)?-tunnel-addr-/
const SANDBOX_HANDLE = /^[A-Za-z0-9_-]+\.[0-9a-f]{64}$/
const SERVICE_NAME = 'kubernetes.io/service-name'
/** Container engines that keep their networks beside kubelet's. */
const ENGINE = /^(?:podman|nerdctl|lxc)/
const NETWORK_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/
const SANDBOX = /[0-9a-f]{64}/g
const ADDRESS = /^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)(?:[/-][0-9a-f:.]+)?$/i

/** Fields of the core kinds that systems read; `true` is everything below. */
const KEPT: Readonly<Record<string, { readonly [key: string]: readonly string[] }>> = {
  Pod: { spec: ['nodeName', 'hostNetwork'], status: ['phase', 'podIP', 'podIPs', 'hostIP', 'hostIPs', 'startTime', 'conditions'] },
  Node: { spec: ['podCIDR', 'podCIDRs', 'unschedulable'], status: ['addresses', 'allocatable', 'capacity', 'conditions', 'nodeInfo'] },
  Service: { spec: ['type', 'clusterIP', 'clusterIPs', 'externalIPs'], status: ['loadBalancer'] },
}

export function nameHider(key: Buffer = randomBytes(32)): NameHider {
  const part = (text: string): string =>
    text === '' || PUBLIC.has(text) || ADDRESS.test(text) ? text : `x${createHmac('sha256', key).update(text).digest('hex').slice(0, 12)}`
  const name = (text: string): string => (text.split('/').length === 2 && !ADDRESS.test(text) ? text.split('/').map(part).join('/') : part(text))

  const afterPrefix = (prefix: RegExp, text: string): string => {
    const found = prefix.exec(text)?.[0]
    return found === undefined ? text : `${found}${part(text.slice(found.length))}`
  }

  /** The IPAMHandle object has the same text in lower case for its name. */
  const handle = (text: string): string =>
    SANDBOX_HANDLE.test(text) ? text : TUNNEL_HANDLE.test(text) ? afterPrefix(TUNNEL_HANDLE, text.toLowerCase()) : part(text.toLowerCase())

  function walk(value: unknown, under = ''): unknown {
    if (Array.isArray(value)) return value.map((item) => walk(item, under))
    if (isJsonObject(value)) {
      const entries = Object.entries(value).filter(([inner]) => !DROPPED_KEYS.has(inner))
      return Object.fromEntries(entries.map(([inner, item]) => [inner, special(inner, item) ?? walk(item, inner)]))
    }
    if (typeof value !== 'string') return value
    if (HANDLE_KEYS.has(under)) return handle(value)
    return under === 'affinity' ? afterPrefix(AFFINITY, value) : NAME_KEYS.has(under) ? name(value) : value
  }
  /** Undefined: nothing special. */
  function special(under: string, value: unknown): unknown {
    // An allocator's own words: names stand in quotes there (Cilium's operator).
    if (under === 'error' && typeof value === 'string') return value.replaceAll(/"([^"]*)"/g, (_, quoted: string) => `"${name(quoted)}"`)
    // A NetworkAttachmentDefinition keeps its CNI configuration as JSON inside a text.
    if (under === 'config' && typeof value === 'string') return insideJson(value)
    if (under === 'message' || under === 'note') return (String(value).match(SANDBOX) ?? []).join(' ')
    // Spiderpool keeps its records as JSON inside a text.
    if (under === 'allocatedIPs' && typeof value === 'string') return annotation(under, value)[0]?.[1] ?? ''
    if (under === 'annotations' && isJsonObject(value))
      return Object.fromEntries(Object.entries(value).flatMap(([inner, text]) => annotation(inner, text)))
    return undefined
  }
  function insideJson(text: string): string {
    try {
      return JSON.stringify(walk(JSON.parse(text)))
    } catch {
      return ''
    }
  }
  function annotation(inner: string, text: unknown): [string, unknown][] {
    if (typeof text !== 'string') return []
    if (ADDRESS.test(text)) return [[inner, text]]
    try {
      const parsed: unknown = JSON.parse(text)
      return typeof parsed === 'object' ? [[inner, JSON.stringify(walk(parsed))]] : []
    } catch {
      return /shar(ed|ing)/.test(inner) ? [[inner, name(text)]] : []
    }
  }
  function labels(value: unknown, isSystem: boolean): JsonObject {
    if (!isJsonObject(value)) return {}
    const kept = Object.entries(value).filter(([inner]) => LABELS.has(inner) && (isSystem || inner === 'kubernetes.io/os' || inner === 'type'))
    const service = value[SERVICE_NAME]
    return { ...Object.fromEntries(kept), ...(typeof service === 'string' ? { [SERVICE_NAME]: name(service) } : {}) }
  }

  return {
    name,
    network: (text) => (ENGINE.test(text) ? afterPrefix(ENGINE, text) : text === '' || NETWORK_NAME.test(text) ? part(text) : `?${part(text)}`),
    object(kind, object) {
      const metadata = isJsonObject(object['metadata']) ? object['metadata'] : {}
      const isSystem = String(metadata['namespace'] ?? '').startsWith('kube-')
      const picked = pick(kind, object, isSystem)
      const walked = walk(picked) as JsonObject
      const own = typeof metadata['name'] === 'string' ? metadata['name'] : undefined
      const isWhereabouts = String(object['apiVersion']).startsWith('whereabouts.cni.cncf.io/')
      const ownName = own === undefined ? {} : kind === 'IPAMHandle' ? { name: handle(own) } : isWhereabouts ? { name: beforeAddress(own, part) } : {}
      const result = {
        ...walked,
        metadata: { ...(walked['metadata'] as JsonObject | undefined), ...ownName, labels: labels(metadata['labels'], isSystem) },
      }
      return kind === 'ConfigMap' ? { ...result, data: rangesOnly(object['data'], part) } : result
    },
  }
}

/** Names of whereabouts' objects end in an address or range with dashes for colons and slashes; what stands before it is a network or a node. */
function beforeAddress(text: string, part: (text: string) => string): string {
  const found = /^(?:(.+?)-)??((?:\d{1,3}\.){3}\d{1,3}(?:-\d{1,3})?|[0-9a-f]{1,4}(?:-[0-9a-f]{0,4}){2,8}(?:-\d{1,3})?)$/.exec(text)
  if (found === null) return part(text)
  const [, before, address = ''] = found
  return before === undefined ? address : `${part(before)}-${address}`
}

function pick(kind: string, object: JsonObject, isSystem: boolean): JsonObject {
  const kept = KEPT[kind]
  if (kept === undefined) return object
  const result: Record<string, unknown> = { apiVersion: object['apiVersion'], kind, metadata: object['metadata'] }
  for (const [part, fields] of Object.entries(kept)) {
    const value = object[part]
    if (isJsonObject(value)) result[part] = Object.fromEntries(fields.filter((field) => field in value).map((field) => [field, value[field]]))
  }
  // The control plane's flags state the cluster's ranges.
  if (kind === 'Pod' && isSystem && isJsonObject(object['spec']))
    result['spec'] = { ...(result['spec'] as JsonObject), containers: rangeFlags(object['spec']['containers']) }
  if (kind === 'Node' && isJsonObject(result['status']) && Array.isArray(result['status']['addresses']))
    result['status'] = {
      ...result['status'],
      addresses: result['status']['addresses'].filter((one: unknown) => isJsonObject(one) && ADDRESS.test(String(one['address']))),
    }
  return result
}

const RANGE_FLAG = /^--(cluster-cidr|service-cluster-ip-range|allocate-node-cidrs|node-cidr-mask-size(-ipv[46])?)=/

function rangeFlags(containers: unknown): unknown[] {
  const [first] = Array.isArray(containers) ? containers : []
  const words = isJsonObject(first) ? [first['command'], first['args']].flatMap((list): unknown[] => (Array.isArray(list) ? list : [])) : []
  return [{ command: words.filter((word) => typeof word === 'string' && RANGE_FLAG.test(word)) }]
}
