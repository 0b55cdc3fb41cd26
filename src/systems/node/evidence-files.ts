// The other files of a node that tell whose an allocation is: sandbox listing, result cache, flannel's subnet.env, docker's daemon.json.
import type { OutsideNetwork } from '../../model/inventory.ts'
import type { CachedResult, NodeState, Sandbox } from '../../model/node-state.ts'
import { type Address, type Cidr, networkOf, readAddress, readCidr } from '../../net/index.ts'
import type { FileDocument } from '../../sources/source.ts'
import { listAt, textAt, valueAt } from '../kubernetes/fields.ts'

/** undefined for text that is not JSON; the caller reports it. */
export function json(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text)
  } catch {
    return undefined
  }
}

/** `crictl pods -o json`: createdAt is a text of nanoseconds, above 2^53 (protojson of the CRI's PodSandbox). */
export function parseSandboxes(text: string): Sandbox[] | undefined {
  const value = json(text)
  const items = Array.isArray(value) ? value : valueAt(value, 'items')
  if (!Array.isArray(items)) return undefined
  return items.flatMap((item) => {
    const id = textAt(item, 'id')
    if (id === undefined) return []
    const nanoseconds = String(valueAt(item, 'createdAt') ?? '0')
    return [
      {
        id,
        namespace: textAt(item, 'metadata', 'namespace') ?? textAt(item, 'labels', 'io.kubernetes.pod.namespace') ?? '?',
        name: textAt(item, 'metadata', 'name') ?? textAt(item, 'labels', 'io.kubernetes.pod.name') ?? '?',
        uid: textAt(item, 'metadata', 'uid') ?? '',
        attempt: Number(valueAt(item, 'metadata', 'attempt') ?? 0),
        ready: textAt(item, 'state') === 'SANDBOX_READY',
        createdAt: /^\d+$/.test(nanoseconds) ? Number(BigInt(nanoseconds) / 1_000_000n) : 0,
      },
    ]
  })
}

function addressesOfResult(result: unknown): Address[] {
  const texts = listAt(result, 'ips').map((ip) => textAt(ip, 'address'))
  // Results before 0.3.0 have one address a family under ip4 and ip6.
  texts.push(textAt(result, 'ip4', 'ip'), textAt(result, 'ip6', 'ip'))
  return texts.flatMap((text) => (text === undefined ? [] : (readAddress(text.split('/')[0] ?? '')?.value ?? [])))
}

/** One file of libcni's cache (libcni/api.go). The name is ambiguous, all its parts may hold dashes: only the content counts. */
export function parseCachedResult(text: string): CachedResult | undefined {
  const value = json(text)
  const sandbox = textAt(value, 'containerId')
  if (sandbox === undefined) return undefined
  const args = new Map(listAt(value, 'cniArgs').flatMap((pair) => (Array.isArray(pair) ? [[String(pair[0]), String(pair[1])] as const] : [])))
  const name = args.get('K8S_POD_NAME')
  return {
    network: textAt(value, 'networkName') ?? '?',
    sandbox,
    interface: textAt(value, 'ifName') ?? '?',
    pod: name === undefined ? undefined : `${args.get('K8S_POD_NAMESPACE') ?? 'default'}/${name}`,
    podUid: args.get('K8S_POD_UID'),
    addresses: addressesOfResult(valueAt(value, 'result')),
  }
}

/** flannel's subnet.env: FLANNEL_SUBNET is the first usable address with the prefix, so it has host bits (flannel pkg/subnet/subnet.go). */
export function parseSubnetEnv(document: FileDocument): NonNullable<NodeState['flannel']> {
  const lines = new Map(
    document.text.split(/\r?\n/).map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()] as const),
  )
  const cidrs = (...keys: readonly string[]): Cidr[] =>
    keys.flatMap((key) => (lines.get(key) ?? '').split(',').flatMap((text) => readCidr(text.trim())?.value ?? []))
  return {
    networks: cidrs('FLANNEL_NETWORK', 'FLANNEL_IPV6_NETWORK'),
    subnets: cidrs('FLANNEL_SUBNET', 'FLANNEL_IPV6_SUBNET'),
    origin: document.origin,
  }
}

/** Docker's bridge and address pools (daemon.json `bip`, `default-address-pools`). */
export function parseDaemonJson(document: FileDocument): OutsideNetwork[] {
  const value = json(document.text)
  const bip = readCidr(textAt(value, 'bip') ?? '')?.value
  const pools = listAt(value, 'default-address-pools').flatMap((pool) => readCidr(textAt(pool, 'base') ?? '')?.value ?? [])
  const bridge = bip ?? networkOf({ family: 4, value: 0xac110000n }, 16) // 172.17.0.0/16, docker's default
  const outside = (name: string, cidr: Cidr): OutsideNetwork => ({
    name,
    cidr,
    kind: 'host-bridge',
    node: document.node,
    reachable: true,
    origin: document.origin,
  })
  return [outside('docker bridge', bridge), ...pools.map((cidr) => outside('docker address pool', cidr))]
}
