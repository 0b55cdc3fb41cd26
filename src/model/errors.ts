// The errors that core code throws; cli/base-command.ts is the only place that turns them into exit codes.

/** A bad flag, CIDR, configuration, waiver or plan file: exit 2. The message says what, where and what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Nothing could be started (no kubeconfig, unreachable, authentication): exit 4. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

/** A source that is there could not be read whole; recorded in `coverage`, the rest goes on: exit 3. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
}

/** The report or a generated file could not be written; existing files are untouched: exit 5. */
export class OutputError extends Error {
  override readonly name = 'OutputError'
}
