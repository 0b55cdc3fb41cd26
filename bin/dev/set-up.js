// What every developer command does first: dependencies as the lock file says, and a program that is as new as its sources. Speaks on stderr only.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

export const root = new URL('../../', import.meta.url).pathname

/** Standard output of what runs here goes to stderr, which leaves stdout to the program itself. */
export function run(command, args, options = {}) {
  execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
}

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'

/** npm notes in node_modules which lock file it installed; another one, or none, means that dependencies are not what they should be. */
export function install() {
  const lock = (path) => (existsSync(join(root, path)) ? JSON.parse(readFileSync(join(root, path), 'utf8')).packages : undefined)
  const wanted = lock('package-lock.json')
  const present = lock('node_modules/.package-lock.json')
  const stale = present === undefined || Object.entries(present).some(([name, entry]) => wanted[name]?.version !== entry.version)
  if (!stale) return
  process.stderr.write('Installing dependencies …\n')
  // Not `npm ci`: it refuses a lock file without the binaries of platforms that a registry does not have, which are optional. Versions are the lock's all the same.
  run(npm, ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'])
}

function newest(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((latest, entry) => Math.max(latest, statSync(join(entry.parentPath, entry.name)).mtimeMs), 0)
}

export function buildIfStale() {
  const built = join(root, 'dist/cli/main.js')
  const sources = Math.max(newest(join(root, 'src')), statSync(join(root, 'package.json')).mtimeMs, statSync(join(root, 'bin/dev/build.js')).mtimeMs)
  if (existsSync(built) && statSync(built).mtimeMs >= sources) return
  process.stderr.write('Building …\n')
  run(process.execPath, ['bin/dev/build.js'])
}
