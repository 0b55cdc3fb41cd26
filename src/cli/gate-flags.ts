// `--waivers` and `--baseline`: what they name is read and checked before the cluster is.
import { Flags } from '@oclif/core'
import type { Gate, GateResult } from '../gate/gate.ts'
import type { NamedRule } from '../gate/read-waivers.ts'
import type { SavedReport } from '../gate/saved-report.ts'
import { UsageError } from '../model/errors.ts'

export const gateFlags = {
  waivers: Flags.string({
    helpValue: 'FILE',
    helpGroup: 'GATE',
    summary: 'findings that somebody has accepted, each with a reason and an end (docs/gate.md)',
  }),
  baseline: Flags.string({
    helpValue: 'FILE',
    helpGroup: 'GATE',
    summary: 'earlier report (-o json): what it holds is known, and only what is new fails',
  }),
}

interface GateFlags {
  readonly waivers?: string | undefined
  readonly baseline?: string | undefined
  readonly from?: readonly string[] | undefined
  readonly 'allow-incomplete': boolean
}

function refuseTwoReaders({ waivers, baseline, from = [] }: GateFlags): void {
  const readers = [...(waivers === '-' ? ['--waivers'] : []), ...(baseline === '-' ? ['--baseline'] : []), ...(from.includes('-') ? ['--from'] : [])]
  if (readers.length > 1) throw new UsageError(`${readers.join(' and ')} cannot both read standard input; give one of them a file`)
}

/** What a half-blind run did not see would all come up as new later on. */
async function baselineOf(path: string, takesIncomplete: boolean): Promise<SavedReport> {
  const { readReportFile } = await import('./report-file.ts')
  const report = await readReportFile(path)
  if (!report.complete && !takesIncomplete)
    throw new UsageError(
      `--baseline ${report.source}: it is the report of an incomplete run; write one of a complete run, or take it as it is with --allow-incomplete: what it lacks then counts as new`,
    )
  return report
}

/** @throws UsageError */
export async function readGate(flags: GateFlags, rules: readonly NamedRule[]): Promise<Gate> {
  refuseTwoReaders(flags)
  return {
    waivers: flags.waivers === undefined ? undefined : await (await import('./waivers-file.ts')).readWaiversFile(flags.waivers, rules),
    baseline: flags.baseline === undefined ? undefined : await baselineOf(flags.baseline, flags['allow-incomplete']),
  }
}

/** For standard error: a report that goes to a file says it where nobody looks at once. */
export function expiredWaivers({ waivers = [] }: GateResult): string | undefined {
  const expired = waivers.filter(({ status, findings }) => status === 'expired' && findings > 0)
  if (expired.length === 0) return undefined
  const where = expired.slice(0, 3).map(({ waiver }) => `${waiver.source} (${waiver.rule}, until ${waiver.until})`)
  const more = expired.length - where.length
  return `warning: ${expired.length === 1 ? 'a waiver has' : `${expired.length} waivers have`} expired: ${where.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
