// Builds a program with commands made for tests: the real start, the real base command, and faults that no real command has.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../..', import.meta.url).pathname

export interface SampleProgram {
  /** The script to run. */
  readonly program: string
  /** A folder for the test's own files. */
  readonly folder: string
  remove(): void
}

export function buildSampleProgram(): SampleProgram {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-sample-'))
  const at = (path: string): string => join(folder, 'program', path)
  mkdirSync(at('bin'), { recursive: true })
  mkdirSync(join(folder, 'work'))
  execFileSync(process.execPath, [join(root, 'bin/dev/build.js'), at('dist'), 'test/cli/commands'])
  cpSync(join(root, 'bin/run.js'), at('bin/run.js'))
  symlinkSync('run.js', at('bin/kubectl-ipam'))
  writeFileSync(at('package.json'), readFileSync(join(root, 'package.json')))
  return { program: at('bin/run.js'), folder: join(folder, 'work'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
