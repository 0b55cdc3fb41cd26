// Indented JSON of the report's data, written piece by piece so that a plan of 65,536 nodes is never one string.
import type { Json, ReportData } from '../report/report.ts'
import { defineFormat } from './define-format.ts'
import { escapeInvisible } from './safe.ts'

const batchSize = 256

const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`

/** JSON.stringify leaves DEL, C1, bidi and tag characters raw; above the basic plane an escape takes two units. */
function jsonEscape(codePoint: number): string {
  if (codePoint < 0x1_0000) return unit(codePoint)
  return unit(0xd7c0 + (codePoint >> 10)) + unit(0xdc00 + (codePoint & 0x3ff))
}

const indented = (value: { readonly [key: string]: Json }): string => escapeInvisible(JSON.stringify(value, null, 2), jsonEscape)

function* batches(elements: Iterable<Json>): Iterable<Json[]> {
  let batch: Json[] = []
  for (const element of elements) {
    batch.push(element)
    if (batch.length < batchSize) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** The members of one array, indented as they stand below `key`, by cutting them out of a small document around each batch. */
function* array(key: string, elements: Iterable<Json>): Iterable<string> {
  const head = `  ${escapeInvisible(JSON.stringify(key), jsonEscape)}: [`
  let before = head
  for (const batch of batches(elements)) {
    yield before + indented({ [key]: batch }).slice('{\n'.length + head.length, -'\n  ]\n}'.length)
    before = ','
  }
  yield before === head ? `${head}]` : '\n  ]'
}

function* entries(data: ReportData): Iterable<string> {
  let separator = '{\n'
  for (const [key, value] of Object.entries(data)) {
    if (value === undefined) continue
    yield separator
    if (typeof value === 'function') yield* array(key, value())
    else yield indented({ [key]: value }).slice('{\n'.length, -'\n}'.length)
    separator = ',\n'
  }
  yield separator === '{\n' ? '{}\n' : '\n}\n'
}

export const json = defineFormat({
  id: 'json',
  title: 'JSON, the machine contract',
  render: (report) => entries(report.data),
})
