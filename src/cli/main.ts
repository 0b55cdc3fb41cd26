// Starts the program: finds the command, and answers for what happens outside of commands (unknown words, help into a full disk, signals, faults).
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Config, Help, settings } from '@oclif/core'
import { OutputError, UsageError } from '../model/errors.ts'
import { didYouMean } from './did-you-mean.ts'
import { exitCodes } from './exit-codes.ts'
import { asksForJson } from './output-flag.ts'
import { reportError } from './report-error.ts'
import { isClosedPipe, writeStdout } from './stdout.ts'

const helpFlags = ['--help', '-h']

/** `kubectl ipam` when kubectl has started the program as its plugin, else `ipam`. */
function invokedAs(script: string | undefined): string {
  return /^kubectl[-_]ipam(\.\w+)?$/.test(basename(script ?? '')) ? 'kubectl ipam' : 'ipam'
}

/** oclif finds package.json by itself, but then nobody can tell it the name that the user has typed. */
function loadConfig(bin: string): Promise<Config> {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const pjson = JSON.parse(readFileSync(`${root}package.json`, 'utf8'))
  return Config.load({ root, pjson: { ...pjson, oclif: { ...pjson.oclif, bin } } })
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.length === 0 || (end === -1 ? argv : argv.slice(0, end)).some((word) => helpFlags.includes(word))
}

async function dispatch(argv: readonly string[], bin: string): Promise<void> {
  settings.enableAutoTranspile = false // or NODE_ENV=development makes oclif look for sources
  const config = await loadConfig(bin)
  const [first = '', ...rest] = argv
  if (first === '--version') return writeStdout([`${config.userAgent}\n`])
  const isHelp = first === 'help' || asksForHelp(argv)
  const word = first === 'help' ? rest[0] : first
  if (word !== undefined && word !== '' && !helpFlags.includes(word) && config.findCommand(word) === undefined) throw unknownCommand(word, config)
  if (isHelp) return new Help(config, config.pjson.oclif.helpOptions).showHelp(first === 'help' ? rest : [...argv])
  await config.runCommand(first, rest)
}

function unknownCommand(word: string, { bin, commandIDs }: Config): UsageError {
  if (word.startsWith('-'))
    return new UsageError(`${JSON.stringify(word.replace(/=.*$/s, ''))} stands before the command; write ${bin} COMMAND [FLAGS] (see ${bin} --help)`)
  const near = didYouMean(word, commandIDs)
  return new UsageError(`${JSON.stringify(word)} is no command of ${bin}${near === undefined ? '' : `; did you mean ${near}?`} (see ${bin} --help)`)
}

/** Ends at once with the code that shells give to the signal. What must not be left behind is removed by listeners of `exit`. */
function endOnSignals(): void {
  process.on('SIGINT', () => process.exit(exitCodes.interrupted))
  process.on('SIGTERM', () => process.exit(exitCodes.terminated))
  process.on('SIGHUP', () => process.exit(exitCodes.hangUp))
}

/** The exit code is left in `process.exitCode`; the process ends by itself when all output has been taken. */
export async function main(argv: readonly string[]): Promise<void> {
  const bin = invokedAs(process.argv[1])
  const context = { usage: bin, flags: [] }
  const faults: Error[] = []
  // oclif's own listener throws, which would end with its exit code 1.
  process.stdout.removeAllListeners('error').on('error', (error) => faults.push(error))
  process.stderr.on('error', () => {}) // nobody is left to be told
  process.on('uncaughtException', (error) => void reportError(error, context, false).finally(() => process.exit()))
  endOnSignals()
  try {
    await dispatch(argv, bin)
  } catch (error) {
    await reportError(error, context, asksForJson(argv))
  }
  await new Promise((resolve) => process.stdout.write('', resolve))
  const fault = faults.find((error) => !isClosedPipe(error))
  if (fault === undefined || process.exitCode === exitCodes.output) return
  await reportError(new OutputError(`cannot write to standard output: ${fault.message}`, { cause: fault }), context, false)
}
