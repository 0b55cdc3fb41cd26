import { describe, expect, it } from 'vitest'
import { podId } from '../../src/model/pod-state.ts'
import { parseAddress } from '../../src/net/index.ts'
import { inventory, pod } from '../inventory.ts'

describe('the index of pods', () => {
  const found = inventory({
    pods: [
      pod('a/web', 'n1', ['10.0.0.1'], { uid: '2' }),
      pod('a-b/web', 'n1', ['10.0.0.1', 'fd00::1']),
      pod('a/web', 'n2', ['10.0.0.3'], { uid: '1', phase: 'Failed' }),
      pod('a/web-0', 'n1', ['10.0.0.9'], { hostNetwork: true }),
    ],
  })

  it('has the pods in the order of their joined names, whatever order they came in', () => {
    expect(found.pods.map((one) => `${podId(one)} ${one.uid}`)).toEqual(['a-b/web uid-a-b/web', 'a/web 1', 'a/web 2', 'a/web-0 uid-a/web-0'])
  })

  it('finds pods by name, the later of two incarnations first asked for', () => {
    expect(found.podsNamed('a/web').map(({ uid }) => uid)).toEqual(['1', '2'])
    expect(found.podOf('a/web')?.uid).toBe('2')
    expect(found.podOf('a/we')).toBeUndefined()
    expect(found.podOf('web')).toBeUndefined()
  })

  it('knows who shows an address now', () => {
    expect(found.holders(parseAddress('10.0.0.1')).map(podId)).toEqual(['a-b/web', 'a/web'])
    expect(found.holders(parseAddress('10.0.0.3'))).toEqual([])
    expect([...found.sharedAddresses()]).toEqual([parseAddress('10.0.0.1')])
    expect(found.countOn('n1')).toBe(2)
    expect(found.shownOn('n1').size).toBe(2)
    expect(found.hostPods.map(podId)).toEqual(['a/web-0'])
  })
})
