// Which objects of a live cluster a finding rests on: the pods, nodes and Services that it names or whose addresses it is about, and the records of
// these. A record's object is found by its name: nearly all systems put the address, the range, the node or the pod into it.
import type { Finding } from '../model/finding.ts'
import { groupByEach } from '../model/group-by.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { type Address, addressKey, formatAddress, formatCidr, networkOf, tryAddress } from '../net/index.ts'
import type { ObjectName } from '../sources/source.ts'
import type { ObjectIndex, ObjectList } from './object-index.ts'

/** A list that is this short and that the finding cites is read again whole: pools have names of their own. */
const SHORT = 50
const OWNER = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\/[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/
const NODE = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/

export function suspectObjects(inventory: Inventory, index: ObjectIndex): (finding: Finding) => readonly ObjectName[] {
  const lists = [...index.lists].map(([origin, list]) => ({ origin, kind: list.kind, size: list.objects.size, endings: once(() => endingsOf(list)) }))
  const records = lists.filter(({ kind }) => !kind.startsWith('/'))
  const services = index.lists.get('cluster/services.json')?.objects
  const servicesAt = once(() =>
    groupByEach(inventory.services, ({ clusterIps, externalIps, loadBalancerIps }) =>
      [...clusterIps, ...externalIps, ...loadBalancerIps].map(addressKey),
    ),
  )

  return ({ owners, nodes, addresses, evidence }) => {
    const wanted = new Map<string, ObjectName>()
    const add = (object: ObjectName) => wanted.set(`${object.kind} ${object.namespace} ${object.name}`, object)
    const named = (kind: string, id: string) => add({ kind, namespace: id.slice(0, id.indexOf('/')), name: id.slice(id.indexOf('/') + 1) })
    for (const owner of owners.filter((each) => OWNER.test(each))) {
      const isService = services?.has(owner) === true
      if (isService) named('/Service', owner)
      if (!isService || inventory.podOf(owner) !== undefined) named('/Pod', owner)
    }
    for (const node of nodes.filter((each) => NODE.test(each))) add({ kind: '/Node', namespace: undefined, name: node })
    const about = addresses.flatMap((text) => tryAddress(/^[^/]*/.exec(text)?.[0] ?? '') ?? [])
    for (const address of about) {
      for (const pod of inventory.holders(address)) add({ kind: '/Pod', namespace: pod.namespace, name: pod.name })
      for (const { namespace, name } of servicesAt().get(addressKey(address)) ?? []) add({ kind: '/Service', namespace, name })
    }
    const endings = [...about.flatMap(spellings), ...nodes, ...owners.flatMap(podEndings)]
    const cited = new Set(evidence.map(({ source }) => source))
    for (const list of records) {
      const whole = cited.has(list.origin) && list.size <= SHORT
      const found = whole ? [...list.endings().values()].flat() : endings.flatMap((ending) => list.endings().get(ending) ?? [])
      for (const object of found) if (whole || isOf(object, owners, endings)) add(object)
    }
    return [...wanted.values()]
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

/** Objects by their names, and by what follows each dash: `node-1-10-48-0-0-26` is found by `10-48-0-0-26`. */
function endingsOf({ kind, objects }: ObjectList): ReadonlyMap<string, readonly ObjectName[]> {
  const endings = new Map<string, ObjectName[]>()
  for (const id of objects.keys()) {
    const slash = id.indexOf('/')
    const object = { kind, namespace: slash < 0 ? undefined : id.slice(0, slash), name: id.slice(slash + 1) }
    for (let at = 0; at >= 0; ) {
      const ending = object.name.slice(at)
      const same = endings.get(ending)
      if (same === undefined) endings.set(ending, [object])
      else same.push(object)
      const dash = object.name.indexOf('-', at)
      at = dash < 0 ? -1 : dash + 1
    }
  }
  return endings
}

/** The address and every network around it as names spell them: plain (IPAddress), or with dashes (Calico, whereabouts, which ends no name with a dash). */
function spellings(address: Address): string[] {
  const dashed = (text: string): string[] => {
    const name = text.replaceAll(/[.:/]/g, '-')
    return [name, ...(name.endsWith('-') ? [`${name}0`] : []), ...(name.includes('---') ? [name.replace('---', '--0-')] : [])]
  }
  const around = Array.from({ length: (address.family === 4 ? 32 : 128) + 1 }, (_, prefix) => formatCidr(networkOf(address, prefix)))
  return [formatAddress(address), ...dashed(formatAddress(address)), ...around.flatMap(dashed)]
}

/** CiliumEndpoints and SpiderEndpoints have the name of their pod, Kube-OVN's IPs `<pod>.<namespace>`. */
function podEndings(owner: string): string[] {
  const [namespace, name] = owner.split('/')
  return name === undefined ? [] : [name, `${name}.${namespace}`]
}

/** A pod's name alone says something in its own namespace only. */
const isOf = ({ namespace, name }: ObjectName, owners: readonly string[], endings: readonly string[]): boolean =>
  namespace === undefined || owners.includes(`${namespace}/${name}`) || endings.some((ending) => /\d/.test(ending) && name.endsWith(ending))
