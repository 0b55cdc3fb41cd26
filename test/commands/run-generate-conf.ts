// Runs `ipam generate-conf` in folders of its own that go away with the test file.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import GenerateConf from '../../src/commands/generate-conf.ts'
import { runCommand } from '../cli/run-command.ts'
import { runCli } from '../run-cli.ts'

const folders: string[] = []
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'ipam-conf-'))
  folders.push(path)
  return path
}
afterAll(() => {
  for (const path of folders) rmSync(path, { recursive: true, force: true })
})

export const nodes = [
  { name: 'Node1', pool: 'default', subnets: ['10.244.1.0/24', 'fd00:10:244:1::/64'], usable: '253', maxPods: 110 },
  { name: 'Node2', pool: 'default', subnets: ['10.244.2.0/24', 'fd00:10:244:2::/64'], usable: '253', maxPods: 110 },
]
export const plan = (more: object = {}) => ({
  apiVersion: 'ipam/v1',
  kind: 'AddressPlan',
  spec: { clusterCidrs: ['10.244.0.0/16'] },
  pools: [],
  nodes,
  ...more,
})

export function planFile(content: unknown = plan()): string {
  const path = join(folder(), 'plan.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

/** Inside this process, one at a time: a process of its own takes fifty times as long. */
export const conf = (args: readonly string[]) => runCommand(GenerateConf, args)
export const program = (args: readonly string[], stdin = '') => runCli(['generate-conf', ...args], { stdin })
export const paths = (root: string) =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))

export const one = ['--subnet', '10.9.1.0/24']
