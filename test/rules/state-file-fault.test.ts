// CFG-603: files that no DEL can free, cursors, foreign entries and abandoned networks; other engines' directories are left alone.
import { describe, expect, test } from 'vitest'
import type { InventoryPart, Pod } from '../../src/model/inventory.ts'
import type { AllocationFile, AllocationFileFault, NodeState, StateDirectory } from '../../src/model/node-state.ts'
import { parseAddress } from '../../src/net/index.ts'
import { stateFileFault as rule } from '../../src/rules/state-file-fault.ts'
import { directory, file, inventory, network, node, nodeState, pod } from '../inventory.ts'
import { findingsOf, found, gapsOf } from './run-one.ts'

const podnet = network('podnet', ['10.9.0.0/28'])
const bad = (name: string, fault: AllocationFileFault, rest: Partial<AllocationFile> = {}): AllocationFile =>
  file(name, fault === 'empty' || fault === 'nul-filled' || fault === 'unreadable' ? '' : 'abc', 60, { fault, ...rest })
const good = (count: number): AllocationFile[] => Array.from({ length: count }, (_, i) => file(`10.9.0.${i + 2}`, `id${i}`, 60))

const given = (directories: readonly StateDirectory[], rest: InventoryPart = {}, state: Partial<NodeState> = {}) =>
  inventory({ nodeStates: [nodeState('n1', [podnet], directories, state)], ...rest })
const store = (...files: readonly AllocationFile[]) => [directory('n1', 'podnet', files)]
const noConfiguration = { configurationKnown: false, networks: [], configFiles: [] }

describe('files', () => {
  test.each([
    ['empty', given(store(bad('10.9.0.9', 'empty'))), ['medium empty | 10.9.0.9 | n1']],
    ['NUL bytes', given(store(bad('10.9.0.9', 'nul-filled'))), ['medium nul-filled | 10.9.0.9 | n1']],
    ['line feed only', given(store(bad('10.9.0.9', 'line-feed-only'))), ['medium line-feed-only | 10.9.0.9 | n1 | abc']],
    ['junk', given(store(bad('10.9.0.9', 'junk-owner'))), ['medium junk-owner | 10.9.0.9 | n1 | abc']],
    ['a link', given(store(bad('10.9.0.9', 'not-a-regular-file'))), ['medium not-a-regular-file | 10.9.0.9 | n1 | abc']],
    ['too large', given(store(bad('10.9.0.9', 'too-large'))), ['medium too-large | 10.9.0.9 | n1 | abc']],
    [
      'another spelling, shown as canonical text',
      given(store(bad('10.9.0.09', 'other-spelling', { address: parseAddress('10.9.0.9') }))),
      ['medium other-spelling | 10.9.0.9 | n1 | abc'],
    ],
    [
      'high on a range of 13 addresses that has 11 taken',
      given(store(...good(9), bad('10.9.0.13', 'empty'), bad('10.9.0.14', 'nul-filled'))),
      ['high empty | 10.9.0.13 | n1', 'high nul-filled | 10.9.0.14 | n1'],
    ],
    ['medium with 10 of 13', given(store(...good(9), bad('10.9.0.13', 'empty'))), ['medium empty | 10.9.0.13 | n1']],
    [
      'another fault stays medium on a full range',
      given(store(...good(10), bad('10.9.0.13', 'junk-owner'))),
      ['medium junk-owner | 10.9.0.13 | n1 | abc'],
    ],
    ['an address outside of the full range stays medium', given(store(...good(12), bad('10.7.0.13', 'empty'))), ['medium empty | 10.7.0.13 | n1']],
    [
      'unreadable files are one low finding',
      given(store(bad('10.9.0.2', 'unreadable'), bad('10.9.0.3', 'unreadable'))),
      ['low unreadable | 10.9.0.2 10.9.0.3 | n1'],
    ],
    ['where no configuration was given', given(store(bad('10.9.0.9', 'empty')), {}, noConfiguration), ['medium empty | 10.9.0.9 | n1']],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })

  test('a live pod behind the file is named; a young file is likely only', () => {
    const inv = given(store(bad('10.9.0.9', 'line-feed-only', { mtime: Date.parse('2026-11-23T11:59:00Z') })), {
      pods: [pod('shop/web-1', 'n1', ['10.9.0.9'])],
    })
    const [finding] = findingsOf(rule, inv)
    expect(finding?.message).toBe(
      '10.9.0.9 on n1 stays taken: its allocation file has a line feed where host-local writes CR LF, and owners are compared to the letter: no DEL can free it; delete the file under the lock of its directory once no pod on the node has the address. shop/web-1 uses it now',
    )
    expect(finding?.confidence).toBe('likely')
    expect(findingsOf(rule, given(store(bad('10.9.0.9', 'empty'))))[0]?.confidence).toBe('certain')
  })

  test('nothing for good files, those of old versions and Windows names', () => {
    const old = file('10.9.0.3', 'id', 60, { interface: undefined })
    const windows = file('fd00__2', 'id', 60, { address: parseAddress('fd00::2') })
    expect(found(rule, given(store(file('10.9.0.2', 'id', 60), old, windows)))).toEqual([])
  })
})

