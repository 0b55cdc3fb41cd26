// CSV with a header: the project's own columns, and what NetBox and phpIPAM export; which one it is, its columns tell.
import { type CsvRecord, readCsv } from './csv-records.ts'
import { type EntryFacts, type ExternalSink, nameOr } from './external-reading.ts'

/** Columns that hold the addresses, best first: own, NetBox's prefixes, phpIPAM's subnets. */
const ADDRESS_COLUMNS = ['cidr', 'range', 'prefix', 'prefix (flat)', 'prefix_flat', 'subnet', 'network'] as const
const YES = new Set(['true', 'yes', 'y', '1', 'x'])
const NO = new Set(['false', 'no', 'n', '0', ''])

const SEPARATORS = [',', ';', '\t']

/** Cells of the first line that is no comment, split by the separator that gives most of them. */
function headerOf(text: string): { readonly separator: string; readonly columns: readonly string[] } {
  const first = text.split(/\r\n|\n|\r/).find((line) => line.trim() !== '' && !line.startsWith('#')) ?? ''
  const splits = SEPARATORS.map((separator) => ({ separator, columns: readCsv(first, separator).records[0]?.cells ?? [] }))
  const best = splits.reduce((a, b) => (b.columns.length > a.columns.length ? b : a))
  return { separator: best.separator, columns: best.columns.map(plainName) }
}

/** `viaNat`, `via_nat` and `Via NAT` are one name. */
const plainName = (cell: string): string => cell.trim().toLowerCase()
const squeezed = (name: string): string => name.toLowerCase().replaceAll(/[\s_-]/g, '')

export function looksLikeTable(text: string): boolean {
  const { columns } = headerOf(text)
  return columns.some((column) => (ADDRESS_COLUMNS as readonly string[]).includes(column))
}

interface Row {
  readonly line: number
  /** Empty where the column or the cell is missing. */
  cell(name: string): string
}

export function readTable(text: string, sink: ExternalSink): void {
  const { separator, columns } = headerOf(text)
  const { records, fault } = readCsv(text, separator)
  const places = new Map(columns.map((name, i) => [squeezed(name), i]))
  const addressColumns = ADDRESS_COLUMNS.filter((name) => columns.includes(name))
  const isPhpIpam = columns.includes('master subnet') || (columns.includes('subnet') && columns.includes('section'))
  const isNetBox = !isPhpIpam && columns.some((name) => name.startsWith('prefix')) && (columns.includes('status') || columns.includes('vrf'))
  const rows = records.filter(({ cells }) => !(cells[0] ?? '').startsWith('#')).slice(1)
  const rowOf = ({ line, cells }: CsvRecord): Row => ({ line, cell: (name) => (cells[places.get(squeezed(name)) ?? -1] ?? '').trim() })
  // The parts of a network that is split are listed themselves.
  const parents = new Set(isPhpIpam ? rows.map((record) => rowOf(record).cell('master subnet')) : [])
  for (const record of rows) {
    if (record.cells.length > columns.length) {
      sink.problem(
        record.line,
        `there are ${record.cells.length} cells under ${columns.length} columns; put quotes around a cell with "${separator}" in it`,
      )
      continue
    }
    const row = rowOf(record)
    const text = addressColumns.map((name) => row.cell(name)).find((cell) => cell !== '') ?? ''
    if (isPhpIpam) phpIpamRow(row, text, parents, sink)
    else if (isNetBox) netBoxRow(row, text, sink)
    else ownRow(row, text, sink)
  }
  if (fault !== undefined) sink.problem(fault.line, fault.message)
}

/** phpIPAM app/admin/import-export/export-subnets.php: folders have no addresses, and `/` stands for no master subnet. */
function phpIpamRow(row: Row, text: string, parents: ReadonlySet<string>, sink: ExternalSink): void {
  if (text.endsWith('(folder)') || parents.has(text)) return
  sink.network(row.line, text, registerFacts(nameOr(row.cell('description'), text), row.cell('section'), row.cell('vrf')))
}

/** NetBox's table export shows the depth of a prefix by bullets, and `Global` for no VRF; a container only sums up what is listed below it. */
function netBoxRow(row: Row, shown: string, sink: ExternalSink): void {
  const text = shown.replace(/^[\s•]+/, '')
  if (row.cell('status').toLowerCase() === 'container') return
  const vrf = row.cell('vrf')
  sink.network(row.line, text, registerFacts(nameOr(row.cell('description'), text), row.cell('role'), vrf.toLowerCase() === 'global' ? '' : vrf))
}

/** Nobody can tell whether the cluster is in a VRF or outside of it, so its networks are kept and not compared. */
export const registerFacts = (name: string, what: string, vrf: string): EntryFacts => ({
  name,
  reachable: vrf === '',
  fromRegister: true,
  ...(what === '' ? {} : { what }),
  ...(vrf === '' ? {} : { vrf }),
})

function ownRow(row: Row, text: string, sink: ExternalSink): void {
  if (text === '') {
    sink.problem(row.line, 'there is no address; fill in the column cidr or range')
    return
  }
  const flag = (name: string): boolean => {
    const cell = row.cell(name).toLowerCase()
    if (!YES.has(cell) && !NO.has(cell)) sink.problem(row.line, `${name} is ${JSON.stringify(row.cell(name))}; write yes or no`)
    return YES.has(cell)
  }
  const hidden = flag('unreachable') || flag('viaNat') || (row.cell('reachable') !== '' && !flag('reachable'))
  const kind = row.cell('kind')
  if (kind.toLowerCase() === 'own') return
  const name = nameOr(row.cell('name') || row.cell('description'), text)
  sink.network(row.line, text, { name, reachable: !hidden, ...(kind === '' ? {} : { what: kind }) })
}
