// When a finding makes a run fail.
import { atLeast, type Finding, type Severity } from './finding.ts'

/** At or above the threshold, at least likely, and waived by nobody. */
export const failsAt = ({ severity, confidence, waived }: Finding, failOn: Severity | 'never'): boolean =>
  failOn !== 'never' && waived === null && confidence !== 'possible' && atLeast(severity, failOn)
