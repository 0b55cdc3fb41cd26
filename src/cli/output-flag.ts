// `-o FORMAT[=FILE]`: what it may say, and which outputs a command line asks for.
import { Flags } from '@oclif/core'
import { type FormatId, formats } from '../formats/index.ts'
import { UsageError } from '../model/errors.ts'
import { didYouMean } from './did-you-mean.ts'

/** One output; without a file it goes to standard output. */
export interface OutputTarget {
  readonly format: FormatId
  readonly file: string | undefined
}

export const formatIds = Object.keys(formats) as FormatId[]

const isFormat = (text: string): text is FormatId => Object.hasOwn(formats, text)

/** @throws UsageError */
export function parseOutputTarget(text: string): OutputTarget {
  const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? []
  if (!isFormat(name)) {
    const near = didYouMean(name, formatIds)
    throw new UsageError(
      `${JSON.stringify(name)} is no output format${near === undefined ? '' : `; did you mean ${near}?`} (${formatIds.join(', ')})`,
    )
  }
  if (file === '') throw new UsageError(`${JSON.stringify(text)} names no file; write ${name}=FILE, or ${name} alone for standard output`)
  return { format: name, file: file === '-' ? undefined : file }
}

export const outputFlag = Flags.custom<OutputTarget>({ parse: async (text) => parseOutputTarget(text) })

/**
 * What `-o` and `--json` ask for together; the table when they ask for nothing.
 *
 * @throws UsageError when two formats would go to the same place
 */
export function chooseOutputs(given: readonly OutputTarget[], json: boolean): readonly OutputTarget[] {
  const asked: readonly OutputTarget[] = json ? [...given, { format: 'json', file: undefined }] : given
  const chosen = new Map<string | undefined, OutputTarget>()
  for (const target of asked) {
    const other = chosen.get(target.file)
    if (other !== undefined && other.format !== target.format) {
      const place = target.file === undefined ? 'standard output' : JSON.stringify(target.file)
      throw new UsageError(`${other.format} and ${target.format} would both go to ${place}; give one of them a file: -o ${target.format}=FILE`)
    }
    chosen.set(target.file, target)
  }
  return chosen.size === 0 ? [{ format: 'table', file: undefined }] : [...chosen.values()]
}

/** True when the arguments ask for JSON on standard output, read without a parser because the arguments themselves may be what is wrong. */
export function asksForJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const flags = end === -1 ? argv : argv.slice(0, end)
  return flags.some(
    (word, index) =>
      word === '--json' || /^(-o=?|--output=)json(=-)?$/.test(word) || (/^json(=-)?$/.test(word) && /^(-o|--output)$/.test(flags[index - 1] ?? '')),
  )
}
