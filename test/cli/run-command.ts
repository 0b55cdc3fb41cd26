// Runs a command class inside the test's own process, which is faster than a process of its own: exit code and both streams.
const root = new URL('../..', import.meta.url).pathname

export interface CommandResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

type Write = typeof process.stdout.write

/** Takes what is written to a stream until `restore` is called. */
function capture(stream: NodeJS.WriteStream): { text(): string; restore(): void } {
  const original = stream.write
  const pieces: string[] = []
  stream.write = ((piece: string, _encoding: unknown, done?: () => void) => {
    pieces.push(piece)
    done?.()
    return true
  }) as Write
  return {
    text: () => pieces.join(''),
    restore: () => {
      stream.write = original
    },
  }
}

/** What is needed of a command class. */
interface Runnable {
  run(argv: string[], options: { root: string }): Promise<unknown>
}

export async function runCommand(command: Runnable, argv: readonly string[]): Promise<CommandResult> {
  const before = process.exitCode
  process.exitCode = undefined
  const stdout = capture(process.stdout)
  const stderr = capture(process.stderr)
  try {
    await command.run([...argv], { root })
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() }
  } finally {
    stdout.restore()
    stderr.restore()
    process.exitCode = before
  }
}
