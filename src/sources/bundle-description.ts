// Reads bundle.json: when and of what a bundle was collected, and whether its maker got everything.
import { SourceError } from '../model/errors.ts'
import type { Coverage, CoverageStatus, Time } from '../model/inventory.ts'
import { decodeUtf8 } from './json-text.ts'
import { isJsonObject } from './unwrap-lists.ts'

export interface BundleDescription {
  readonly cluster: string | undefined
  readonly collectedAt: Time | undefined
  /** Why the bundle itself says that it is not whole; undefined when it says no such thing. */
  readonly partial: string | undefined
  /** Lists that its maker could not read whole, and those that came without a single object or are not there at all, which no file can show. */
  readonly coverage: readonly Coverage[]
}

/** @throws SourceError for what is not JSON; the caller names the file */
export function parseJsonFile(bytes: Buffer): unknown {
  const text = decodeUtf8(bytes)
  try {
    return JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text)
  } catch (cause) {
    throw new SourceError(`is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
  }
}

/** A time as RFC 3339 text, to milliseconds. @throws SourceError naming the key when it is there and no such time */
export function parseTime(value: unknown, key: string): Time | undefined {
  if (value === undefined || value === null) return undefined
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(time)) throw new SourceError(`"${key}" is ${JSON.stringify(value)}, not a time like "2026-11-23T12:00:00Z"`)
  return time
}

/** @throws SourceError for anything but a Bundle of ipam/v1 with fields of the right types */
export function parseBundleDescription(bytes: Buffer): BundleDescription {
  const value = parseJsonFile(bytes)
  if (!isJsonObject(value)) throw new SourceError('is not a JSON object')
  const { apiVersion = 'ipam/v1', kind = 'Bundle', cluster, complete, sources } = value
  if (apiVersion !== 'ipam/v1' || kind !== 'Bundle') {
    throw new SourceError(`says apiVersion ${JSON.stringify(apiVersion)}, kind ${JSON.stringify(kind)}; only ipam/v1 Bundle is known`)
  }
  if (cluster !== undefined && typeof cluster !== 'string') throw new SourceError('"cluster" is not a text')
  if (complete !== undefined && typeof complete !== 'boolean') throw new SourceError('"complete" is neither true nor false')
  return {
    cluster: cluster || undefined,
    collectedAt: parseTime(value['collectedAt'], 'collectedAt'),
    partial: complete === false ? whyPartial(sources) : undefined,
    coverage: Array.isArray(sources) ? sources.flatMap(coverageOf) : [],
  }
}

const STATUSES: readonly unknown[] = ['partial', 'forbidden', 'failed', 'absent'] satisfies CoverageStatus[]

function coverageOf(entry: unknown): Coverage[] {
  if (!isJsonObject(entry) || typeof entry['source'] !== 'string') return []
  const { source, status, read, error } = entry
  if (typeof read !== 'number' || !Number.isSafeInteger(read) || read < 0) return []
  if (status === 'complete') return read === 0 ? [{ source, status, read, error: null }] : []
  return STATUSES.includes(status) ? [{ source, status: status as CoverageStatus, read, error: typeof error === 'string' ? error : null }] : []
}

function whyPartial(sources: unknown): string {
  const missing = Array.isArray(sources)
    ? sources.filter(
        (source) => isJsonObject(source) && source['status'] !== 'complete' && source['status'] !== 'absent' && typeof source['source'] === 'string',
      )
    : []
  const named = missing.map((source) => `${source.source} ${typeof source.status === 'string' ? source.status : 'unknown'}`)
  return `bundle.json says that the collection was not complete${named.length === 0 ? '' : `: ${named.join(', ')}`}`
}
