// docs/planning.md: every command on the page is run, in order, in one folder, and what it prints is held against the page.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const page = readFileSync(new URL('../../docs/planning.md', import.meta.url), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'ipam-page-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const files = [...page.matchAll(/^`([\w.]+)`:\n\n```(?:csv|yaml)\n([\s\S]*?)```$/gm)]
const sessions = [...page.matchAll(/^```console\n\$ ipam (.*)\n([\s\S]*?)\$ echo \$\?\n(\d+)\n```$/gm)]

/** `...` stands for any number of lines. */
function matching(shown: string): RegExp {
  const parts = shown.split(/^\.\.\.$\n/m).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('(?:.*\\n)*?')}$`)
}

test('the page has commands, and all its console blocks are in the form that is run', () => {
  expect(sessions.length).toBeGreaterThanOrEqual(6)
  expect(page.match(/```console/g)).toHaveLength(sessions.length)
  expect(files.map(([, name]) => name)).toEqual(['corp.csv', 'plan.yaml', 'nodes.yaml'])
})

test('prints what the page shows', async () => {
  for (const [, name = '', text = ''] of files) writeFileSync(join(folder, name), text)
  for (const [, command = '', shown = '', code] of sessions) {
    const result = await runCli(command.split(' '), { cwd: folder, env: { COLUMNS: '110' } })
    const printed = result.stderr + result.stdout
    // A difference is easier to read between texts than between a text and an expression.
    if (!matching(shown).test(printed)) expect(printed).toBe(shown)
    expect(`${command}: ${result.code}`).toBe(`${command}: ${code}`)
  }
}, 60_000)
