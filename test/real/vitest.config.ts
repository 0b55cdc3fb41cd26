// Tests with the real control plane, and later with whole nodes: slow to build once, quick afterwards; apart from `npm test`.
import { defineConfig } from 'vitest/config'
import { SummaryReporter } from '../summary-reporter.ts'

export default defineConfig({
  root: new URL('../..', import.meta.url).pathname,
  test: {
    include: ['test/real/**/*.test.ts'],
    reporters: ['default', new SummaryReporter()],
    globalSetup: ['test/build-program.ts', 'test/real/build-tools.ts'],
    disableConsoleIntercept: true, // or nothing that a command prints can be captured
    setupFiles: ['test/without-color.ts'],
    fileParallelism: false, // a cluster takes half a gigabyte and both cores of a small machine while it starts
    testTimeout: 120_000,
    hookTimeout: 120_000,
    env: { TZ: 'UTC', LC_ALL: 'C', NO_COLOR: '1', IPAM_TEST: '1', NODE_EXTRA_CA_CERTS: '' },
  },
})
