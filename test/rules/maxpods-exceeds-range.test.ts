import { describe, expect, it } from 'vitest'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { maxpodsExceedsRange as rule } from '../../src/rules/maxpods-exceeds-range.ts'
import { inMode, together } from '../cluster-ranges.ts'
import { network, node, nodeState, pod } from '../inventory.ts'
import { brief, findings, reasons, reversed } from './check-rule.ts'

const flannel = inMode('nodeipam+host-local')
const one = (range: string, maxPods: number): InventoryPart => ({ nodes: [node('n1', [range], { maxPods })] })
const onHost = (count: number, phase = 'Running'): InventoryPart => ({
  pods: Array.from({ length: count }, (_, i) => pod(`kube-system/h${i}`, 'n1', ['192.168.0.1'], { hostNetwork: true, phase })),
})

describe('CAP-403 reports', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['more pods than addresses', together(flannel, one('10.1.0.0/26', 62), onHost(0)), ['high [10.1.0.0/26] n1']],
    ['one too many beside those on the host network', together(flannel, one('10.1.0.0/26', 65), onHost(3)), ['high [10.1.0.0/26] n1']],
    [
      'finished pods on the host network, which take no slot',
      together(flannel, one('10.1.0.0/26', 63), onHost(2, 'Failed')),
      ['high [10.1.0.0/26] n1'],
    ],
    ['a missing margin', together(flannel, one('10.1.0.0/25', 63), onHost(0)), ['medium [10.1.0.0/25] n1']],
    [
      'equal nodes in one finding, other numbers in another',
      together(
        flannel,
        { nodes: [node('n3', ['10.1.3.0/26']), node('n1', ['10.1.1.0/26']), node('n2', ['10.1.2.0/26'], { maxPods: 100 })] },
        onHost(2),
      ),
      ['high [10.1.1.0/26 10.1.3.0/26] n1 n3', 'high [10.1.2.0/26] n2'],
    ],
    [
      'the range in the configuration of the node, not the one in the API',
      together(flannel, one('10.1.0.0/24', 110), onHost(0), { nodeStates: [nodeState('n1', [network('podnet', ['10.9.0.0/27'])], [])] }),
      ['high [10.9.0.0/27] n1'],
    ],
    ['too many pods in a vendor mode', together(inMode('gke'), one('10.1.0.0/26', 62), onHost(0)), ['high [10.1.0.0/26] n1']],
  ])('%s', (_, part, expected) => {
    const found = findings(rule, part)
    expect(brief(found)).toEqual(expected)
    expect(findings(rule, reversed(part))).toEqual(found)
  })

  it('puts 500 equal nodes into one finding', () => {
    const nodes = Array.from({ length: 500 }, (_, i) => node(`n${i}`, [`10.${i >> 8}.${i & 255}.0/25`]))
    const found = findings(rule, flannel, { nodes, pods: [] })
    expect(found.map(({ nodes: names, addresses }) => [names.length, addresses.length])).toEqual([[500, 500]])
    expect(found[0]?.message).toBe(
      'n0, n1, n10, n100, n101 and 495 more accept 110 pods for 125 usable addresses: less than two for each pod, so addresses are used again at once',
    )
  })

  it('is less sure without the list of pods', () => {
    expect(findings(rule, flannel, one('10.1.0.0/26', 62))).toMatchObject([{ confidence: 'likely', cause: 'too-many-pods' }])
    expect(findings(rule, flannel, one('10.1.0.0/26', 62), onHost(1))).toMatchObject([{ confidence: 'certain', cause: 'no-reuse-margin' }])
  })
})

describe('CAP-403 is silent about', () => {
  it.each<[string, InventoryPart]>([
    ['room for twice the pods', together(flannel, one('10.1.0.0/24', 126), onHost(0))],
    ['a missing margin on GKE', together(inMode('gke'), one('10.1.0.0/25', 63), onHost(0))],
    [
      'a missing margin on AKS overlay',
      together(
        inMode('azure-overlay'),
        one('10.1.0.0/24', 250),
        { nodeStates: [nodeState('n1', [network('azure', ['10.1.0.0/24'])], [])] },
        onHost(0),
      ),
    ],
    ['T11: podCIDRs that nobody uses', together(inMode('calico'), one('10.1.0.0/26', 110), onHost(0))],
    ['IPv6 ranges', together(flannel, one('fd00::/122', 110), onHost(0))],
    ['a virtual node', together(flannel, { nodes: [node('vk', ['10.1.0.0/26'], { virtual: true }), node('n1', ['10.2.0.0/24'])] }, onHost(0))],
    ['a node without a range', together(flannel, { nodes: [node('n1', ['10.1.0.0/24']), node('n2', [])] }, onHost(0))],
  ])('%s', (_, part) => expect(findings(rule, part)).toEqual([]))
})

describe('CAP-403 says what it could not look at', () => {
  it.each<[string, InventoryPart, string[]]>([
    ['no nodes', together(flannel), ['allocatable.pods is not known: the input holds no nodes']],
    ['another system', together(inMode('calico'), one('10.1.0.0/26', 110)), ['mode calico does not take pod addresses from node ranges']],
    [
      'a node without a range, and one without a limit',
      together(flannel, {
        nodes: [node('n1', ['10.1.0.0/24']), node('n2', []), (({ maxPods: _, ...rest }) => rest)(node('n3', ['10.3.0.0/24']))],
      }),
      ['the range of n2 is not known', 'allocatable.pods of n3 is not known'],
    ],
  ])('%s', (_, part, expected) => expect(reasons(rule, part)).toEqual(expected))
})
