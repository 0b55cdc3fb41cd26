// The proof before writing must be able to fail: whatever address a file names, another one in its place is noticed.
import { expect, test } from 'vitest'
import { parseCidr, parseRange } from '../../../../src/net/index.ts'
import type { ConfPlan } from '../../../../src/systems/cni/targets/base/conf-plan.ts'
import { findClashes } from '../../../../src/systems/cni/targets/base/prove.ts'
import type { Generation } from '../../../../src/systems/cni/targets/define-target.ts'
import { targets } from '../../../../src/systems/cni/targets/index.ts'
import { confRange, settings } from '../settings.ts'

const plan = (more: Partial<ConfPlan> = {}): ConfPlan => ({
  profile: 'calico',
  pools: [{ name: 'main', families: [{ cidr: parseCidr('10.66.0.0/16'), nodePrefix: 26, reserved: [], openBlocks: [parseCidr('10.66.0.0/16')] }] }],
  nodes: [
    { name: 'n1', pool: 'main', subnets: [parseCidr('10.66.1.0/24')] },
    { name: 'n2', pool: 'main', subnets: [parseCidr('10.66.2.0/24')] },
  ],
  serviceCidrs: [parseCidr('10.67.0.0/20')],
  nodeNetworks: [],
  loadBalancerRanges: [parseRange('10.68.0.5-10.68.0.9')],
  secondaryNetworks: [],
  maxPods: undefined,
  ...more,
})

const input: Generation = {
  shares: [
    { node: 'n1', ranges: [confRange('10.66.1.0/24')] },
    { node: 'n2', ranges: [confRange('10.66.2.0/24')] },
  ],
  settings: settings(),
  plan: plan(),
}

test.each(targets.map((target) => [target.id, target] as const))('%s: another range in place of the right one', (_, target) => {
  const files = target.generate(input)
  expect([...findClashes(target, files, input)]).toEqual([])
  const place = files.findIndex(({ text }) => /10\.6[68]\./.test(text))
  expect(place).toBeGreaterThanOrEqual(0)
  const wrong = files.map((file, index) => (index === place ? { ...file, text: file.text.replaceAll(/10\.6([68])\./g, '10.16$1.') } : file))
  expect(() => [...findClashes(target, wrong, input)]).toThrow(/read back with other ranges|reads back with other ranges/)
})

test('two pools of one plan that overlap are refused by every target that has pools', () => {
  const family = { nodePrefix: 26, reserved: [], openBlocks: [parseCidr('10.66.0.0/17')], cidr: parseCidr('10.66.0.0/17') }
  const overlapping = {
    ...input,
    plan: plan({ pools: [...plan().pools, { name: 'second', families: [family] }] }),
    settings: settings({ nodeLabel: 'pool' }),
  }
  for (const id of ['calico', 'kube-ovn', 'antrea', 'whereabouts']) {
    const target = targets.find((each) => each.id === id)
    if (target === undefined) throw new Error(id)
    const [clash] = findClashes(target, target.generate(overlapping), overlapping)
    expect(clash?.owners.toSorted(), id).toEqual(['the pool main', 'the pool second'])
  }
})
