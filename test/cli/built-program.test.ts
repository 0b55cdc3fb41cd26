// What is tested inside of the tests' own process holds for the program that is shipped: both say the same, byte for byte, of the same input.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import Audit from '../../src/commands/audit.ts'
import Plan from '../../src/commands/plan.ts'
import { runCli } from '../run-cli.ts'
import { runCommand } from './run-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-built-'))
afterAll(() => rmSync(folder, { recursive: true }))

// Wide and combined characters, whose widths the built program learns when it meets the first of them.
const foreign = join(folder, 'foreign.json')
const node = (name: string) => ({ apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { podCIDR: '10.1.0.0/24', podCIDRs: ['10.1.0.0/24'] } })
writeFileSync(foreign, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: ['東京都', 'cafe\u0301', '👩‍👩‍👧'].map(node) }))

const capture = (name: string): string => new URL(`../../fixtures/captures/${name}`, import.meta.url).pathname

test.each([
  ['audit', '--from', foreign],
  ['audit', '--from', foreign, '-o', 'wide'],
  ['audit', '--from', capture('host-local/leak-reboot'), '-o', 'json'],
  ['audit', '--from', capture('calico/orphan-block-deleted-node')],
  ['audit', '--from', capture('whereabouts/leaked-allocation'), '-o', 'yaml'],
  ['plan', '--cluster-cidr', '10.244.0.0/16', '--nodes', '300'],
  ['plan', '-f', new URL('../../fixtures/plans/forty-nodes.yaml', import.meta.url).pathname, '-o', 'json'],
])('%s %s %s %s %s', async (name, ...args) => {
  const argv = [...args, '--now', '2026-11-23T12:00:00Z']
  const own = await runCommand(name === 'plan' ? Plan : Audit, argv)
  const untimed = (text: string): string => text.replace(/("?generatedAt"?: )\S+/, '$1then')
  const built = await runCli([name, ...argv])
  expect({ code: built.code, stdout: untimed(built.stdout), stderr: built.stderr }).toEqual({ ...own, stdout: untimed(own.stdout) })
  expect(own.stdout).not.toBe('')
})
