// The tables of a plan.
import { cidrSize, formatCidr, formatRange } from '../net/index.ts'
import type { AddressPlan } from '../plan/address-plan.ts'
import { serviceCapacity } from '../plan/capacity.ts'
import { limitsOf } from '../plan/forecast.ts'
import { holdingsOf } from '../plan/other-demand.ts'
import { countText } from './count-text.ts'
import { bandOf, fullIn, share } from './plan-data.ts'
import type { Cell, Column, Table } from './report.ts'

const left = (title: string, extra: Partial<Column> = {}): Column => ({ title, align: 'left', ...extra })
const right = (title: string, extra: Partial<Column> = {}): Column => ({ title, align: 'right', ...extra })

function poolTable({ pools }: AddressPlan): Table {
  const rows = pools.flatMap(({ name, families }) =>
    families.map(({ cidr, nodePrefix, slots, withheld, used, available }): readonly Cell[] => [
      name,
      formatCidr(cidr),
      `/${nodePrefix}`,
      { bar: share(used + withheld, slots), label: `${used}/${slots}` },
      String(withheld),
      String(available),
      countText(cidrSize(cidr)),
    ]),
  )
  const columns = [
    left('POOL'),
    left('RANGE'),
    left('BLOCK'),
    left('BLOCKS USED'),
    right('RESERVED'),
    right('FREE'),
    right('ADDRESSES', { wide: true }),
  ]
  return { title: 'Pools', columns, rows, rowCount: rows.length }
}

function* nodeRows(plan: AddressPlan, width: number): Generator<readonly Cell[]> {
  for (const { name, pool, subnets, usable, maxPods } of plan.nodes()) {
    const blocks = subnets.length === width ? subnets : Array.from({ length: width }, (_, index) => subnets[index] ?? '')
    yield [name, pool, ...blocks, usable, maxPods === null ? '-' : String(maxPods)]
  }
}

function nodeTable(plan: AddressPlan): Table {
  // Where the system itself chooses blocks, nobody knows which they will be.
  const [families = []] = plan.request.profile.handout === 'fixed' ? plan.pools.map((pool) => pool.families).sort((a, b) => b.length - a.length) : []
  const blocks = families.map(({ cidr }) => left(families.length === 1 ? 'BLOCK' : `IPV${cidr.family} BLOCK`))
  const columns = [left('NODE', { flexible: true }), left('POOL', { wide: plan.pools.length === 1 }), ...blocks, right('FOR PODS'), right('MAX PODS')]
  const rows = { [Symbol.iterator]: () => nodeRows(plan, families.length) }
  return { title: 'Nodes', columns, rows, rowCount: plan.nodeCount }
}

function freeTable({ free }: AddressPlan): Table {
  const rows = free.map((cidr): readonly Cell[] => [formatCidr(cidr), countText(cidrSize(cidr))])
  return { title: 'Free', columns: [left('RANGE'), right('ADDRESSES')], rows, rowCount: rows.length }
}

function serviceTable({ request }: AddressPlan): Table {
  const rows = request.serviceCidrs.map((cidr): readonly Cell[] => [formatCidr(cidr), String(serviceCapacity(cidr)), bandOf(cidr) ?? 'none'])
  return { title: 'Services', columns: [left('RANGE'), right('ADDRESSES'), left('CHOSEN BY HAND')], rows, rowCount: rows.length }
}

function otherTable({ request }: AddressPlan): Table {
  const rows = holdingsOf(request).map(({ name, ranges, capacity, needed }): readonly Cell[] => [
    name,
    ranges.map(formatRange).join(', '),
    String(capacity),
    needed === undefined ? '-' : { bar: share(needed, capacity), label: String(needed) },
  ])
  return { title: 'Other ranges', columns: [left('FOR'), left('RANGE'), right('ADDRESSES'), left('NEEDED')], rows, rowCount: rows.length }
}

const limitNames = {
  blocks: 'blocks of',
  'node-network': 'addresses for nodes,',
  routes: 'routes of',
  vendor: 'nodes that are taken by',
  services: 'ClusterIPs,',
}

/** The limit that bites first stands first. Without growth and with the pool alone, the pools say it all. */
function limitTable(plan: AddressPlan, today: string): Table {
  const limits = limitsOf(plan)
  const telling = limits.some(({ what, years }) => what !== 'blocks' || years !== undefined) ? limits : []
  const rows = telling.map((limit): readonly Cell[] => {
    const { what, subject, unit, now, most, podsLeft } = limit
    const rest = `${most > now ? most - now : 0n} ${unit}`
    return [
      `${limitNames[what]} ${subject}`,
      `${most} ${unit}`,
      { bar: share(now, most), label: String(now) },
      podsLeft === undefined ? rest : `${rest}, ${podsLeft} pods`,
      fullIn(limit, today) ?? '-',
    ]
  })
  const columns = [left('LIMIT'), right('HOLDS'), left('NOW'), left('LEFT'), left('FULL IN')]
  return { title: 'How long it lasts', columns, rows, rowCount: rows.length }
}

/** Those that have anything to show. `today` is YYYY-MM-DD. */
export function planTables(plan: AddressPlan, today: string): readonly Table[] {
  const tables = [poolTable(plan), nodeTable(plan), serviceTable(plan), otherTable(plan), freeTable(plan), limitTable(plan, today)]
  return tables.filter(({ rowCount }) => rowCount > 0)
}
