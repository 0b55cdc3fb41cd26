// Ends a test run with why tests were skipped and one line that machines can read: `N passed, N failed[, N skipped]`.
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

export class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    const skips: string[] = []
    for (const module of modules) {
      if (module.errors().length > 0) counts.failed++
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') counts.passed++
        else if (result.state === 'failed') counts.failed++
        else {
          counts.skipped++
          skips.push(`skipped: ${test.fullName}: ${result.state === 'skipped' ? (result.note ?? 'no reason given') : 'did not run'}`)
        }
      }
    }
    if (skips.length > 0) console.log(`\n${skips.join('\n')}`)
    const line = `${counts.passed} passed, ${counts.failed} failed${counts.skipped === 0 ? '' : `, ${counts.skipped} skipped`}`
    const file = process.env['IPAM_TEST_COUNTS']
    if (file !== undefined) writeFileSync(file, line)
    console.log(`\n${line}`)
  }
}
