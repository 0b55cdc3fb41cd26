// A page of docs/ whose commands are run, in order, in one folder, and what they print is held against the page.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runCli } from '../run-cli.ts'

const root = new URL('../../', import.meta.url).pathname

interface Page {
  /** Below docs/. */
  readonly name: string
  /** Files that the page shows, which its commands read. */
  readonly files: readonly string[]
  readonly leastSessions: number
  /** What else the folder holds before the first command. */
  readonly prepare?: (folder: string) => void
}

export function testPage({ name, files: expected, leastSessions, prepare }: Page): void {
  const page = readFileSync(join(root, 'docs', name), 'utf8')
  const files = [...page.matchAll(/^`([\w.]+)`:\n\n```(?:csv|yaml)\n([\s\S]*?)```$/gm)]
  const sessions = [...page.matchAll(/^```console\n\$ ipam (.*)\n([\s\S]*?)\$ echo \$\?\n(\d+)\n```$/gm)]
  const folder = mkdtempSync(join(tmpdir(), 'ipam-page-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('the page has commands, and all its console blocks are in the form that is run', () => {
    expect(sessions.length).toBeGreaterThanOrEqual(leastSessions)
    expect(page.match(/```console/g)).toHaveLength(sessions.length)
    expect(files.map(([, file]) => file)).toEqual(expected)
  })

  test('prints what the page shows', async () => {
    prepare?.(folder)
    for (const [, file = '', text = ''] of files) writeFileSync(join(folder, file), text)
    for (const [, command = '', shown = '', code] of sessions) {
      const result = await runCli(command.split(' '), { cwd: folder, env: { COLUMNS: '110' } })
      const printed = result.stderr + result.stdout
      // A difference is easier to read between texts than between a text and an expression.
      if (!matching(shown).test(printed)) expect(printed).toBe(shown)
      expect(`${command}: ${result.code}`).toBe(`${command}: ${code}`)
    }
  }, 60_000)
}

/** `...` stands for any number of lines. */
function matching(shown: string): RegExp {
  const parts = shown.split(/^\.\.\.$\n/m).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('(?:.*\\n)*?')}$`)
}
