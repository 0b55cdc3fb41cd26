// Allocation files that host-local cannot match with any DEL, and what to do about each kind.
import type { Confidence, Severity, Violation } from '../../model/finding.ts'
import { domainOf, rangesOfDirectory, usableOf } from '../../model/host-local-ranges.ts'
import type { Inventory } from '../../model/merge-inventory.ts'
import type { AllocationFile, AllocationFileFault, HostLocalRange, NodeState, StateDirectory } from '../../model/node-state.ts'
import { podId } from '../../model/pod-state.ts'
import { formatAddress, rangeHolds } from '../../net/index.ts'
import type { RuleOptions } from '../define-rule.ts'
import { nameList } from './name-list.ts'

const STUCK = 'no DEL can free it; delete the file under the lock of its directory once no pod on the node has the address'

/** What is known of each fault, from the plugin's own reading and matching (host-local backend/disk). */
const TEXTS: Readonly<Record<Exclude<AllocationFileFault, 'unreadable'>, string>> = {
  empty: `its allocation file is empty, power or disk space was lost before the owner was written: ${STUCK}`,
  'nul-filled': `its allocation file holds nothing but NUL bytes, power was lost before the owner reached the disk: ${STUCK}`,
  'line-feed-only': `its allocation file has a line feed where host-local writes CR LF, and owners are compared to the letter: ${STUCK}`,
  'junk-owner': `its allocation file names something that is no container id and interface: ${STUCK}`,
  'not-a-regular-file': `what stands in the place of its allocation file is not a regular file, and host-local did not make it: ${STUCK}`,
  'too-large': `its allocation file is far larger than any owner, host-local did not write it: ${STUCK}`,
  'other-spelling':
    'its allocation file is named in another spelling, so host-local does not see that the address is taken and can hand it out again; rename the file to the canonical text, or delete it under the lock once no pod on the node has the address',
}

/** Range sets of which four fifths and more are taken: there every stuck address brings the end nearer. */
function fullSets(ranges: readonly HostLocalRange[], files: readonly AllocationFile[]): ReadonlySet<number> {
  const full = new Set<number>()
  for (const set of new Set(ranges.map((range) => range.set))) {
    const own = ranges.filter((range) => range.set === set)
    const usable = own.reduce((sum, range) => sum + usableOf(range), 0n)
    const used = files.filter(({ address }) => address !== undefined && own.some(({ range }) => rangeHolds(range, address))).length
    if (BigInt(used) * 100n >= usable * 80n) full.add(set)
  }
  return full
}

/** An empty file seconds old may be between its creation and the write of its owner. */
function confidenceOf(file: AllocationFile, state: NodeState, options: RuleOptions): Confidence {
  return state.timesKnown && file.mtime < state.collectedAt - options.grace ? 'certain' : 'likely'
}

function violationOf(
  inventory: Inventory,
  state: NodeState,
  directory: StateDirectory,
  file: AllocationFile,
  severity: Severity,
  options: RuleOptions,
): Violation | undefined {
  if (file.address === undefined || file.fault === undefined || file.fault === 'unreadable') return undefined
  const address = formatAddress(file.address)
  const users = inventory.holders(file.address).filter((pod) => pod.node === state.node)
  const inUse = users.length === 0 ? '' : `. ${nameList(users.map(podId))} uses it now`
  const owner = file.sandbox === '' ? 'no owner' : `owner ${file.sandbox}`
  return {
    severity,
    confidence: confidenceOf(file, state, options),
    cause: file.fault,
    message: `${address} on ${state.node} stays taken: ${TEXTS[file.fault]}${inUse}`,
    domain: domainOf(state, directory),
    addresses: [address],
    nodes: [state.node],
    owners: file.sandbox === '' ? [] : [file.sandbox],
    subject: [directory.network, ...(file.name === address ? [] : [file.name])],
    evidence: [{ source: `${directory.origin}/${file.name}`, fact: `${owner}, ${file.size} bytes` }],
  }
}

/** One finding for all: without root every file of a recent host-local (mode 0600 since v1.4.0) is unreadable. */
function unreadableFiles(state: NodeState, directory: StateDirectory): Violation | undefined {
  const files = directory.files.filter((file) => file.fault === 'unreadable')
  if (files.length === 0) return undefined
  const addresses = files.flatMap(({ address }) => (address === undefined ? [] : [formatAddress(address)]))
  return {
    severity: 'low',
    cause: 'unreadable',
    message: `the owners of ${nameList(addresses)} on ${state.node} could not be read; run as root, host-local makes its files readable for root only`,
    domain: domainOf(state, directory),
    addresses,
    nodes: [state.node],
    subject: [directory.network],
    evidence: [{ source: directory.origin, fact: `${files.length} of ${directory.files.length} allocation files could not be read` }],
  }
}

export function* fileFaults(inventory: Inventory, state: NodeState, directory: StateDirectory, options: RuleOptions): Generator<Violation> {
  const ranges = rangesOfDirectory(state, directory, inventory.nodeOf.get(state.node))
  const full = fullSets(ranges, directory.files)
  for (const file of directory.files) {
    const { address, fault } = file
    const ownerless = fault === 'empty' || fault === 'nul-filled'
    const pressed = ownerless && address !== undefined && ranges.some((range) => full.has(range.set) && rangeHolds(range.range, address))
    const violation = violationOf(inventory, state, directory, file, pressed ? 'high' : 'medium', options)
    if (violation !== undefined) yield violation
  }
  const unreadable = unreadableFiles(state, directory)
  if (unreadable !== undefined) yield unreadable
}
