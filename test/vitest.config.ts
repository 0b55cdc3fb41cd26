import { defineConfig } from 'vitest/config'
import { SummaryReporter } from './summary-reporter.ts'

export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/real/**'],
    reporters: ['default', new SummaryReporter()],
    globalSetup: ['test/build-program.ts'],
    setupFiles: ['test/without-color.ts'],
    disableConsoleIntercept: true, // or nothing that a command prints can be captured
    testTimeout: 30_000,
    env: { TZ: 'UTC', LC_ALL: 'C', NO_COLOR: '1', IPAM_TEST: '1', NODE_EXTRA_CA_CERTS: '' },
  },
})
