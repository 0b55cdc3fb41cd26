// Indented JSON of the report's data, written piece by piece so that a plan of 65,536 nodes is never one string.
import type { Json, ReportData } from '../report/report.ts'
import { defineFormat } from './define-format.ts'
import { safeJson } from './safe.ts'

const batchSize = 256

const indented = (value: { readonly [key: string]: Json }): string => safeJson(value, 2)

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
  const head = `  ${safeJson(key)}: [`
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
