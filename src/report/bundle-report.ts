// What a collection brought home: one line for each list, and what is missing.
import type { Coverage, Time } from '../model/inventory.ts'
import { showTime } from '../model/show-time.ts'
import type { Report } from './report.ts'

export interface CollectedBundle {
  readonly path: string
  readonly cluster: string
  /** The server's clock; undefined when it sent none. */
  readonly collectedAt: Time | undefined
  readonly coverage: readonly Coverage[]
}

/** Partial, forbidden and failed lists; what the cluster does not have is not missing. */
const missing = (coverage: readonly Coverage[]): readonly Coverage[] => coverage.filter(({ status }) => status !== 'complete' && status !== 'absent')

export const isComplete = ({ coverage }: CollectedBundle): boolean => missing(coverage).length === 0

const sourceData = ({ source, status, read, error }: Coverage) => ({ source, status, read, error })

/** The content of bundle.json (design.md 3). */
export const bundleDescription = (bundle: CollectedBundle) => ({
  apiVersion: 'ipam/v1',
  kind: 'Bundle',
  cluster: bundle.cluster,
  ...(bundle.collectedAt === undefined ? {} : { collectedAt: showTime(bundle.collectedAt) }),
  complete: isComplete(bundle),
  sources: bundle.coverage.map(sourceData),
})

export function bundleReport(bundle: CollectedBundle): Report {
  const whole = isComplete(bundle)
  const read = bundle.coverage.reduce((sum, one) => sum + one.read, 0)
  const shown = bundle.coverage.filter(({ status }) => status !== 'absent').toSorted((a, b) => (a.source < b.source ? -1 : 1))
  return {
    kind: 'Bundle',
    data: bundleDescription(bundle),
    headline: `${bundle.path}: ${read} objects of ${bundle.cluster}; \`ipam audit --from ${bundle.path}\` audits them`,
    tables: [
      {
        title: 'Lists',
        columns: [
          { title: 'LIST', align: 'left' },
          { title: 'STATUS', align: 'left' },
          { title: 'OBJECTS', align: 'right' },
        ],
        rows: shown.map(({ source, status, read: count }) => [source, status, count.toString()]),
        rowCount: shown.length,
      },
    ],
    findings: [],
    notes: [
      ...missing(bundle.coverage).map(({ source, status, error }) => `${status}: ${source}${error === null ? '' : `: ${error}`}`),
      ...(whole ? [] : ['INCOMPLETE: not everything could be read; bundle.json says so too']),
    ],
    names: shown.map(({ source }) => `list/${source}`),
  }
}
