// The tables of an explanation.
import type { AddressRow, Explanation, RangeRow, SourceRow, Step } from '../explain/explanation.ts'
import { showTime } from '../model/show-time.ts'
import { formatAddress, formatRange } from '../net/index.ts'
import { countText } from './count-text.ts'
import type { Cell, Column, Table } from './report.ts'

const left = (title: string, rest: Partial<Column> = {}): Column => ({ title, align: 'left', ...rest })
const right = (title: string): Column => ({ title, align: 'right' })

/** Rows that a person reads; the machine formats have all. */
const MOST_ROWS = 50

function tableOf(title: string, which: string, columns: readonly Column[], rows: readonly (readonly Cell[])[]): Table {
  const shown = rows.slice(0, MOST_ROWS)
  const cut = shown.length < rows.length ? ` (the ${which} ${MOST_ROWS} of ${rows.length}; -o json has all)` : ''
  return { title: `${title}${cut}`, columns, rows: shown, rowCount: shown.length }
}

const MARKS = { says: '', nothing: '', 'not-read': '! ', absent: '' } as const

const sourceRow = ({ source, status, says, origin, recordedAt }: SourceRow): Cell[] => [
  `${MARKS[status]}${source}`,
  `${says}${recordedAt === undefined ? '' : ` (${showTime(recordedAt)})`}`,
  origin ?? '',
]

const KINDS: Readonly<Record<RangeRow['kind'], string>> = {
  ...{ pool: 'pool', block: 'block', declared: 'declared', attachment: 'attachment' },
  ...{ subnet: 'cloud subnet', outside: 'outside', reservation: 'reserved', 'special use': 'special use' },
}

function rangeRow({ kind, system, name, node, range, usage, note, origin }: RangeRow): Cell[] {
  const share = usage === undefined || usage.capacity === 0n ? undefined : Number((usage.allocated * 1000n) / usage.capacity) / 1000
  return [
    KINDS[kind],
    `${name}${node === undefined ? '' : `${name === '' ? '' : ' '}of ${node}`}${note === '' ? '' : ` (${note})`}`,
    system,
    formatRange(range),
    share === undefined ? '-' : { bar: share, label: `${Math.round(share * 100)} %` },
    usage === undefined ? '-' : countText(usage.allocated),
    usage === undefined ? '-' : countText(usage.available),
    usage === undefined ? '-' : countText(usage.capacity),
    origin,
  ]
}

const addressRow = ({ address, state, holder, since, node, origin }: AddressRow): Cell[] => [
  formatAddress(address),
  state,
  holder,
  since === undefined ? '-' : showTime(since),
  node ?? '-',
  origin,
]

const stepRow = ({ what, origin }: Step, index: number): Cell[] => [`${index + 1}.`, what, origin ?? '']

const WHERE = left('WHERE', { flexible: true, wraps: true })

const ADDRESSES = { address: 'Addresses', pod: 'Its addresses', range: 'Addresses in it', node: 'Addresses that no live pod has' } as const

export function explanationTables({ subject, sources, why, ranges, addresses }: Explanation): Table[] {
  const places = [
    left('ADDRESS'),
    left('STATE'),
    left('HOLDER', { flexible: true, wraps: true }),
    left('SINCE'),
    left('NODE', { wide: true }),
    { ...WHERE, wide: true },
  ]
  const known = subject.kind === 'pod' && addresses.length < 2 ? [] : addresses
  return [
    tableOf('Sources', 'first', [left('SOURCE'), left('SAYS', { flexible: true, wraps: true }), WHERE], sources.map(sourceRow)),
    tableOf('Why', 'first', [left(''), left('STEP', { flexible: true, wraps: true }), WHERE], why.map(stepRow)),
    tableOf(
      'Ranges',
      'largest',
      [
        ...[left('WHAT'), left('NAME', { flexible: true, wraps: true }), left('SYSTEM', { flexible: true, wraps: true }), left('RANGE')],
        ...[left('USED'), right('TAKEN'), right('FREE'), right('SIZE'), left('SOURCE', { wide: true, flexible: true })],
      ],
      ranges.map(rangeRow),
    ),
    tableOf(ADDRESSES[subject.kind], subject.kind === 'node' ? 'oldest' : 'first', places, known.map(addressRow)),
  ].filter(({ rowCount }) => rowCount > 0)
}
