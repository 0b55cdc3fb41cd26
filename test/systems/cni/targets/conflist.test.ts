// The proof before writing: files read back, siblings compared.
import { describe, expect, test } from 'vitest'
import { findClashes } from '../../../../src/systems/cni/targets/base/prove.ts'
import type { GeneratedFile, NodeShare } from '../../../../src/systems/cni/targets/define-target.ts'
import { targetOf, targets } from '../../../../src/systems/cni/targets/index.ts'
import { confRange, settings } from '../settings.ts'

const conflist = targetOf('conflist')
const share = (node: string | undefined, ...subnets: string[]): NodeShare => ({ node, ranges: subnets.map((subnet) => confRange(subnet)) })

const input = (shares: readonly NodeShare[]) => ({ shares, settings: settings(), plan: undefined })
const prove = (files: readonly GeneratedFile[], shares: readonly NodeShare[]) => [...findClashes(conflist, files, input(shares))]
const clashes = (shares: readonly NodeShare[]) => prove(conflist.generate(input(shares)), shares)

test('targets have names of their own', () => {
  expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length)
  expect(() => targetOf('nat')).toThrow('no target nat')
})

test('lies where the node has it, like in the nodes/ folder of a bundle', () => {
  const files = conflist.generate(input([share('n1', '10.9.1.0/24'), share(undefined, '10.9.2.0/24')]))
  expect(files.map(({ node, path }) => [node, path])).toEqual([
    ['n1', 'n1/etc/cni/net.d/70-net7.conflist'],
    [undefined, '70-net7.conflist'],
  ])
})

describe('siblings', () => {
  test('that touch are no clash', () => {
    expect(clashes([share('n1', '10.9.0.0/24', 'fd00::/64'), share('n2', '10.9.1.0/24', 'fd00:0:0:1::/64')])).toEqual([])
  })
  test('with one subnet inside another clash, in either family', () => {
    const shares = [share('n1', '10.9.0.0/24', 'fd00::/64'), share('n2', '10.9.0.128/25', 'fd00:1::/64'), share('n3', '10.9.9.0/24', 'fd00::/56')]
    expect(clashes(shares)).toEqual([
      { owners: ['node n1', 'node n2'], ranges: ['10.9.0.0/24', '10.9.0.128/25'] },
      { owners: ['node n1', 'node n3'], ranges: ['fd00::/64', 'fd00::/56'] },
    ])
  })
})

describe('a file that does not say what was asked for', () => {
  const asked = [share('n1', '10.9.1.0/24')]
  const [file] = conflist.generate(input(asked))
  if (file === undefined) throw new Error('nothing generated')
  const check = (text: string, shares: readonly NodeShare[] = asked) => prove([{ ...file, text }], shares)

  test.each([
    ['another subnet', file.text.replace('10.9.1.0', '10.9.2.0'), /reads back with other ranges/],
    ['one range more', file.text.replace('[{ "subnet"', '[{ "subnet": "10.8.0.0/24" }], [{ "subnet"'), /reads back with other ranges/],
    ['one range more at the end', file.text.replace('" }]', '" }], [{ "subnet": "10.8.0.0/24" }]'), /reads back with other ranges/],
    ['a broken range', file.text.replace('10.9.1.0', '10.9.1.7'), /does not read back: .*host bits set/],
    ['no JSON', file.text.slice(0, 50), /does not read back: not valid JSON/],
  ])('%s', (_, text, message) => {
    expect(() => check(text)).toThrow(message)
  })
  test('bounds count too', () => {
    const bounded = [{ node: 'n1', ranges: [confRange('10.9.1.0/24', { start: '10.9.1.9', end: '10.9.1.20', gateway: '10.9.1.3' })] }]
    expect(() => check(file.text, bounded)).toThrow(/reads back with other ranges/)
    const [right] = conflist.generate(input(bounded))
    expect(check(right?.text ?? '', bounded)).toEqual([])
  })
  test('a file too many', () => {
    expect(() => check(file.text, [])).toThrow(/belongs to no node/)
  })
})
