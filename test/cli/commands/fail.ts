// Ends in every way that a command can end in without having finished.
import { Flags } from '@oclif/core'
import { BaseCommand } from '../../../src/cli/base-command.ts'
import { OutputError, SourceError, StartError, UsageError } from '../../../src/model/errors.ts'
import type { Report } from '../../../src/report/report.ts'
import { clean } from '../../formats/sample-reports.ts'

const never = undefined as unknown as { readonly ranges: readonly string[] }

const faults: Readonly<Record<string, () => unknown>> = {
  usage: () => new UsageError('--cluster-cidr "10.244.3.7/16" has host bits set; write 10.244.0.0/16'),
  start: () => new StartError('no kubeconfig found; give --kubeconfig FILE'),
  source: () => new SourceError('nothing could be read'),
  output: () => new OutputError('cannot write "x"'),
  bug: () => never.ranges,
  hostile: () => new UsageError('bad name "\u001b]0;pwn\u0007\r\b\u202e\u2028\n::error::x\u{e0041}"'),
  'not-an-error': () => {
    throw 'a string'
  },
}

export default class Fail extends BaseCommand {
  static override summary = 'throw'

  static override flags = {
    by: Flags.string({ options: [...Object.keys(faults), 'timer', 'early', 'late'], default: 'bug' }),
    cidr: Flags.string({ parse: async (text) => Promise.reject(new UsageError(`"${text}" is no CIDR`)) }),
    first: Flags.string({ exclusive: ['second'] }),
    second: Flags.string(),
    failing: Flags.boolean(),
  }

  async run(): Promise<void> {
    const { flags } = await this.parse(Fail)
    this.finish({ failing: flags.failing, incomplete: false })
    if (flags.by === 'timer') setTimeout(() => never.ranges)
    else if (flags.by === 'early') await this.emit(breaking(1), flags)
    else if (flags.by === 'late') await this.emit(breaking(1_000), flags)
    else throw faults[flags.by]?.()
  }
}

/** A report whose list breaks off after some elements of 1 KB. */
function breaking(elements: number): Report {
  function* list(): Iterable<string> {
    for (let index = 0; index < elements; index++) yield 'x'.repeat(1_024)
    yield String(never.ranges)
  }
  return { ...clean, data: { list } }
}
