// Tells the user of an error: one line on standard error, the stack under DEBUG, and one JSON document on standard output where JSON was asked for.
import { inspect } from 'node:util'
import { safe } from '../formats/safe.ts'
import { describeError, type ErrorContext } from './describe-error.ts'
import { worseExitCode } from './exit-codes.ts'
import { writeStdout } from './stdout.ts'

const stackOf = (error: unknown): string =>
  inspect(error)
    .split('\n')
    .map((line) => safe(line))
    .join('\n')

/** Sets the exit code too. `json` is false as well when standard output already holds a part of the report. */
export async function reportError(error: unknown, context: ErrorContext, json: boolean): Promise<void> {
  const { code, message } = describeError(error, context)
  process.exitCode = worseExitCode(process.exitCode, code)
  process.stderr.write(`Error: ${message}\n`)
  if ((process.env['DEBUG'] ?? '') !== '') process.stderr.write(`${stackOf(error)}\n`)
  if (!json) return
  const document = { apiVersion: 'ipam/v1', kind: 'Error', error: { code, message } }
  await writeStdout([`${JSON.stringify(document, null, 2)}\n`]).catch(() => {}) // what is to be told has been told on standard error
}
