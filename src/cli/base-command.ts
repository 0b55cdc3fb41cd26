// What all commands share: the output flags, the way out for reports, and the one translator of errors and outcomes to exit codes.
import { Command, Flags, type Interfaces } from '@oclif/core'
import type { Format, RenderOptions } from '../formats/define-format.ts'
import { formats } from '../formats/index.ts'
import { safe } from '../formats/safe.ts'
import type { Report } from '../report/report.ts'
import { exitCodeFor, type Outcome, worseExitCode } from './exit-codes.ts'
import { asksForJson, chooseOutputs, formatIds, type OutputTarget, outputFlag } from './output-flag.ts'
import { refuseFormats } from './refuse-formats.ts'
import { repeatable } from './repeatable.ts'
import { reportError } from './report-error.ts'
import { writeStdout } from './stdout.ts'
import { renderOptionsFor } from './terminal.ts'
import { configurationMode, reportMode, type StreamedFile, writeFiles } from './write-files.ts'

/** The flags of every command, as parsed. */
export interface OutputFlags {
  readonly output?: readonly OutputTarget[] | undefined
  readonly json: boolean
  readonly force: boolean
  readonly quiet: boolean
  readonly ascii: boolean
  readonly 'no-color': boolean
}

type ParsedFlags = Interfaces.OutputFlags<Interfaces.FlagInput>
type ParsedArgs = Interfaces.OutputArgs<Interfaces.ArgInput>

export abstract class BaseCommand extends Command {
  /** oclif's own flag replaces the exit code by 1 and prints the arguments; `--json` here is an alias of `-o json`. */
  static override enableJsonFlag = false

  /** What the command reports: formats that cannot show it are refused. */
  static reportKind?: Report['kind']

  static override baseFlags = {
    output: outputFlag({
      char: 'o',
      ...repeatable,
      helpValue: 'FORMAT[=FILE]',
      helpGroup: 'OUTPUT',
      summary: `output format, repeatable: ${formatIds.join(', ')} (default: table); with =FILE it goes to a file`,
    }),
    json: Flags.boolean({ helpGroup: 'OUTPUT', summary: 'the same as -o json' }),
    force: Flags.boolean({ helpGroup: 'OUTPUT', summary: 'replace files that exist' }),
    'no-color': Flags.boolean({ helpGroup: 'OUTPUT', summary: 'no colours (also NO_COLOR=1)' }),
    ascii: Flags.boolean({ helpGroup: 'OUTPUT', summary: 'write ASCII characters only' }),
    quiet: Flags.boolean({ char: 'q', helpGroup: 'OUTPUT', summary: 'no notices on standard error' }),
  }

  /** True once a part of the report may be on standard output: a second document must not follow it. */
  #started = false

  /** Refuses outputs that exclude each other before any work is done. */
  protected override async parse<F extends ParsedFlags, B extends ParsedFlags, A extends ParsedArgs>(
    options?: Interfaces.Input<F, B, A>,
    argv?: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const parsed = await super.parse(options, argv)
    const { output, json } = parsed.flags as unknown as OutputFlags
    const chosen = chooseOutputs(output ?? [], json).map(({ format }) => format)
    await refuseFormats(chosen, (this.ctor as typeof BaseCommand).reportKind, `${this.config.bin} ${this.ctor.id}`)
    return parsed
  }

  /**
   * Renders the report in every format asked for: files first (mode 0600, or 0644 for another user's program; all or none), then standard output.
   *
   * @throws OutputError
   */
  protected async emit(report: Report, flags: OutputFlags): Promise<void> {
    const outputs = chooseOutputs(flags.output ?? [], flags.json)
    const inFile: RenderOptions = { color: false, width: Number.POSITIVE_INFINITY, unicode: !flags.ascii }
    const files: StreamedFile[] = []
    for (const { format: id, file } of outputs) {
      if (file === undefined) continue
      const format: Format = await formats[id]()
      files.push({ path: file, text: await format.render(report, inFile), mode: format.isShared === true ? configurationMode : reportMode })
    }
    await writeFiles(files, flags)
    for (const { path } of files) this.notice(`wrote ${path}`, flags)
    for (const { format, file } of outputs) {
      if (file === undefined) await this.write(await (await formats[format]()).render(report, this.renderOptions(flags)))
    }
  }

  /** Writes text that is no report (generated configuration) to standard output. */
  protected async write(pieces: Iterable<string>): Promise<void> {
    await writeStdout(pieces, () => {
      this.#started = true
    })
  }

  /** One line on standard error, unless --quiet. */
  protected notice(text: string, flags: Pick<OutputFlags, 'quiet'>): void {
    if (!flags.quiet) process.stderr.write(`${safe(text)}\n`)
  }

  /** Sets the exit code from what was found; never this.exit() or this.error(), which turn findings into errors. */
  protected finish({ failing, incomplete }: Required<Pick<Outcome, 'failing' | 'incomplete'>>): void {
    process.exitCode = worseExitCode(process.exitCode, exitCodeFor({ failing, incomplete }))
  }

  protected override async catch(error: unknown): Promise<void> {
    this.parsed = true // or oclif warns that nobody has read the arguments
    const command = this.ctor
    const context = { usage: `${this.config.bin} ${command.id}`, flags: Object.keys({ ...command.baseFlags, ...command.flags }) }
    await reportError(error, context, asksForJson(this.argv) && !this.#started)
  }

  private renderOptions(flags: OutputFlags): RenderOptions {
    const { isTTY, columns } = process.stdout
    return renderOptionsFor({ env: process.env, isTTY: isTTY === true, columns, noColor: flags['no-color'], ascii: flags.ascii })
  }
}
