// docs/gate.md does what it shows.
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testPage } from './page-that-runs.ts'

const root = new URL('../../', import.meta.url).pathname

/** The demo cluster an hour later: one stale file of node-b was deleted, and node-a has one that is older than its last boot. */
function writeLater(folder: string): void {
  const later = join(folder, 'later')
  cpSync(join(root, 'fixtures/demo'), later, { recursive: true })
  const directory = 'var/lib/cni/networks/pods'
  rmSync(join(later, 'nodes/node-b', directory, '10.42.1.5'))
  writeFileSync(join(later, 'nodes/node-a', directory, '10.42.0.77'), `${'7'.repeat(64)}\r\neth0`)
  const added = { [`${directory}/10.42.0.77`]: { mtime: '2026-10-20T18:00:00Z', size: 70, mode: '0600' } }
  for (const name of ['bundle.json', ...['a', 'b', 'c', 'd'].map((node) => `nodes/node-${node}/stat.json`)]) {
    const { files = {}, ...description } = JSON.parse(readFileSync(join(later, name), 'utf8'))
    const all = name === 'nodes/node-a/stat.json' ? { ...files, ...added } : files
    writeFileSync(
      join(later, name),
      JSON.stringify({ ...description, ...(name === 'bundle.json' ? {} : { files: all }), collectedAt: '2026-11-20T04:00:00Z' }),
    )
  }
}

testPage({
  name: 'gate.md',
  files: ['waivers.yaml'],
  leastSessions: 5,
  prepare(folder) {
    cpSync(join(root, 'fixtures/demo'), join(folder, 'demo'), { recursive: true })
    writeLater(folder)
  },
})
