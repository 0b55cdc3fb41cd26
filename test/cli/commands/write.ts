// Writes files, and is struck by a signal in the middle where asked for.
import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { configurationMode, writeFiles } from '../../../src/cli/write-files.ts'

export default class Write extends BaseCommand {
  static override summary = 'write files'

  static override args = { folder: Args.string({ required: true, ignoreStdin: true }) }

  static override flags = {
    files: Flags.integer({ default: 3 }),
    mark: Flags.string({ default: 'a' }),
    size: Flags.integer({ default: 1 }),
    rounds: Flags.integer({ default: 1 }),
    /** While the last file is being filled. */
    signal: Flags.string(),
    /** Milliseconds after which the process kills itself. */
    'kill-after': Flags.integer(),
  }

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Write)
    const { signal } = flags
    function* struck(): Iterable<string> {
      yield 'half'.repeat(65_536)
      if (signal !== undefined) process.kill(process.pid, signal)
      yield 'other half'.repeat(65_536)
    }
    const files = (mark: string) =>
      Array.from({ length: flags.files }, (_, index) => ({
        path: `${args.folder}/${index}.json`,
        text: signal !== undefined && index === flags.files - 1 ? struck() : mark.repeat(flags.size),
        mode: configurationMode,
      }))
    const after = flags['kill-after']
    if (after !== undefined) setTimeout(() => process.kill(process.pid, 'SIGKILL'), after)
    for (let round = 0; round < flags.rounds; round++) await writeFiles(files(round % 2 === 0 ? flags.mark : 'b'), flags)
  }
}
