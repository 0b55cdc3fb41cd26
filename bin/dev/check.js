// `npm run check`: everything that needs no test run. Each step prints its name; the first that fails ends it.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, root } from './set-up.js'

install()
const bin = (name) => join(root, 'node_modules/.bin', name)
const steps = [
  ['format, lint and import table', bin('biome'), ['ci', '.']],
  ['types', bin('tsc'), []],
  ['unused files, exports and dependencies', bin('knip'), []],
  ['build', process.execPath, ['bin/dev/build.js']],
  ['manifest and documentation are fresh', process.execPath, ['bin/dev/docs.js', '--check']],
  ['package', bin('publint'), ['--strict']],
]
for (const [what, command, args] of steps) {
  console.log(`check: ${what}`)
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) {
    console.error(`check: FAILED at ${what}`)
    process.exitCode = 1
    break
  }
}
if (process.exitCode === undefined) console.log('check: all clean')
