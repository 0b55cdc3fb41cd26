// SRC-901: what could not be read, and what leaves open how to read the rest. It has no severity of its own: the run ends incomplete.
import type { Evidence, Gap, Violation } from '../model/finding.ts'
import { groupBy } from '../model/group-by.ts'
import type { Inventory } from '../model/merge-inventory.ts'
import { defineRule } from './define-rule.ts'
import { counted, nameList } from './facts/name-list.ts'

const EVIDENCE = 20

interface Unread {
  readonly source: string
  readonly what: string
  readonly node: string | undefined
  readonly evidence: Evidence
}

const STATUS = { partial: 'was not read whole', forbidden: 'may not be read', failed: 'could not be read' } as const

function unread(inventory: Inventory): Unread[] {
  const lists = inventory.coverage.flatMap(({ source, status, error }): Unread[] => {
    if (status === 'complete' || status === 'absent') return []
    const evidence = { source, fact: error ?? STATUS[status] }
    return [{ source, what: `${STATUS[status]}${error === null ? '' : `: ${error}`}`, node: undefined, evidence }]
  })
  const records = inventory.problems.flatMap(({ kind, source, node, message, origin }): Unread[] =>
    kind === 'unreadable' ? [{ source, what: `holds what could not be used: ${message}`, node, evidence: { source: origin, fact: message } }] : [],
  )
  const directories = inventory.nodeStates.flatMap((state) =>
    state.directories.flatMap((directory): Unread[] => {
      const files = directory.files.filter((file) => file.fault === 'unreadable').length
      const what = directory.error ?? (files === 0 ? undefined : `the owners in ${counted(files, 'allocation file')} may not be read; run as root`)
      const source = directory.origin
      return what === undefined ? [] : [{ source, what: `was not read whole: ${what}`, node: state.node, evidence: { source, fact: what } }]
    }),
  )
  // A file that no runtime would load: which network it was meant to configure is not known, nor what it would have changed.
  const told = new Set(records.map((record) => record.evidence.source))
  const configurations = inventory.nodeStates.flatMap((state) =>
    state.configFiles.flatMap(({ name, error }): Unread[] => {
      const source = `${state.origin}/${name}`
      return error === undefined || told.has(source)
        ? []
        : [{ source, what: `cannot be used as a CNI configuration: ${error}`, node: state.node, evidence: { source, fact: error } }]
    }),
  )
  return [...lists, ...records, ...directories, ...configurations]
}

const moreThan = (items: readonly Unread[]): string => (items.length > 1 ? ` (and ${items.length - 1} more, see the evidence)` : '')

/** One finding for each source, however many of its records are bad. */
function* incompleteSources(inventory: Inventory): Generator<Violation> {
  for (const [source, items] of groupBy(unread(inventory), (item) => item.source)) {
    yield {
      cause: 'unreadable',
      message: `${source} ${items[0]?.what}${moreThan(items)}`,
      nodes: [...new Set(items.flatMap((item) => item.node ?? []))].sort(),
      subject: [source],
      evidence: items.slice(0, EVIDENCE).map((item) => item.evidence),
    }
  }
}

/** Lists make the run incomplete by their coverage; what is only a record or a file does it here. */
function gaps(inventory: Inventory): Gap[] {
  const covered = new Set(inventory.coverage.filter(({ status }) => status !== 'complete' && status !== 'absent').map(({ source }) => source))
  const open = unread(inventory).filter(({ source }) => !covered.has(source))
  return [...groupBy(open, ({ source }) => source)].map(([source, items]) => ({
    reason: `${source} ${items[0]?.what}${moreThan(items)}`,
    whole: false,
    incomplete: true,
  }))
}

/** The rules judge by the mode; where the signs contradict each other or there are none, a person must know. */
function* unclearMode(inventory: Inventory): Generator<Violation> {
  const strongest = Math.max(0, ...inventory.signals.map((signal) => signal.weight))
  const signals = inventory.signals
    .filter((signal) => signal.weight === strongest)
    .sort((a, b) => (`${a.mode}\0${a.fact}` < `${b.mode}\0${b.fact}` ? -1 : 1))
  const modes = [...new Set(signals.map((signal) => signal.mode))].sort()
  if (modes.length > 1) {
    yield {
      cause: 'several-systems',
      message: `several systems look as if they handed out the default network's addresses: ${nameList(modes)}; the rules took ${inventory.mode}`,
      subject: modes,
      evidence: signals.slice(0, EVIDENCE).map((signal) => ({ source: signal.origin, fact: `${signal.mode}: ${signal.fact}` })),
    }
  }
  if (inventory.mode === 'unknown' && inventory.pods.length > 0) {
    yield {
      cause: 'unknown-mode',
      message: `nothing in the input says which system hands out the addresses of its ${counted(inventory.pods.length, 'pod')}; rules that depend on it are not evaluated`,
      subject: ['mode'],
      evidence: [{ source: 'pods', fact: 'no network daemon, no node ranges and no CNI configuration were found' }],
    }
  }
}

export const inputsIncompleteOrSkewed = defineRule({
  id: 'SRC-901',
  name: 'inputs-incomplete-or-skewed',
  title: 'Something could not be read',
  severity: 'info',
  revision: 1,
  why: 'What could not be looked at is not fine: a clean report of half the input hides the other half.',
  predicate:
    'A list that was forbidden, failed or read in part; a record, a state file or a CNI configuration that could not be used; several systems with equally strong signs of handing out the default network’s addresses; pods, and no sign of any. One finding for each source; the run ends with its own exit code (3).',
  guards: ['Kinds that the input simply does not hold are no fault; the rules that need them say so.'],
  playbook: 'R18',
  links: ['https://github.com/k8snetworkplumbingwg/whereabouts/issues/207', 'https://github.com/projectcalico/calico/issues/6161'],
  gaps,
  *check(inventory) {
    yield* incompleteSources(inventory)
    yield* unclearMode(inventory)
  },
})
