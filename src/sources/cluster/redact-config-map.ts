// What is left of a ConfigMap when names are hidden: the ranges that it states.
import { parse } from 'yaml'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'

/** Keys of cilium-config, ovn-config and kube-vip's map that state ranges, and how they are cut. */
const RANGE_KEY =
  /^(?:ipam|enable-ipv[46]|cluster-pool-ipv[46]-(?:cidr|mask-size)|ipam-default-ip-pool|ipam-multi-pool-pre-allocation|net_cidr|(?:cidr|range)-global)$/
const RANGE_OF_NAMESPACE = /^((?:cidr|range)-)(.+)$/

function rangeKeys(data: unknown, part: (text: string) => string): JsonObject {
  const kept = Object.entries(isJsonObject(data) ? data : {}).flatMap(([key, value]): [string, unknown][] => {
    if (RANGE_KEY.test(key)) return [[key, value]]
    const [, what, namespace] = RANGE_OF_NAMESPACE.exec(key) ?? []
    return what === undefined || namespace === undefined ? [] : [[what + part(namespace), value]]
  })
  return Object.fromEntries(kept)
}

/** The fields that config-map-ranges.ts reads, as JSON, which is YAML. */
export function rangesOnly(data: unknown, part: (text: string) => string): JsonObject {
  const read = (key: string): JsonObject => {
    try {
      const value: unknown =
        isJsonObject(data) && typeof data[key] === 'string' ? parse(data[key], { maxAliasCount: 20, logLevel: 'silent' }) : undefined
      return isJsonObject(value) ? value : {}
    } catch {
      return {}
    }
  }
  const inner = (value: unknown, ...fields: string[]): JsonObject =>
    isJsonObject(value) ? Object.fromEntries(fields.filter((field) => field in value).map((field) => [field, value[field]])) : {}
  const cluster = read('ClusterConfiguration')
  const manager = isJsonObject(cluster['controllerManager']) ? cluster['controllerManager']['extraArgs'] : undefined
  const isMask = (flag: string) => flag.startsWith('node-cidr-mask-size')
  const extraArgs = Array.isArray(manager)
    ? manager.filter((arg: unknown) => isJsonObject(arg) && isMask(String(arg['name'])))
    : isJsonObject(manager)
      ? Object.fromEntries(Object.entries(manager).filter(([flag]) => isMask(flag)))
      : undefined
  return {
    ClusterConfiguration: JSON.stringify({
      networking: inner(cluster['networking'], 'podSubnet', 'serviceSubnet'),
      controllerManager: { extraArgs },
    }),
    ...rangeKeys(data, part),
    kubelet: JSON.stringify(inner(read('kubelet'), 'clusterDNS')),
    'antrea-controller.conf': JSON.stringify(inner(read('antrea-controller.conf'), 'nodeIPAM')),
    'config.conf': JSON.stringify(inner(read('config.conf'), 'clusterCIDR')),
    'net-conf.json': JSON.stringify(inner(read('net-conf.json'), 'Network', 'IPv6Network')),
  }
}
