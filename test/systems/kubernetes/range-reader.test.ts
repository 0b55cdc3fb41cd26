import { expect, test } from 'vitest'
import { formatRange } from '../../../src/net/index.ts'
import type { ObjectDocument } from '../../../src/sources/source.ts'
import { rangeReader } from '../../../src/systems/kubernetes/range-reader.ts'
import { recordReader } from '../../../src/systems/kubernetes/record-reader.ts'
import { object } from '../parse.ts'

function read(value: unknown): readonly string[] {
  const records = recordReader<unknown>('pools')
  const ranges = rangeReader('pools', records)
  const range = ranges.range(object('x/v1', 'Pool', { metadata: { name: 'p' } }) as ObjectDocument, 'spec.ips', value)
  return [...(range === undefined ? [] : [formatRange(range)]), ...[...records.problems, ...ranges.problems].map(({ kind }) => kind)]
}

test.each<[unknown, readonly string[]]>([
  ['10.0.0.5', ['10.0.0.5']],
  ['10.0.0.5-10.0.0.9', ['10.0.0.5-10.0.0.9']],
  ['10.0.0.5 - 10.0.0.9', ['10.0.0.5-10.0.0.9']],
  ['10.0.0.5..10.0.0.9', ['10.0.0.5-10.0.0.9']],
  ['10.0.0.5-10.0.0.5', ['10.0.0.5']],
  ['10.0.0.0/24', ['10.0.0.0/24']],
  ['fd00::1-fd00::ff', ['fd00::1-fd00::ff']],
  ['fd00::1..fd00::ff', ['fd00::1-fd00::ff']],
  ['10.0.0.5/24', ['10.0.0.0/24', 'ambiguous']],
  ['10.0.0.9-10.0.0.5', ['wrong-range']],
  ['10.0.0.9-fd00::1', ['wrong-range']],
  ['10.0.0.9-', ['unreadable']],
  ['10.0.0.1-10.0.0.2-10.0.0.3', ['unreadable']],
  ['10.0.0.1-10.0.0.0/24', ['unreadable']],
  ['10.0.0.256', ['unreadable']],
  ['', ['unreadable']],
  [7, ['unreadable']],
  [undefined, ['unreadable']],
  [['10.0.0.5'], ['unreadable']],
])('%o', (value, expected) => expect(read(value)).toEqual(expected))
