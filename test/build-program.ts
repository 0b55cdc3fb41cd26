// Builds the program once per test run into a folder of its own, so that tests from outside the process run what is in src/ now.
import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

const root = new URL('..', import.meta.url).pathname

declare module 'vitest' {
  interface ProvidedContext {
    program: string
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-program-'))
  execFileSync(process.execPath, [join(root, 'bin/dev/build.js'), join(folder, 'dist')], { stdio: ['ignore', 'inherit', 'inherit'] })
  mkdirSync(join(folder, 'bin'))
  cpSync(join(root, 'bin/run.js'), join(folder, 'bin/run.js'))
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  cpSync(join(root, 'oclif.manifest.json'), join(folder, 'oclif.manifest.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  project.provide('program', join(folder, 'bin/run.js'))
  return () => rmSync(folder, { recursive: true, force: true })
}
