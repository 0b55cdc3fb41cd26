// `npm run test:real`: tests against a real control plane and real nodes. What is missing here (Go, root, cgroups) is skipped by name and counted.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, root } from './set-up.js'

install()
const result = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/real/vitest.config.ts', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: '' },
  },
)
process.exitCode = result.status ?? 1
