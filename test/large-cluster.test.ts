// A tenth of a large cluster, within a tenth of what its pods may take above the program itself; test/real/large-cluster.test.ts reads all of it.
import { expect, test } from 'vitest'
import { auditLargeCluster } from './large-cluster.ts'

test('20,000 pods on 200 nodes are read whole, in little memory', { timeout: 120_000 }, async () => {
  const { code, stdout, peak } = await auditLargeCluster(20_000, 200, 120_000)
  expect(code).toBe(0)
  expect(stdout).toContain('200 nodes, 20000 pods')
  expect(stdout).toContain('no problems found')
  // The program takes 100 MB before it has read anything; objects as they come would take 200 MB more.
  expect(peak).toBeLessThan(200)
})
