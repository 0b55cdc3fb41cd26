// What stands between findings and a failed run: waivers, then the baseline.
import type { Finding } from '../model/finding.ts'
import { applyBaseline } from './apply-baseline.ts'
import { type Audited, applyWaivers, type WaiverUse } from './apply-waivers.ts'
import type { SavedReport } from './saved-report.ts'
import type { Waiver } from './waiver.ts'

/** Undefined: not given. */
export interface Gate {
  readonly waivers: readonly Waiver[] | undefined
  readonly baseline: SavedReport | undefined
}

export const openGate: Gate = { waivers: undefined, baseline: undefined }

/** What became of it, for the report. */
export interface GateResult {
  /** Undefined where no waivers were given. */
  readonly waivers: readonly WaiverUse[] | undefined
  readonly baseline: SavedReport | undefined
}

export interface Gated extends GateResult {
  readonly findings: readonly Finding[]
}

export function applyGate(findings: readonly Finding[], gate: Gate, audited: Audited & { readonly isFleet: boolean }): Gated {
  const waived = gate.waivers === undefined ? undefined : applyWaivers(findings, gate.waivers, audited)
  const rest = waived?.findings ?? findings
  return {
    findings: gate.baseline === undefined ? rest : applyBaseline(rest, gate.baseline, audited),
    waivers: waived?.uses,
    baseline: gate.baseline,
  }
}
