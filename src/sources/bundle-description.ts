// Reads bundle.json: when and of what a bundle was collected, and whether its maker got everything.
import { SourceError } from '../model/errors.ts'
import type { Coverage, CoverageStatus, Origin, Time } from '../model/inventory.ts'
import { decodeUtf8 } from './json-text.ts'
import { isJsonObject } from './unwrap-lists.ts'

export interface BundleDescription {
  readonly cluster: string | undefined
  readonly collectedAt: Time | undefined
  /**
   * Lists that its maker could not read whole, and those that came without a single object or are not there at all, which no file can show; the bundle
   * as a whole where it says that something is missing but not what.
   */
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

/** @param origin of the file @throws SourceError for anything but a Bundle of ipam/v1 with fields of the right types */
export function parseBundleDescription(bytes: Buffer, origin: Origin): BundleDescription {
  const value = parseJsonFile(bytes)
  if (!isJsonObject(value)) throw new SourceError('is not a JSON object')
  const { apiVersion = 'ipam/v1', kind = 'Bundle', cluster, complete, sources } = value
  if (apiVersion !== 'ipam/v1' || kind !== 'Bundle') {
    throw new SourceError(`says apiVersion ${JSON.stringify(apiVersion)}, kind ${JSON.stringify(kind)}; only ipam/v1 Bundle is known`)
  }
  if (cluster !== undefined && typeof cluster !== 'string') throw new SourceError('"cluster" is not a text')
  if (complete !== undefined && typeof complete !== 'boolean') throw new SourceError('"complete" is neither true nor false')
  const coverage = Array.isArray(sources) ? sources.flatMap(coverageOf) : []
  const explained = complete !== false || coverage.some(({ status }) => status !== 'complete' && status !== 'absent')
  return {
    cluster: cluster || undefined,
    collectedAt: parseTime(value['collectedAt'], 'collectedAt'),
    coverage: explained
      ? coverage
      : [...coverage, { source: origin, status: 'partial', read: 0, error: 'says that the collection was not complete', anyKind: true }],
  }
}

const STATUSES: readonly unknown[] = ['partial', 'forbidden', 'failed', 'absent'] satisfies CoverageStatus[]

function coverageOf(entry: unknown): Coverage[] {
  if (!isJsonObject(entry) || typeof entry['source'] !== 'string') return []
  const { source, status, error } = entry
  const read = Number.isSafeInteger(entry['read']) ? Math.max(0, entry['read'] as number) : 0
  if (status === 'complete') return entry['read'] === 0 ? [{ source, status, read, error: null }] : []
  return STATUSES.includes(status) ? [{ source, status: status as CoverageStatus, read, error: typeof error === 'string' ? error : null }] : []
}
