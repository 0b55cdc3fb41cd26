// What rules yield and what the report shows.

export const severities = ['critical', 'high', 'medium', 'low', 'info'] as const
export type Severity = (typeof severities)[number]

export const confidences = ['certain', 'likely', 'possible'] as const
export type Confidence = (typeof confidences)[number]

export interface Evidence {
  readonly source: string
  readonly fact: string
}

/** What a rule reports; the runner adds the rule's own data and the fingerprint. */
export interface Violation {
  readonly message: string
  /** Only where it differs from the rule's default. */
  readonly severity?: Severity
  readonly confidence?: Confidence
  readonly domain?: string
  /** Canonical text of every address, range or CIDR that the finding is about. */
  readonly addresses?: readonly string[]
  readonly nodes?: readonly string[]
  /** namespace/name of pods and services; else the store's own id. */
  readonly owners?: readonly string[]
  readonly evidence?: readonly Evidence[]
  /** Further stable keys of the subject (a file name, a pool) for the fingerprint; never counters or times. */
  readonly subject?: readonly string[]
  /** Named variant of the rule, stable: pre-boot, empty-file, ... */
  readonly cause?: string
  /** Where another playbook than the rule's fits this case; its steps go into `steps`. */
  readonly playbook?: string
  /** Steps that replace the playbook's. */
  readonly steps?: readonly string[]
}

/** Somebody has accepted the finding: it stays in the report and fails no run. */
export interface Waived {
  readonly reason: string
  /** Last day on which it holds (YYYY-MM-DD, to 24:00 UTC); null: without an end. */
  readonly until: string | null
  readonly approvedBy?: string
  /** Where the waiver stands: `waivers.yaml:4:5`. */
  readonly source?: string
}

export interface Finding {
  readonly rule: string
  readonly name: string
  readonly severity: Severity
  readonly confidence: Confidence
  readonly message: string
  readonly domain: string
  readonly addresses: readonly string[]
  readonly nodes: readonly string[]
  readonly owners: readonly string[]
  readonly cause: string | null
  readonly evidence: readonly Evidence[]
  readonly fix: { readonly playbook: string | null; readonly steps: readonly string[] }
  readonly fingerprint: string
  readonly waived: Waived | null
  /** Only where a baseline was given: true when the baseline has it and it has not become worse. Known findings fail no run. */
  readonly known?: boolean
  /** Only where the baseline has it and it has become worse, which makes it new: what it was then. */
  readonly before?: { readonly severity: Severity; readonly confidence: Confidence }
  /** Only where several clusters were audited in one run: the one that it is about. */
  readonly cluster?: string
}

/** A rule, or a part of what it looks at, that could not be evaluated. */
export interface Gap {
  readonly reason: string
  /** True when nothing of the rule can be evaluated; false when a part (one node, one network) is left out. */
  readonly whole: boolean
  /** The gap comes from an input that is there but could not be read whole: it makes the run incomplete. */
  readonly incomplete?: boolean
}

export const severityRank = (severity: Severity): number => severities.indexOf(severity)

/** True when `severity` is `threshold` or worse. */
export const atLeast = (severity: Severity, threshold: Severity): boolean => severityRank(severity) <= severityRank(threshold)

/** True when nobody has accepted it: neither by a waiver nor with the baseline. */
export const isOpen = ({ waived, known }: Pick<Finding, 'waived' | 'known'>): boolean => waived === null && known !== true

/** Makes a run fail: at or above the threshold, at least likely, and accepted by nobody. */
export const isFailing = (finding: Finding, failOn: Severity | 'never'): boolean =>
  failOn !== 'never' && isOpen(finding) && atLeast(finding.severity, failOn) && finding.confidence !== 'possible'
