// What the exit status says. It is computed once, from what happened, and never depends on the output format.

export const exitCodes = {
  /** Everything asked for was read; nothing at or above the threshold. */
  clean: 0,
  /** At least one finding at or above the threshold, or a plan that cannot be kept. */
  failing: 1,
  /** A bad flag, CIDR, configuration, waiver or plan file. */
  usage: 2,
  /** Something could not be read or evaluated, and nothing failing was found. */
  incomplete: 3,
  /** Nothing could be started: no kubeconfig, unreachable, TLS, authentication. */
  notStarted: 4,
  /** Output could not be written; existing files are untouched. */
  output: 5,
  /** A fault of this program (sysexits.h EX_SOFTWARE). */
  bug: 70,
  /** 128 + SIGHUP. */
  hangUp: 129,
  /** 128 + SIGINT. */
  interrupted: 130,
  /** 128 + SIGTERM. */
  terminated: 143,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

const precedence = ['bug', 'usage', 'notStarted', 'output', 'failing', 'incomplete'] as const

/** What happened in a run; what is left out did not happen. */
export type Outcome = { readonly [K in (typeof precedence)[number]]?: boolean }

/** When several apply: 70 > 2 > 4 > 5 > 1 > 3 > 0. */
export function exitCodeFor(outcome: Outcome): ExitCode {
  const worst = precedence.find((name) => outcome[name])
  return worst === undefined ? exitCodes.clean : exitCodes[worst]
}

/** The more important of two codes; a code that this program does not know stays. */
export function worseExitCode(one: number | string | null | undefined, other: ExitCode): number {
  const happened: Record<string, boolean> = {}
  for (const name of precedence) happened[name] = one === exitCodes[name] || other === exitCodes[name]
  return exitCodeFor(happened)
}
