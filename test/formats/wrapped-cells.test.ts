// Cells that wrap: nothing of them is cut, and the columns beside them stay where they are.
import { expect, test } from 'vitest'
import { wide } from '../../src/formats/wide.ts'
import type { Report } from '../../src/report/report.ts'

const report = (rows: readonly (readonly string[])[]): Report => ({
  kind: 'Explanation',
  data: {},
  headline: 'verdict',
  tables: [
    {
      title: '',
      columns: [
        { title: 'A', align: 'left' },
        { title: 'SAYS', align: 'left', flexible: true, wraps: true },
        { title: 'WHERE', align: 'left', flexible: true, wraps: true },
      ],
      rows,
      rowCount: rows.length,
    },
  ],
  findings: [],
  notes: [],
  names: [],
})

const shown = (width: number, ...rows: readonly (readonly string[])[]) =>
  [...wide.render(report(rows), { color: false, width, unicode: true })].join('').split('\n').slice(2, -1)

test('they go on below themselves', () => {
  expect(shown(40, ['one', 'alpha beta gamma delta epsilon', 'some/long/path'], ['two', 'short', 'x'])).toEqual([
    'A    SAYS                 WHERE',
    'one  alpha beta gamma     some/long/path',
    '     delta epsilon',
    'two  short                x',
  ])
})

test('without an end of the line they are whole', () => {
  expect(shown(Number.POSITIVE_INFINITY, ['one', 'alpha beta gamma delta epsilon', 'some/long/path'])[1]).toBe(
    'one  alpha beta gamma delta epsilon  some/long/path',
  )
})
