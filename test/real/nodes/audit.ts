// The real program over a bundle, as the tests of this folder read its report.
import { runCli } from '../../run-cli.ts'

export interface Finding {
  readonly rule: string
  readonly severity: string
  readonly confidence: string
  readonly cause?: string
  readonly message: string
  readonly addresses: readonly string[]
  readonly nodes: readonly string[]
  readonly owners: readonly string[]
  readonly evidence: readonly { readonly source: string; readonly fact: string }[]
}

export interface Audited {
  readonly code: number | null
  readonly complete: boolean
  readonly findings: readonly Finding[]
  by(rule: string): readonly Finding[]
}

/** The ranges of these clusters are small on purpose, so what is said of capacity is left out. */
export async function audit(folder: string, ...flags: string[]): Promise<Audited> {
  const { code, stdout, stderr } = await runCli(['audit', '--from', folder, '--skip-rule', 'CAP', '-o', 'json', ...flags], { timeout: 60_000 })
  if (stdout.trim() === '') throw new Error(`ipam audit ended with ${code}: ${stderr}`)
  const { complete, findings } = JSON.parse(stdout) as { complete: boolean; findings: Finding[] }
  return { code, complete, findings, by: (rule) => findings.filter((finding) => finding.rule === rule) }
}

/** `node address` of everything that findings are about, sorted. */
export const placesOf = (findings: readonly Finding[]): string[] =>
  [...new Set(findings.flatMap(({ nodes, addresses }) => nodes.flatMap((node) => addresses.map((address) => `${node} ${address}`))))].sort()
