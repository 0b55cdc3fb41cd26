// An earlier report as it is read back, with what a test says and nothing else.
import type { SavedReport } from '../../src/gate/saved-report.ts'
import type { Finding } from '../../src/model/finding.ts'

export const reportOf = (findings: readonly Finding[], clusters?: readonly string[]): SavedReport => ({
  source: 'base.json',
  isFleet: clusters !== undefined,
  metadata: {
    tool: { version: '1' },
    ...{ generatedAt: '2026-11-01T00:00:00Z', observedAt: '2026-11-01T00:00:00Z', cluster: clusters?.join(', ') ?? 'east', graceSeconds: 900 },
    clusters: clusters?.map((name) => ({ name, complete: true })),
  },
  ...{ complete: true, coverage: [], notEvaluated: [], evaluated: [], pools: [], nodes: [] },
  findings,
})
