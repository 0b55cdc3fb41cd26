// A plan as a report: what was split, who got what, what is left, and what is wrong with it.
import type { Finding } from '../model/finding.ts'
import { cidrSize, formatCidr } from '../net/index.ts'
import type { AddressPlan, NodePlan } from '../plan/address-plan.ts'
import { serviceCapacity } from '../plan/capacity.ts'
import { count, inBlocks } from '../plan/wording.ts'
import { bandOf, isFailing, type PlanContext, planData, share } from './plan-data.ts'
import { planNotes } from './plan-notes.ts'
import type { Cell, Column, Report, Table } from './report.ts'

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
      String(cidrSize(cidr)),
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
    const blocks = Array.from({ length: width }, (_, index) => subnets[index] ?? '')
    yield [name, pool, ...blocks, usable, maxPods === null ? '-' : String(maxPods)]
  }
}

function nodeTable(plan: AddressPlan): Table {
  const families = plan.pools[0]?.families ?? []
  const blocks = families.map(({ cidr }) => left(families.length === 1 ? 'BLOCK' : `IPV${cidr.family} BLOCK`))
  const columns = [left('NODE', { flexible: true }), left('POOL', { wide: plan.pools.length === 1 }), ...blocks, right('FOR PODS'), right('MAX PODS')]
  const rows = { [Symbol.iterator]: () => nodeRows(plan, families.length) }
  return { title: 'Nodes', columns, rows, rowCount: plan.nodeCount }
}

function freeTable({ free }: AddressPlan): Table {
  const rows = free.map((cidr): readonly Cell[] => [formatCidr(cidr), String(cidrSize(cidr))])
  return { title: 'Free', columns: [left('RANGE'), right('ADDRESSES')], rows, rowCount: rows.length }
}

function serviceTable({ request }: AddressPlan): Table {
  const rows = request.serviceCidrs.map((cidr): readonly Cell[] => [formatCidr(cidr), String(serviceCapacity(cidr)), bandOf(cidr) ?? 'none'])
  return { title: 'Services', columns: [left('RANGE'), right('ADDRESSES'), left('CHOSEN BY HAND')], rows, rowCount: rows.length }
}

function* names(nodes: Iterable<NodePlan>): Generator<string> {
  for (const { name } of nodes) yield `node/${name}`
}

function headline({ pools, nodeCount }: AddressPlan, failing: number): string {
  const split = pools.map(({ families }) => families.map(inBlocks).join(' with ')).join(', ')
  const unplaced = pools.reduce((sum, pool) => sum + pool.unplaced, 0)
  const nodes = unplaced > 0 ? `${nodeCount} of ${count(nodeCount + unplaced, 'node')} planned` : `${count(nodeCount, 'node')} planned`
  const verdict = failing > 0 ? `; ${count(failing, 'finding')} to solve first` : ''
  return `${split}: ${nodes}${verdict}`
}

export interface PlanReportContext extends PlanContext {
  /** Kept nodes that the request no longer names. */
  readonly unnamed: readonly string[]
}

export function planReport(plan: AddressPlan, findings: readonly Finding[], context: PlanReportContext): Report {
  const failing = findings.filter((finding) => isFailing(finding, context.failOn)).length
  const tables = [poolTable(plan), nodeTable(plan), serviceTable(plan), freeTable(plan)]
  return {
    kind: 'AddressPlan',
    data: planData(plan, findings, context),
    headline: headline(plan, failing),
    tables: tables.filter(({ rowCount }) => rowCount > 0),
    // The irreversible choices are told as the last note, where they are read last.
    findings: findings.filter(({ rule }) => rule !== 'PLN-020'),
    notes: planNotes(plan, findings, context.unnamed),
    names: { [Symbol.iterator]: () => names(plan.nodes()) },
  }
}
