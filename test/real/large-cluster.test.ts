// The largest cluster that Kubernetes is made for, and as many pods as its nodes take: read in pages, judged whole, within a fixed memory.
import { expect, test } from 'vitest'
import { auditLargeCluster } from '../large-cluster.ts'

const PODS = 550_000
const NODES = 5_000

test('550,000 pods on 5,000 nodes are audited in less than 512 MB', { timeout: 600_000 }, async () => {
  const { code, stdout, stderr, peak } = await auditLargeCluster(PODS, NODES, 600_000)
  expect({ code, stderr }).toMatchObject({ code: 0 })
  expect(stdout).toContain(`${NODES} nodes, ${PODS} pods`)
  expect(stdout).toContain(`the fullest 1000 of ${NODES}`)
  expect(stdout.split('\n').filter((line) => /^node-\d+ /.test(line))).toHaveLength(1000)
  expect(stdout).toContain('0 findings')
  expect(peak).toBeLessThan(512)
})
