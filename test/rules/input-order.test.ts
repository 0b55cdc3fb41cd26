// The same facts in another order give the same findings to the letter: for the rules on node ranges, configuration and state files.
import { expect, test } from 'vitest'
import type { InventoryPart, Problem } from '../../src/model/inventory.ts'
import { mergeInventory } from '../../src/model/merge-inventory.ts'
import type { AllocationFile, NodeState } from '../../src/model/node-state.ts'
import { parseCidr } from '../../src/net/index.ts'
import { ambiguousAddressText } from '../../src/rules/ambiguous-address-text.ts'
import { conflistPrecedence } from '../../src/rules/conflist-precedence.ts'
import { diskVsApi } from '../../src/rules/disk-vs-api.ts'
import { familyMismatch } from '../../src/rules/family-mismatch.ts'
import { inputsIncompleteOrSkewed } from '../../src/rules/inputs-incomplete-or-skewed.ts'
import { nodeLocalIpamOnSharedRange } from '../../src/rules/node-local-ipam-on-shared-range.ts'
import { podIpOutsideRange } from '../../src/rules/pod-ip-outside-range.ts'
import { rangeLint } from '../../src/rules/range-lint.ts'
import { rangeOutsideDeclaredPool } from '../../src/rules/range-outside-declared-pool.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import { stateFileFault } from '../../src/rules/state-file-fault.ts'
import { declared, directory, file, modeIs, NOW, network, node, nodeState, pod } from '../inventory.ts'
import { GRACE } from './run-one.ts'

const rules = [
  nodeLocalIpamOnSharedRange,
  rangeOutsideDeclaredPool,
  familyMismatch,
  diskVsApi,
  podIpOutsideRange,
  conflistPrecedence,
  rangeLint,
  stateFileFault,
  ambiguousAddressText,
  inputsIncompleteOrSkewed,
]

const empty = (name: string): AllocationFile => file(name, '', 60, { fault: 'empty' })
const problem = (kind: Problem['kind'], subject: string): Problem => ({
  kind,
  source: 'nodes/n1',
  subject,
  message: `${subject} is wrong`,
  origin: `nodes/n1/${subject}`,
  addresses: ['10.0.0.01'],
})
const states: readonly NodeState[] = [
  nodeState('n1', [network('podnet', ['10.88.0.0/24'])], [directory('n1', 'podnet', [file('10.88.0.2', 'a', 60), file('10.88.0.3', 'b', 60)])]),
  nodeState('n2', [network('podnet', ['10.88.0.0/23'])], [directory('n2', 'podnet', [file('10.88.0.3', 'c', 60), file('10.88.0.2', 'd', 60)])]),
  nodeState(
    'n3',
    [network('podnet', ['10.7.0.0/24'])],
    [directory('n3', 'podnet', [empty('10.7.0.4'), empty('10.7.0.3')]), directory('n3', 'old', [empty('10.8.0.2')])],
  ),
  nodeState('n4', [network('podnet', ['10.244.4.0/24'])], [directory('n4', 'podnet', [file('10.6.0.3', 'e', 60), file('10.6.0.2', 'f', 60)])]),
  ...['n5', 'n6'].map((name, i) =>
    nodeState(name, [network('late', [`10.244.${5 + i}.0/24`]), network('podnet', [], { order: 1 })], [], {
      flannel: { networks: [parseCidr('10.3.0.0/16')], subnets: [], origin: `nodes/${name}/run/flannel/subnet.env` },
    }),
  ),
]
const part: InventoryPart = {
  nodes: ['n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((name, i) => node(name, [`10.244.${i + 1}.0/24`, ...(i < 4 ? [`fd00:${i}::/64`] : [])])),
  pods: ['n1', 'n2', 'n3', 'n4', 'n5'].flatMap((name) => ['10.9.0.9', '10.6.0.2', '10.6.0.3'].map((ip, i) => pod(`shop/${name}-${i}`, name, [ip]))),
  nodeStates: states,
  blocks: [
    ...['n1', 'n2'].map((name, i) => ({
      system: 'node-cidr',
      pool: 'cluster',
      domain: 'default',
      cidr: parseCidr(`10.5.${i}.0/24`),
      node: name,
      origin: 'nodes',
    })),
    ...['n3', 'n4', 'n5'].map((name, i) => ({
      system: 'node-cidr',
      pool: 'cluster',
      domain: 'default',
      cidr: parseCidr(`10.244.${i}.0/${24 + i}`),
      node: name,
      origin: 'nodes',
    })),
  ],
  declared: [
    declared('pods', '10.244.0.0/16', 'kubeadm-config'),
    declared('pods', '10.4.0.0/16', 'kube-proxy clusterCIDR'),
    declared('pods', '10.3.0.0/16', 'flannel net-conf.json'),
    declared('services', '10.96.0.0/16'),
    declared('services', 'fd00:96::/112'),
  ],
  signals: [modeIs('nodeipam+host-local'), modeIs('gke')],
  problems: [
    problem('wrong-range', 'a'),
    problem('wrong-range', 'b'),
    problem('ambiguous', 'c'),
    problem('ambiguous', 'd'),
    problem('unreadable', 'e'),
    problem('unreadable', 'f'),
  ],
  coverage: ['pods', 'nodes', 'services'].map((source) => ({ source, status: 'partial' as const, read: 9, error: 'cut short' })),
}

const turned = (given: InventoryPart): InventoryPart =>
  Object.fromEntries(
    Object.entries(given).map(([key, list]) => [
      key,
      [...(list as readonly unknown[])].reverse().map((item) =>
        key === 'nodeStates'
          ? {
              ...(item as NodeState),
              directories: [...(item as NodeState).directories].reverse().map((dir) => ({ ...dir, files: [...dir.files].reverse() })),
            }
          : item,
      ),
    ]),
  )

test('every rule finds something, and the same in any order of the input', () => {
  const facts = { cluster: 'test', now: NOW, collectedAt: NOW, newestFile: undefined, coverage: [] }
  const [one, other] = [part, turned(part)].map((given) => runRules(rules, mergeInventory([given], facts), GRACE))
  expect(new Set(one?.findings.map((finding) => finding.rule)).size).toBe(rules.length)
  expect(other).toEqual(one)
})
