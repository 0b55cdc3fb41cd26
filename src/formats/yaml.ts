// The data of `-o json` as YAML.
import { type ScalarTag, stringify } from 'yaml'
import type { Json, ReportData } from '../report/report.ts'
import { defineFormat } from './define-format.ts'
import { escapeInvisible } from './safe.ts'

const batchSize = 256

const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0')
const yamlEscape = (codePoint: number): string => (codePoint < 0x1_0000 ? `\\u${hex(codePoint, 4)}` : `\\U${hex(codePoint, 8)}`)

/** The library leaves bidi and tag characters raw; text that holds such is written in double quotes, where they have escapes. */
const invisibleText: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string' && escapeInvisible(value, () => '') !== value,
  resolve: (text) => text,
  stringify: ({ value }) => escapeInvisible(JSON.stringify(value), yamlEscape),
}

const write = (value: { readonly [key: string]: Json | undefined }): string =>
  stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, customTags: (tags) => [invisibleText, ...tags], version: '1.2' })

function* array(key: string, elements: Iterable<Json>): Iterable<string> {
  let batch: Json[] = []
  let begun = false
  const flush = (): string => {
    const text = write({ [key]: batch })
    batch = []
    const piece = begun ? text.slice(text.indexOf('\n') + 1) : text // the key stands above the first batch only
    begun = true
    return piece
  }
  for (const element of elements) {
    batch.push(element)
    if (batch.length === batchSize) yield flush()
  }
  if (batch.length > 0 || !begun) yield flush()
}

function* entries(data: ReportData): Iterable<string> {
  for (const [key, value] of Object.entries(data)) {
    if (typeof value === 'function') yield* array(key, value())
    else if (value !== undefined) yield write({ [key]: value })
  }
}

export const yaml = defineFormat({
  id: 'yaml',
  title: 'YAML, the same data as JSON',
  render: (report) => entries(report.data),
})
