// What `generate-conf` wrote, or why it did not.
import type { Json, Report } from './report.ts'

export interface WrittenFile {
  readonly node: string | undefined
  readonly path: string
  /** Canonical text. */
  readonly subnets: readonly string[]
}

export interface RefusedPair {
  readonly nodes: readonly [string, string]
  readonly subnets: readonly [string, string]
  readonly message: string
}

function fileData({ node, path, subnets }: WrittenFile): Json {
  return { node: node ?? null, path, subnets }
}

/** Keys are only ever added within ipam/v1. */
export function confReport(files: readonly WrittenFile[], refused: readonly RefusedPair[], version: string): Report {
  const several = files.length === 1 ? 'file' : 'files'
  return {
    kind: 'GeneratedConfiguration',
    data: {
      apiVersion: 'ipam/v1',
      kind: 'GeneratedConfiguration',
      metadata: { tool: { name: 'ipam', version } },
      files: () => files.map(fileData),
      refused: refused.map(({ nodes, subnets, message }) => ({ nodes, subnets, message })),
    },
    headline: refused.length === 0 ? `${files.length} ${several} written` : 'nothing written: nodes would hand out the same addresses',
    tables: [
      {
        title: 'Files',
        columns: [
          { title: 'NODE', align: 'left', flexible: true },
          { title: 'SUBNETS', align: 'left' },
          { title: 'FILE', align: 'left', flexible: true },
        ],
        rows: files.map(({ node, path, subnets }) => [node ?? '-', subnets.join(', '), path]),
        rowCount: files.length,
      },
    ],
    findings: [],
    notes: [],
    names: files.map(({ path }) => `file/${path}`),
  }
}
