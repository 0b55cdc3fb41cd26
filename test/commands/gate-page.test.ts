// docs/gate.md: every command on the page is run, in order, in one folder, and what it prints is held against the page.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const root = new URL('../../', import.meta.url).pathname
const page = readFileSync(join(root, 'docs/gate.md'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'ipam-gate-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const files = [...page.matchAll(/^`([\w.]+)`:\n\n```yaml\n([\s\S]*?)```$/gm)]
const sessions = [...page.matchAll(/^```console\n\$ ipam (.*)\n([\s\S]*?)\$ echo \$\?\n(\d+)\n```$/gm)]

/** `...` stands for any number of lines. */
function matching(shown: string): RegExp {
  const parts = shown.split(/^\.\.\.$\n/m).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('(?:.*\\n)*?')}$`)
}

/** The demo cluster an hour later: one stale file of node-b was deleted, and node-a has one that is older than its last boot. */
function writeLater(): void {
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

test('the page has commands, and all its console blocks are in the form that is run', () => {
  expect(sessions.length).toBeGreaterThanOrEqual(5)
  expect(page.match(/```console/g)).toHaveLength(sessions.length)
  expect(files.map(([, name]) => name)).toEqual(['waivers.yaml'])
})

test('prints what the page shows', async () => {
  cpSync(join(root, 'fixtures/demo'), join(folder, 'demo'), { recursive: true })
  writeLater()
  for (const [, name = '', text = ''] of files) writeFileSync(join(folder, name), text)
  for (const [, command = '', shown = '', code] of sessions) {
    const result = await runCli(command.split(' '), { cwd: folder, env: { COLUMNS: '110' } })
    const printed = result.stderr + result.stdout
    // A difference is easier to read between texts than between a text and an expression.
    if (!matching(shown).test(printed)) expect(printed).toBe(shown)
    expect(`${command}: ${result.code}`).toBe(`${command}: ${code}`)
  }
}, 60_000)
