import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './summary-reporter.ts'

const root = new URL('..', import.meta.url).pathname

const shared = {
  root,
  setupFiles: ['test/without-color.ts'],
  disableConsoleIntercept: true, // or nothing that a command prints can be captured
  testTimeout: 30_000,
  env: { TZ: 'UTC', LC_ALL: 'C', NO_COLOR: '1', IPAM_TEST: '1', NODE_EXTRA_CA_CERTS: '' },
}

// What these folders test is pure (no state in modules, no streams, no signals), so their files share a worker and what it has loaded.
const pure = ['net', 'model', 'rules', 'plan', 'report', 'formats', 'systems', 'corpus'].map((folder) => `test/${folder}/**/*.test.ts`)
const plugins = ['test/host-local/**/*.test.ts']

export default defineConfig({
  root,
  test: {
    reporters: ['default', new SummaryReporter()],
    globalSetup: ['test/build-program.ts'],
    maxWorkers: availableParallelism(), // vitest leaves one processor idle, which is half of two
    projects: [
      { test: { ...shared, name: 'pure', include: pure, isolate: false } },
      { test: { ...shared, name: 'plugins', include: plugins } }, // these need more than Node, so CI can leave them out on newer lines of it
      { test: { ...shared, name: 'whole', include: ['test/**/*.test.ts'], exclude: ['test/real/**', ...plugins, ...pure] } },
    ],
  },
})
