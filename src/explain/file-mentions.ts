// What the files of a node say of an address: host-local's allocation files, libcni's cached results.
import { domainOf } from '../model/host-local-ranges.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import type { AllocationFile, NodeState, StateDirectory } from '../model/node-state.ts'
import { isLive, podId } from '../model/pod-state.ts'
import { type Address, sameAddress } from '../net/index.ts'
import type { Holder, Mention } from './explanation.ts'

/** Digits by which crictl names a sandbox. */
export const shortId = (sandbox: string): string => (/^[0-9a-f]{64}$/.test(sandbox) ? sandbox.slice(0, 12) : sandbox)

/** The pod behind a sandbox id: by the runtime's listing, by libcni's cache, or by an event of a failure. */
export function podOfSandbox({ events }: Inventory, state: NodeState, sandbox: string): string | undefined {
  if (sandbox === '') return undefined
  const listed = state.sandboxes?.find(({ id }) => id === sandbox)
  if (listed !== undefined) return `${listed.namespace}/${listed.name}`
  return (
    state.results.find((result) => result.sandbox === sandbox && result.pod !== undefined)?.pod ??
    events.find((event) => event.sandbox === sandbox)?.subject
  )
}

/** The other way round: every sandbox that one of them says was the pod's. */
export function sandboxesOf({ events, nodeStates }: Inventory, pod: string): ReadonlySet<string> {
  const ids = nodeStates.flatMap(({ sandboxes = [], results }) => [
    ...sandboxes.flatMap(({ id, namespace, name }) => (`${namespace}/${name}` === pod ? [id] : [])),
    ...results.flatMap((result) => (result.pod === pod ? [result.sandbox] : [])),
  ])
  return new Set([...ids, ...events.flatMap(({ subject, sandbox }) => (subject === pod && sandbox !== undefined ? [sandbox] : []))])
}

/** Live pods of the node that show the address, on any of their networks. */
export const showing = (inventory: Inventory, node: string, address: Address): readonly string[] =>
  (inventory.podsOfNode.get(node) ?? [])
    .filter((pod) => isLive(pod) && [...pod.addresses, ...pod.interfaces.flatMap((one) => one.addresses)].some((own) => sameAddress(own, address)))
    .map(podId)

function saying(file: AllocationFile, directory: StateDirectory, pod: string | undefined, byAddress: boolean): string {
  const owner = file.sandbox === '' ? 'names no owner' : `names sandbox ${shortId(file.sandbox)}`
  const whose = pod === undefined ? '' : byAddress ? `, and pod ${pod} there shows the address` : ` of pod ${pod}`
  return `taken in network ${directory.network}: its file ${owner}${whose}${file.fault === undefined ? '' : ` (${file.fault})`}`
}

export function* fileMentions(inventory: Inventory, state: NodeState, wanted: (address: Address) => boolean): Generator<Mention> {
  const { node } = state
  for (const directory of state.directories)
    for (const file of directory.files) {
      const { address, mtime } = file
      if (address === undefined || !wanted(address)) continue
      const named = podOfSandbox(inventory, state, file.sandbox)
      const pod = named ?? showing(inventory, node, address)[0]
      const holder: Holder = pod === undefined ? { kind: 'unknown', id: file.sandbox, node } : { kind: 'pod', id: pod, node }
      yield {
        source: `host-local on ${node}`,
        address,
        domain: domainOf(state, directory),
        holder,
        weight: 'recorded',
        says: saying(file, directory, pod, named === undefined),
        origin: `${directory.origin}/${file.name}`,
        recordedAt: state.timesKnown ? mtime : undefined,
      }
    }
  for (const { network, sandbox, interface: name, pod, addresses } of state.results)
    for (const address of addresses) {
      if (!wanted(address)) continue
      const says = `the last result of network ${network} gave it to ${pod === undefined ? 'sandbox' : `pod ${pod}, sandbox`} ${shortId(sandbox)} as ${name}`
      const holder: Holder = pod === undefined ? { kind: 'unknown', id: sandbox, node } : { kind: 'pod', id: pod, node }
      const domain = state.networks.some((one) => one.name === network && one.order !== 0) ? network : 'default'
      yield { source: `CNI results on ${node}`, address, domain, holder, weight: 'named', says, origin: state.origin, recordedAt: undefined }
    }
}
