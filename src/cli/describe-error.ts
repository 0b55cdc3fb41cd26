// Turns any error into its exit code and one line that is fit for a terminal. The only place where errors and exit codes meet.
import { stripVTControlCharacters } from 'node:util'
import { Errors } from '@oclif/core'
import { safe } from '../formats/safe.ts'
import { OutputError, SourceError, StartError, UsageError } from '../model/errors.ts'
import { didYouMean } from './did-you-mean.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'

export interface DescribedError {
  readonly code: ExitCode
  readonly message: string
}

/** What is needed to point a user to the right words. */
export interface ErrorContext {
  /** `ipam plan`, as typed. */
  readonly usage: string
  /** Names of the command's flags, without dashes. */
  readonly flags: readonly string[]
}

const known = [
  { type: UsageError, code: exitCodes.usage },
  { type: StartError, code: exitCodes.notStarted },
  { type: OutputError, code: exitCodes.output },
  { type: SourceError, code: exitCodes.incomplete },
] as const

/** oclif wraps what a flag's own parser throws into `Parsing --flag \n\t...\nSee more help with --help`. */
function unwrapFlag(message: string): string {
  const [, flag, inner] = /^Parsing (--[\w-]+) \n\t(.*)\nSee more help with --help$/s.exec(message) ?? []
  return flag === undefined || inner === undefined ? message : `${flag}: ${inner}`
}

/** oclif's messages have several lines, colour, and a heading that says nothing. */
function flatten(message: string): string {
  return stripVTControlCharacters(unwrapFlag(message))
    .replace(/^The following errors? occurred:/, '')
    .replace(/See more help with --help$/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ')
}

function unknownFlags(words: readonly string[], { flags }: ErrorContext): string {
  const [first = ''] = words
  const name = first.replace(/=.*$/s, '') // a value may be a secret
  const near = didYouMean(name.replace(/^-+/, ''), flags)
  return `${name} is no flag of this command${near === undefined ? '' : `; did you mean --${near}?`}`
}

function parseError(error: Error, context: ErrorContext): DescribedError {
  const names = 'flags' in error && Array.isArray(error.flags) ? (error.flags as string[]) : undefined
  const message = names === undefined ? flatten(error.message) : unknownFlags(names, context)
  return { code: exitCodes.usage, message: safe(`${message} (see ${context.usage} --help)`) }
}

/** Exit 2 for oclif's parse errors, the codes of our own errors, and 70 for everything that nobody has foreseen. */
export function describeError(error: unknown, context: ErrorContext): DescribedError {
  const own = known.find(({ type }) => error instanceof type)
  if (own !== undefined) return { code: own.code, message: safe(unwrapFlag((error as Error).message)) }
  if (error instanceof Errors.CLIError && error.oclif.exit === exitCodes.usage) return parseError(error, context)
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return { code: exitCodes.bug, message: safe(`internal error, please report it: ${what}; DEBUG=* shows where`) }
}
