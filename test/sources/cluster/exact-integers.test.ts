// What `ipam collect` saves has the digits that the server sent.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { runCli } from '../../run-cli.ts'
import { type FaultServer, listOf, raw, startFaultServer } from './fault-server.ts'

const running: FaultServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())))

const NUMBER = '1841234567890123457'

test.each([[[]], [['--redact']]])('an integer that a double cannot hold is saved digit by digit %j', async (more) => {
  const server = await startFaultServer(({ path, query }, response) => {
    const list = path === '/api/v1/nodes' ? listOf(path, query) : undefined
    if (list === undefined) return false
    // A kind with a field that readers keep whatever it holds.
    return raw(response, JSON.stringify(list).replaceAll(/"metadata":\{"name"/g, `"metadata":{"generation":${NUMBER},"name"`))
  })
  running.push(server)
  const kubeconfig = server.kubeconfig()
  const out = join(kubeconfig, '..', 'bundle')
  const { code, stderr } = await runCli(['collect', '--kubeconfig', kubeconfig, '--out', out, '--allow-incomplete', '--force', ...more])
  expect([code, stderr]).toEqual([0, expect.any(String)])
  const saved = readdirSync(join(out, 'cluster')).map((file) => readFileSync(join(out, 'cluster', file), 'utf8'))
  expect(saved.join('')).toContain(`"generation":${NUMBER}`)
  expect(saved.join('')).not.toContain('int:')
})
