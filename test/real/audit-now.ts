// The audit of state that a test has just made: nothing in it is old enough for the ordinary grace.
import { runCli } from '../run-cli.ts'

export interface AuditReport {
  readonly complete: boolean
  readonly metadata: { readonly observedAt: string }
  readonly pools: readonly { readonly system: string; readonly name: string; readonly capacity: string; readonly allocated: string }[]
  readonly findings: readonly {
    readonly rule: string
    readonly severity: string
    readonly confidence: string
    readonly message: string
    readonly addresses: readonly string[]
    readonly owners: readonly string[]
  }[]
}

/** Objects carry whole seconds, and a pod of this very second is not judged by some rules. */
export const nextSecond = () => new Promise((resolve) => setTimeout(resolve, 1100))

export async function auditNow(args: readonly string[]) {
  const { code, stdout, stderr } = await runCli(['audit', '--json', '--grace', '0s', ...args])
  if (stdout === '') throw new Error(stderr)
  const report = JSON.parse(stdout) as AuditReport
  const found = report.findings.map(({ rule, severity, confidence, addresses, owners }) => ({ rule, severity, confidence, addresses, owners }))
  const secondary = report.pools.filter(({ system }) => system === 'whereabouts')
  return { code, report, found, pools: Object.fromEntries(secondary.map(({ name, allocated, capacity }) => [name, `${allocated} of ${capacity}`])) }
}
