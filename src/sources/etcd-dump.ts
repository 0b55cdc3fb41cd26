// The output of `etcdctl get --prefix "" -w json` -> Kubernetes objects: Calico's own datastore, and custom resources of a cluster's.
import { isJsonObject, type JsonObject } from './json-object.ts'

export interface EtcdDump {
  readonly objects: readonly { readonly where: string; readonly value: JsonObject }[]
  readonly problems: readonly string[]
}

export const isEtcdDump = (value: JsonObject): boolean =>
  isJsonObject(value['header']) && 'revision' in value['header'] && Array.isArray(value['kvs'])

const CRD = 'crd.projectcalico.org/v1'
/** Kinds whose stored form is the same in Calico's API and in its custom resources; nodes and the like have no custom resource of their own. */
const SAME_AS_CRD = new Set(['IPPool', 'IPReservation', 'ClusterInformation', 'KubeControllersConfiguration'])

/** Keys as libcalico-go/lib/backend/model writes them, with or without the first slash. */
const BLOCK = /^\/?calico\/ipam\/v2\/assignment\/ipv[46]\/block\/([^/]+)$/
const AFFINITY = /^\/?calico\/ipam\/v2\/host\/([^/]+)\/ipv[46]\/block\/([^/]+)$/
const HANDLE = /^\/?calico\/ipam\/v2\/handle\/([^/]+)$/
const CONFIG = /^\/?calico\/ipam\/v2\/config$/
const RESOURCE = /^\/?calico\/resources\/v3\/projectcalico\.org\//
/** Built-in objects are protobuf; custom resources are JSON. */
const CUSTOM = /^\/registry\/[a-z0-9-]+(?:\.[a-z0-9-]+)+\//

const cidrOf = (part: string): string => part.replace('-', '/')
const nameOf = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9-]+/g, '-')

/** The object that a key and its value stand for; undefined for keys that say nothing of addresses. */
function objectOf(key: string, value: JsonObject): JsonObject | undefined {
  const [, block] = BLOCK.exec(key) ?? []
  if (block !== undefined) return crd('IPAMBlock', nameOf(cidrOf(block)), value)
  const [, host, claimed] = AFFINITY.exec(key) ?? []
  if (host !== undefined && claimed !== undefined) {
    const spec = { state: value['state'], node: host, type: 'host', cidr: cidrOf(claimed), deleted: String(value['deleted'] ?? false) }
    return crd('BlockAffinity', `${host}-${nameOf(cidrOf(claimed))}`, spec)
  }
  const [, handle] = HANDLE.exec(key) ?? []
  if (handle !== undefined)
    return crd('IPAMHandle', handle.toLowerCase(), { handleID: handle, block: value['block'], deleted: value['deleted'] ?? false })
  if (CONFIG.test(key)) {
    const { strict_affinity, auto_allocate_blocks, ...rest } = value
    return crd('IPAMConfig', 'default', { ...rest, strictAffinity: strict_affinity ?? false, autoAllocateBlocks: auto_allocate_blocks ?? false })
  }
  if (!RESOURCE.test(key)) return CUSTOM.test(key) ? value : undefined
  return SAME_AS_CRD.has(String(value['kind'])) ? { ...value, apiVersion: CRD } : value
}

const crd = (kind: string, name: string, spec: object): JsonObject => ({ apiVersion: CRD, kind, metadata: { name }, spec })

const text = (base64: unknown): string => (typeof base64 === 'string' ? Buffer.from(base64, 'base64').toString('utf8') : '')

const isWanted = (key: string): boolean => /^\/?calico\/(?:ipam|resources)\//.test(key) || CUSTOM.test(key)

export function readEtcdDump(dump: JsonObject): EtcdDump {
  const objects: { where: string; value: JsonObject }[] = []
  const problems: string[] = []
  const entries = dump['kvs'] as readonly unknown[]
  let others = 0
  for (const [i, entry] of entries.entries()) {
    const key = isJsonObject(entry) ? text(entry['key']) : ''
    if (key === '') {
      problems.push(`kvs[${i}] has no key`)
      continue
    }
    if (!isWanted(key)) {
      others++
      continue
    }
    const value = parse(text((entry as JsonObject)['value']))
    const object = value === undefined ? undefined : objectOf(key, value)
    if (value === undefined) problems.push(`the value of ${key} is not a JSON object`)
    else if (object !== undefined) objects.push({ where: `the value of ${key}`, value: object })
  }
  if (dump['more'] === true) problems.push('is only a part of the keys ("more" is set): read them again without --limit')
  if (objects.length === 0 && problems.length === 0) problems.push(nothingIn(others))
  return { objects, problems }
}

const nothingIn = (others: number): string =>
  others === 0
    ? 'holds no keys'
    : `holds ${others} keys and none of Calico (/calico/) or of a custom resource; Kubernetes keeps its own objects as protobuf: save those with kubectl get -o json`

function parse(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json)
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
