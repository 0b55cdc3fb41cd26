// What else is odd in a state directory: host-local's cursors, entries that it did not write, directories that nobody names.
import type { Severity, Violation } from '../../model/finding.ts'
import { domainOf, rangesOfDirectory } from '../../model/host-local-ranges.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { HostLocalRange, NodeState, StateDirectory } from '../../model/node-state.ts'
import { podId } from '../../model/pod-state.ts'
import { compareAddresses, formatAddress, rangeHolds, tryAddress } from '../../net/index.ts'
import { counted, nameList } from './name-list.ts'

/** Network names as libcni and skel check them (cni v0.8.0 and later): with any other name every pod start fails. */
const NETWORK_NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

interface CursorFault {
  readonly severity: Severity
  readonly cause: string
  readonly text: string
  readonly address?: string
}

/** host-local parses the text without trimming it; what does not parse makes it start at the range's first address again. */
function cursorFault(name: string, text: string, ranges: readonly HostLocalRange[]): CursorFault | undefined {
  if (text === '')
    return { severity: 'info', cause: 'cursor-empty', text: 'is empty, as a full disk leaves it; the next address is the first of the range' }
  const address = tryAddress(text)
  if (address === undefined)
    return { severity: 'low', cause: 'cursor-unparsable', text: 'is not an address; host-local starts at the first of the range each time' }
  const set = Number(name.slice(name.lastIndexOf('.') + 1))
  const own = ranges.filter((range) => range.set === set)
  if (ranges.length > 0 && own.length === 0)
    return { severity: 'info', cause: 'cursor-dropped', text: 'belongs to a range set that is configured no more', address: formatAddress(address) }
  if (own.length > 0 && !own.some(({ range }) => rangeHolds(range, address)))
    return {
      severity: 'low',
      cause: 'cursor-outside',
      text: 'lies outside of its range set, which has changed since',
      address: formatAddress(address),
    }
  return undefined
}

export function* cursorFaults(inventory: Inventory, state: NodeState, directory: StateDirectory): Generator<Violation> {
  const ranges = rangesOfDirectory(state, directory, inventory.nodeOf.get(state.node))
  for (const { name, text } of directory.cursors) {
    const fault = cursorFault(name, text, ranges)
    if (fault === undefined) continue
    const said = fault.address === undefined ? '' : ` (${fault.address})`
    yield {
      severity: fault.severity,
      cause: fault.cause,
      message: `${name}${said} of network ${directory.network} on ${state.node} ${fault.text}`,
      domain: domainOf(state, directory),
      addresses: fault.address === undefined ? [] : [fault.address],
      nodes: [state.node],
      subject: [directory.network, name],
      evidence: [{ source: `${directory.origin}/${name}`, fact: `holds ${JSON.stringify(text.slice(0, 64))}` }],
    }
  }
}

export function* foreignEntries(state: NodeState, directory: StateDirectory): Generator<Violation> {
  const about = { severity: 'info', domain: domainOf(state, directory), nodes: [state.node], subject: [directory.network] } as const
  if (!NETWORK_NAME.test(directory.network))
    yield {
      ...about,
      cause: 'invalid-network-name',
      message: `${directory.path} on ${state.node} is not named like a network: every start of a pod on a network of that name fails`,
      evidence: [{ source: directory.origin, fact: 'names start with a letter or digit and hold letters, digits, "_", "." and "-"' }],
    }
  if (directory.unknown.length === 0) return
  const names = directory.unknown.map(({ name }) => name).sort()
  yield {
    ...about,
    cause: 'unknown-entries',
    message: `${directory.path} on ${state.node} holds ${counted(names.length, 'entry', 'entries')} that host-local did not write: ${nameList(names)}; it reads them all at every DEL, directories too`,
    evidence: directory.unknown.slice(0, 20).map(({ name, kind }) => ({ source: `${directory.origin}/${name}`, fact: kind })),
  }
}

/** NetworkAttachmentDefinitions are no files: where Multus runs, one of them may name the directory. */
function hasMultus(inventory: Inventory, state: NodeState): boolean {
  return (
    state.configFiles.some((file) => file.type === 'multus') || (inventory.podsOfNode.get(state.node) ?? []).some((pod) => pod.interfaces.length > 0)
  )
}

/** Files in a directory that no configuration of the node names: no DEL will look there again. */
export function ownerlessDirectory(inventory: Inventory, state: NodeState, directory: StateDirectory, engine: boolean): Violation | undefined {
  if (directory.files.length === 0) return undefined
  const addresses = directory.files.flatMap(({ address }) => address ?? []).sort(compareAddresses)
  const users = engine ? [] : addresses.flatMap((address) => inventory.holders(address).filter((pod) => pod.node === state.node))
  const owners = [...new Set(users.map(podId))].sort()
  const still = owners.length === 0 ? '' : `; ${nameList(owners)} still ${owners.length === 1 ? 'uses one' : 'use some'} of them`
  const taken = `${counted(addresses.length, 'address stays', 'addresses stay')} taken in ${directory.path} on ${state.node}`
  return {
    severity: engine ? 'info' : 'medium',
    confidence: engine || hasMultus(inventory, state) ? 'possible' : 'likely',
    cause: engine ? 'other-engine' : 'abandoned-network',
    message: engine
      ? `${directory.path} on ${state.node} looks like a network of another engine (podman, nerdctl, LXC); it was not judged`
      : `${taken}, and no configuration names network ${directory.network}: no DEL looks there any more${still}`,
    domain: domainOf(state, directory),
    addresses: addresses.map(formatAddress),
    nodes: [state.node],
    owners,
    subject: [directory.network],
    evidence: [{ source: directory.origin, fact: `${directory.files.length} allocation files` }],
  }
}
