// The truth about a scenario: what an audit of its bundle has to find, derived from what the plugin answered and never from what an audit says.
import type { Fate } from './run-node.ts'
import type { StoryNode, StoryPod } from './story.ts'

export interface ExpectedLeak {
  readonly node: string
  readonly network: string
  readonly address: string
  /** The sandbox that wrote the file; empty where the file has no content any more. */
  readonly sandbox: string
  readonly cause: Fate | 'empty'
  /** Written before the last boot of its node. */
  readonly beforeBoot: boolean
  /** A finished pod of the node that still shows the address. */
  readonly shownBy: string | undefined
}

export interface Expected {
  /** Files whose address no live pod of the node has. */
  readonly leaked: readonly ExpectedLeak[]
  /** Files of dead sandboxes whose address a live pod of the node has as well (after a lost state directory): no leak to see by address, but by sandbox. */
  readonly shadowed: readonly { readonly node: string; readonly address: string; readonly sandbox: string }[]
  /** Addresses that two or more live pods have. */
  readonly duplicates: readonly { readonly address: string; readonly nodes: readonly string[]; readonly owners: readonly string[] }[]
  /** Live pods without a file for their address, or with a file that names another sandbox. */
  readonly missing: readonly { readonly node: string; readonly address: string; readonly owner: string; readonly fileOfOther: boolean }[]
  /** Files of sandboxes that the API does not know of yet: no leaks. */
  readonly inFlight: readonly { readonly node: string; readonly address: string }[]
  /** Ranges that the conflists of two or more nodes have in common. */
  readonly sharedRanges: readonly { readonly cidr: string; readonly nodes: readonly string[] }[]
  /** Every live pod's address by namespace/name. */
  readonly live: ReadonlyMap<string, readonly string[]>
  /** Milliseconds. */
  readonly collectedAt: number
}

const ownerOf = (pod: StoryPod) => `${pod.namespace}/${pod.name}`
const isLive = (pod: StoryPod) => pod.sandbox !== undefined

export function truthOf(nodes: readonly StoryNode[], collectedAt: number): Expected {
  const files = nodes.flatMap((node) => [...node.machine.files.values()].map((file) => ({ node, file, owned: owners(node).get(file.address) })))
  const dead = files.filter(({ node, file }) => file.text === '' || !node.machine.live.has(file.sandbox))
  return {
    leaked: dead
      .filter(({ owned }) => owned === undefined)
      .map(({ node, file }) => ({
        node: node.name,
        network: node.network,
        address: file.address,
        sandbox: file.text === '' ? '' : file.sandbox,
        cause: file.text === '' ? 'empty' : fateOf(node, file.sandbox),
        beforeBoot: node.machine.bootTime !== undefined && file.since < node.machine.bootTime,
        shownBy: shownBy(node, file.address),
      })),
    shadowed: dead
      .filter(({ owned }) => owned !== undefined)
      .map(({ node, file }) => ({ node: node.name, address: file.address, sandbox: file.sandbox })),
    duplicates: duplicates(nodes),
    missing: nodes.flatMap((node) => missing(node)),
    inFlight: files
      .filter(({ node, file, owned }) => file.text !== '' && node.machine.live.has(file.sandbox) && owned === undefined)
      .map(({ node, file }) => ({ node: node.name, address: file.address })),
    sharedRanges: sharedRanges(nodes),
    live: new Map(nodes.flatMap((node) => node.pods.filter(isLive).map((pod) => [ownerOf(pod), pod.addresses] as const))),
    collectedAt,
  }
}

const owners = (node: StoryNode) => new Map(node.pods.filter(isLive).flatMap((pod) => pod.addresses.map((address) => [address, pod] as const)))

function fateOf(node: StoryNode, sandbox: string): Fate {
  const fate = node.machine.fates.get(sandbox)
  if (fate === undefined) throw new Error(`${node.name}: sandbox ${sandbox} is neither live nor known to have ended`)
  return fate
}

function shownBy(node: StoryNode, address: string): string | undefined {
  const pod = node.pods.find((one) => !isLive(one) && one.addresses.includes(address))
  return pod === undefined ? undefined : ownerOf(pod)
}

function duplicates(nodes: readonly StoryNode[]): Expected['duplicates'] {
  const holders = new Map<string, { node: string; owner: string }[]>()
  for (const node of nodes) {
    for (const pod of node.pods.filter(isLive)) {
      for (const address of pod.addresses) holders.set(address, [...(holders.get(address) ?? []), { node: node.name, owner: ownerOf(pod) }])
    }
  }
  return [...holders]
    .filter(([, held]) => held.length > 1)
    .map(([address, held]) => ({ address, nodes: [...new Set(held.map((one) => one.node))].sort(), owners: held.map((one) => one.owner).sort() }))
}

function missing(node: StoryNode): Expected['missing'][number][] {
  return node.pods.filter(isLive).flatMap((pod) =>
    pod.addresses
      .map((address) => ({ address, file: node.machine.files.get(address) }))
      .filter(({ file }) => file?.sandbox !== pod.sandbox || file?.text === '')
      .map(({ address, file }) => ({ node: node.name, address, owner: ownerOf(pod), fileOfOther: file !== undefined })),
  )
}

function sharedRanges(nodes: readonly StoryNode[]): Expected['sharedRanges'] {
  const byRange = new Map<string, string[]>()
  for (const node of nodes) for (const cidr of node.subnets) byRange.set(cidr, [...(byRange.get(cidr) ?? []), node.name])
  return [...byRange].filter(([, names]) => names.length > 1).map(([cidr, names]) => ({ cidr, nodes: names }))
}
