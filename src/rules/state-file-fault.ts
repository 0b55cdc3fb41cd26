// CFG-603: files in host-local's state directories that do not work as host-local means them.
import type { Gap, Violation } from '../model/finding.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { defineRule, type RuleOptions } from './define-rule.ts'
import { cursorFaults, foreignEntries, ownerlessDirectory } from './facts/directory-faults.ts'
import { useOf } from './facts/directory-use.ts'
import { fileFaults } from './facts/file-faults.ts'
import { nameList } from './facts/name-list.ts'

function* check(inventory: Inventory, options: RuleOptions): Generator<Violation> {
  for (const state of inventory.nodeStates) {
    for (const directory of state.directories) {
      const use = useOf(inventory, state, directory)
      if (use === 'pods') {
        yield* fileFaults(inventory, state, directory, options)
        yield* cursorFaults(inventory, state, directory)
      } else if (use !== 'idle' && state.configurationKnown) {
        const violation = ownerlessDirectory(inventory, state, directory, use === 'other-engine')
        if (violation !== undefined) yield violation
      }
      if (use === 'pods' || use === 'abandoned') yield* foreignEntries(state, directory)
    }
  }
}

function gaps(inventory: Inventory): readonly Gap[] {
  const states = inventory.nodeStates.filter((state) => state.directories.length > 0)
  if (states.length === 0) return [{ reason: 'state files: the input holds no host-local state of any node', whole: true }]
  const found: Gap[] = []
  for (const directory of states.flatMap((state) => state.directories)) {
    const unreadable = directory.files.filter((file) => file.fault === 'unreadable').length
    if (directory.error !== undefined)
      found.push({ reason: `state files: ${directory.origin} could not be read: ${directory.error}`, whole: false, incomplete: true })
    else if (unreadable > 0)
      found.push({ reason: `state files: ${unreadable} files of ${directory.origin} could not be read`, whole: false, incomplete: true })
  }
  const unknown = states.filter((state) => !state.configurationKnown).map((state) => state.node)
  if (unknown.length > 0)
    found.push({ reason: `abandoned networks: no usable CNI configuration of ${nameList(unknown.sort())} in the input`, whole: false })
  return found
}

export const stateFileFault = defineRule({
  id: 'CFG-603',
  name: 'state-file-fault',
  title: 'A state file that nothing can free',
  severity: 'medium',
  revision: 1,
  why: 'host-local finds an owner by the exact text of a file. What it cannot match blocks the address for ever, and nothing in Kubernetes shows it.',
  predicate:
    'In a network that pods use, a file named like an address is empty, NUL-filled, written with line feeds only, names no owner, is not a regular file, is too large, or has its address in another spelling: medium; high for an empty or NUL-filled file of a range set that is four fifths used. Medium: a directory with allocation files that no configuration names. Low: a cursor that does not parse or lies outside of its range, files that could not be read. Info: other entries, cursors of dropped range sets, directories of other engines, directory names that are no network names.',
  guards: [
    'T19: directories of podman, nerdctl and LXC are not judged; nor are those of configurations that the runtime does not take.',
    'T20: lock, last_reserved_ip.N and Windows names with "_" are host-local’s own; files with an id only are those of old versions.',
    'T22: a directory whose addresses pods show on secondary networks belongs to a network attachment; where Multus runs, an abandoned network is only possible.',
    'Where no CNI configuration was given, no network is called abandoned.',
    'A file younger than the grace may be in the making: likely at most.',
  ],
  playbook: 'R2',
  links: [
    'https://github.com/containernetworking/plugins/blob/main/plugins/ipam/host-local/backend/disk/backend.go',
    'https://github.com/containerd/containerd/issues/8774',
    'https://github.com/podman-container-tools/podman/issues/3759',
  ],
  gaps,
  check,
})
