// `npm test`: set-up, then all tests that need Node alone, and those with the real CNI plugins where they can be built.
// Arguments go to vitest; the last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { install, root } from './set-up.js'

install()
const result = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NODE_EXTRA_CA_CERTS: '' },
  },
)
process.exitCode = result.status ?? 1
