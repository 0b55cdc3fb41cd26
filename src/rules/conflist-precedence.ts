// CFG-601: the configuration that comes first on a node is not the one that should.
import type { Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import { defineRule } from './define-rule.ts'
import { cidrTexts } from './facts/canonical-text.ts'
import { type WrongFirst, wrongFirstConfigurations } from './facts/first-configuration.ts'
import { nameList } from './facts/name-list.ts'
import { fixedDefault, needsConfiguration } from './facts/node-configuration.ts'
import { baseName } from './facts/runtime-sample.ts'

const what = (found: WrongFirst): string => `${baseName(found.first.name)} (network ${found.first.network})`

function reason(found: WrongFirst): string {
  const later = found.others.length === 0 ? '' : ` before ${found.others.map((file) => baseName(file.name)).join(', ')}`
  const expected = found.expected === undefined ? '' : `; most other nodes use ${found.expected}`
  switch (found.cause) {
    case 'runtime-sample':
      return `the runtime takes ${what(found)}${later}, a sample with a fixed range of its own${expected}`
    case 'shadowed':
      return `the runtime takes ${what(found)}${later}${expected}`
    case 'several-files':
      return `the folder holds several configurations and the order of names decides: the runtime takes ${what(found)}${later}`
  }
}

function violationOf(group: readonly WrongFirst[], first: WrongFirst): Violation {
  const nodes = [...new Set(group.map(({ state }) => state.node))].sort()
  const ranges = group.flatMap(({ state }) => fixedDefault(state)?.ranges ?? [])
  return {
    severity: first.cause === 'several-files' ? 'low' : 'high',
    cause: first.cause,
    message: `on ${nameList(nodes)} ${reason(first)}`,
    addresses: cidrTexts(ranges.map((range) => range.subnet)),
    nodes,
    subject: [baseName(first.first.name)],
    evidence: group.slice(0, 5).map(({ state }) => ({
      source: state.origin,
      fact: `configuration in the runtime's order: ${state.configFiles.map((file) => baseName(file.name)).join(', ')}`,
    })),
  }
}

export const conflistPrecedence = defineRule({
  id: 'CFG-601',
  name: 'conflist-precedence',
  title: 'Another CNI configuration comes first',
  severity: 'high',
  revision: 1,
  why: 'The runtime uses the first file in bytewise order of names. A leftover or a sample that sorts early gives pods addresses of a range that nobody routes.',
  predicate:
    'The first readable configuration of the runtime’s folder is a sample of a runtime or engine, while another file is there or other nodes use another network; or a later file is 00-multus* or the network that more of the other nodes have first. High, nodes with the same first file together. Low: several files, and nothing says which one is meant.',
  guards: [
    '00-multus* first, and type multus first, are meant.',
    'Backup suffixes (.bak, .cilium_bak, .k8s_backup) are no configuration; loopback is no rival; Multus’s own folder is another one.',
    'containerd’s conf_template writes 10-containerd-net.conflist with the node’s own range: no sample.',
    'Two nodes that disagree prove nothing about each other; nodes are compared within one operating system.',
    'Nodes whose range other nodes hand out too are DUP-103’s, unless a sample sorts before the real configuration.',
  ],
  playbook: 'R17',
  links: [
    'https://github.com/flannel-io/flannel/issues/1437',
    'https://github.com/cri-o/cri-o/issues/2411',
    'https://github.com/projectcalico/calico/issues/6243',
  ],
  gaps: (inventory) => needsConfiguration(inventory, 'order of CNI configurations'),
  *check(inventory) {
    const groups = groupBy(wrongFirstConfigurations(inventory), (found) =>
      [found.cause, found.first.name, found.first.network, found.expected, ...found.others.map((file) => file.name)].join('\0'),
    )
    for (const group of groups.values()) if (group[0] !== undefined) yield violationOf(group, group[0])
  },
})