describe('cursors', () => {
  const cursor = (name: string, text: string) => given([directory('n1', 'podnet', [], { cursors: [{ name, text }] })])
  test.each([
    ['last_reserved_ip.0', '10.9.0.7\n', ['low cursor-unparsable |  | n1']],
    ['last_reserved_ip.0', '10.7.0.7', ['low cursor-outside | 10.7.0.7 | n1']],
    ['last_reserved_ip.3', '10.7.0.7', ['info cursor-dropped | 10.7.0.7 | n1']],
    ['last_reserved_ip.0', '', ['info cursor-empty |  | n1']],
    ['last_reserved_ip.0', '10.9.0.7', []],
  ])('%s %j', (name, text, expected) => {
    expect(found(rule, cursor(name, text))).toEqual(expected)
  })
})

describe('directories', () => {
  const old = (files: readonly AllocationFile[] = [file('10.8.0.3', 'a', 60), file('10.8.0.2', 'b', 60)], name = 'old') => [
    directory('n1', name, files),
  ]
  const live = (rest: Partial<Pod>, ips: readonly string[] = []) => ({ pods: [pod('shop/a', 'n1', ips, rest)] })

  test.each([
    ['one that no configuration names', given(old()), ['medium abandoned-network | 10.8.0.2 10.8.0.3 | n1']],
    ['its faults are not repeated one by one', given(old([bad('10.8.0.2', 'empty')])), ['medium abandoned-network | 10.8.0.2 | n1']],
    ['live pods that still use it are named', given(old(), live({}, ['10.8.0.3'])), ['medium abandoned-network | 10.8.0.2 10.8.0.3 | n1 | shop/a']],
    ['podman’s', given(old(undefined, 'podman')), ['info other-engine | 10.8.0.2 10.8.0.3 | n1']],
    ['nerdctl’s default network', given(old(undefined, 'bridge')), ['info other-engine | 10.8.0.2 10.8.0.3 | n1']],
    ['owners shaped like nerdctl’s', given(old([file('10.4.0.2', `default-${'0a'.repeat(32)}`, 60)], 'lan')), ['info other-engine | 10.4.0.2 | n1']],
    [
      'foreign entries in one finding',
      given([
        directory('n1', 'podnet', [], {
          unknown: [
            { name: '10.9.0.300', kind: 'file' },
            { name: '10.9.0.2.bak', kind: 'file' },
          ],
        }),
      ]),
      ['info unknown-entries |  | n1'],
    ],
    ['a name that no network can have', given([directory('n1', '-x y', [])]), ['info invalid-network-name |  | n1']],
  ])('%s', (_, inv, expected) => {
    expect(found(rule, inv)).toEqual(expected)
  })

  test('where Multus runs, a network attachment may name the directory: only possible', () => {
    const other = [{ network: 'shop/vlan7', name: 'net1', addresses: [parseAddress('10.6.0.2')] }]
    expect(findingsOf(rule, given(old()))[0]?.confidence).toBe('likely')
    expect(findingsOf(rule, given(old(), live({ interfaces: other })))[0]?.confidence).toBe('possible')
  })

  test('the message lists foreign entries', () => {
    const unknown = [
      { name: '10.9.0.300', kind: 'file' },
      { name: 'nested', kind: 'directory' },
    ]
    expect(findingsOf(rule, given([directory('n1', 'podnet', [], { unknown })]))[0]?.message).toBe(
      '/var/lib/cni/networks/podnet on n1 holds 2 entries that host-local did not write: 10.9.0.300, nested; it reads them all at every DEL, directories too',
    )
  })

  const attached = [{ network: 'shop/vlan7', name: 'net1', addresses: [parseAddress('10.8.0.3')] }]
  test.each([
    ['an empty leftover', given(old([]))],
    ['without any configuration nothing is abandoned', given(old(), {}, noConfiguration)],
    ['T22: a pod has one of its addresses on a secondary network', given(old(), live({ interfaces: attached }))],
    [
      'T19: faults in podman’s directory without a configuration',
      given([directory('n1', 'podman', [bad('10.8.0.2', 'empty')])], {}, noConfiguration),
    ],
    [
      'T19: faults in a network that the runtime does not take',
      given([directory('n1', 'podman', [bad('10.8.0.2', 'empty')])], {}, { networks: [podnet, network('podman', ['10.8.0.0/24'], { order: 1 })] }),
    ],
    ['a network that Multus attaches', given(old(), {}, { networks: [podnet, { ...network('old', ['10.8.0.0/24']), order: undefined }] })],
  ])('silent: %s', (_, inv) => {
    expect(found(rule, inv)).toEqual([])
  })
})

test('what keeps it from being evaluated', () => {
  expect(gapsOf(rule, inventory({ nodes: [node('n1', [])] }))).toEqual(['!state files: the input holds no host-local state of any node'])
  expect(
    gapsOf(rule, given([directory('n1', 'podnet', [], { error: 'EACCES' }), ...store(bad('10.9.0.2', 'unreadable'))], {}, noConfiguration)),
  ).toEqual([
    '~state files: nodes/n1/var/lib/cni/networks/podnet could not be read: EACCES',
    '~state files: 1 files of nodes/n1/var/lib/cni/networks/podnet could not be read',
    'abandoned networks: no usable CNI configuration of n1 in the input',
  ])
  expect(gapsOf(rule, given(store()))).toEqual([])
})
