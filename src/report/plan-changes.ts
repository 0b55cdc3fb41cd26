// What a new plan changes: nodes that stay, come and must be renumbered, and the numbers before and after.
import { formatCidr } from '../net/index.ts'
import type { AddressPlan, PoolPlan } from '../plan/address-plan.ts'
import { roomOf } from '../plan/demand.ts'
import type { NodeChange, Replan } from '../plan/replan.ts'
import { count } from '../plan/wording.ts'
import type { Cell, Json, Table } from './report.ts'

/** What was asked about, and the plan without it. */
export interface WhatIf {
  readonly changes: readonly string[]
  readonly before: AddressPlan
}

export interface PlanChanges {
  readonly replan: Replan
  readonly whatIf: WhatIf | undefined
}

/** Nodes of which there is nothing to say are counted only. */
const isTold = ({ change, why }: NodeChange): boolean => change !== 'kept' || why !== ''

const words = { kept: 'stays', new: 'new', renumber: 'renumber' } as const

function changeTable({ changes }: Replan): Table {
  let told = 0
  for (const each of changes()) if (isTold(each)) told++
  function* rows(): Generator<readonly Cell[]> {
    for (const each of changes()) {
      const { node, change, from, to, why } = each
      if (isTold(each)) yield [node, words[change], from.join(', ') || '-', to.join(', ') || '-', why]
    }
  }
  return {
    title: 'Changes',
    columns: [
      { title: 'NODE', align: 'left', flexible: true },
      { title: 'CHANGE', align: 'left' },
      { title: 'HAS', align: 'left' },
      { title: 'PLANNED', align: 'left' },
      { title: 'WHY', align: 'left', flexible: true },
    ],
    rows: { [Symbol.iterator]: rows },
    rowCount: told,
  }
}

/** One line for each number of a pool that is not the same before and after. */
function* differences(before: AddressPlan, after: AddressPlan): Generator<readonly Cell[]> {
  for (const pool of after.pools) {
    const old = before.pools.find(({ name }) => name === pool.name)
    const of = (plan: AddressPlan, each: PoolPlan | undefined): string => (each === undefined ? '-' : String(roomOf(plan.request, each)))
    yield [`nodes that fit into ${pool.name}`, of(before, old), of(after, pool)]
    for (const family of pool.families) {
      const same = old?.families.find(({ cidr }) => cidr.family === family.cidr.family)
      const label = `IPv${family.cidr.family} of ${pool.name}`
      yield [`range, ${label}`, same === undefined ? '-' : formatCidr(same.cidr), formatCidr(family.cidr)]
      yield [`block of a node, ${label}`, same === undefined ? '-' : `/${same.nodePrefix}`, `/${family.nodePrefix}`]
      yield [`free blocks, ${label}`, same === undefined ? '-' : String(same.available), String(family.available)]
    }
  }
  yield ['addresses for the pods of a new node', lastUsable(before), lastUsable(after)]
  yield ['nodes planned', String(before.nodeCount), String(after.nodeCount)]
}

/** Of the last node: those before it may have blocks of older sizes. */
function lastUsable(plan: AddressPlan): string {
  for (const { usable } of plan.nodes()) return usable
  return '-'
}

function whatIfTable({ changes, before }: WhatIf, after: AddressPlan): Table {
  const rows = [...differences(before, after)].filter(([, old, now]) => old !== now)
  const columns = [
    { title: `WHAT IF ${changes.join(', ')}`, align: 'left' },
    { title: 'NOW', align: 'right' },
    { title: 'THEN', align: 'right' },
  ] as const
  return { title: 'What if', columns, rows, rowCount: rows.length }
}

export function changeTables({ replan, whatIf }: PlanChanges): readonly Table[] {
  const tables = [...(whatIf === undefined ? [] : [whatIfTable(whatIf, replan.plan)]), changeTable(replan)]
  return tables.filter(({ rowCount }) => rowCount > 0)
}

/** `40 nodes stay, 3 are new, 2 must be renumbered` */
export function changesInWords({ replan: { kept, added, renumbered } }: PlanChanges): string {
  const must = renumbered === 0 ? '' : `, ${count(renumbered, 'node')} must be renumbered`
  return `${count(kept, 'node')} ${kept === 1 ? 'stays' : 'stay'}, ${added} ${added === 1 ? 'is' : 'are'} new${must}`
}

/** Renumbered nodes need blocks while their old ones are still theirs. */
function* tightness({ renumbered, plan }: Replan): Generator<string> {
  for (const { families } of plan.pools) {
    for (const { cidr, available } of families)
      if (available < BigInt(renumbered))
        yield `Only ${count(available, 'block')} of ${formatCidr(cidr)} ${available === 1n ? 'is' : 'are'} free for ${count(renumbered, 'node')} to renumber.`
  }
}

export function* changeNotes({ replan }: PlanChanges): Generator<string> {
  const { retired, gained, renumbered } = replan
  if (retired.length > 0) yield `Retired: ${retired.map(formatCidr).join(', ')}.`
  if (gained.length > 0) yield `Added: ${gained.map(formatCidr).join(', ')}.`
  if (renumbered > 0)
    yield 'To renumber a node: cordon and drain it, delete its Node object, and let the kubelet register it again; a few at a time, and never before the new range is in force.'
  yield* tightness(replan)
}

/** For the machine: every node that does not simply stay, and the numbers. */
export const changeData = ({ replan, whatIf }: PlanChanges): Json => ({
  kept: replan.kept,
  new: replan.added,
  renumber: replan.renumbered,
  retired: replan.retired.map(formatCidr),
  gained: replan.gained.map(formatCidr),
  nodes: [...replan.changes()].filter(isTold).map(({ node, change, from, to, why }) => ({ node, change, from: [...from], to: [...to], why })),
  whatIf: whatIf === undefined ? null : [...whatIf.changes],
})
