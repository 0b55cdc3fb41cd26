// What a person types, and what it names.
import { describe, expect, test } from 'vitest'
import { parseSubject, resolveSubject } from '../../src/cli/explain-subject.ts'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { parseAddress, parseRange } from '../../src/net/index.ts'
import { inventory, node, pod } from '../inventory.ts'

const part: InventoryPart = {
  pods: [pod('shop/web-0', 'node-1', []), pod('blog/web-0', 'node-1', []), pod('shop/db-0', 'node-1', []), pod('shop/node-2', 'node-1', [])],
  nodes: [node('node-1', []), node('node-2', []), node('10.0.0.5', [])],
}
const resolved = (text: string, namespace?: string) => resolveSubject(parseSubject(text, namespace), inventory(part))

describe('addresses and ranges', () => {
  test.each([
    ['10.244.1.7', '10.244.1.7', undefined],
    [' 10.244.1.7 ', '10.244.1.7', undefined],
    ['010.244.001.007', '10.244.1.7', 'leading zeros: octal or decimal?'],
    ['::ffff:10.244.1.7', '10.244.1.7', 'IPv4-mapped IPv6 form'],
    ['FD00:0:0::7', 'fd00::7', 'not in canonical text'],
    ['fe80::1%eth0', 'fe80::1', 'has a zone'],
    ['10.0.0.5/32', '10.0.0.5', undefined],
    ['ip/10.0.0.5', '10.0.0.5', undefined],
    ['address/fd00::7', 'fd00::7', undefined],
  ])('%s', (text, address, note) => {
    const asked = parseSubject(text, undefined)
    expect(asked).toMatchObject({ subject: { kind: 'address', address: parseAddress(address) } })
    if (note === undefined) expect(asked).toMatchObject({ note: undefined })
    else expect('note' in asked && asked.note).toContain(note)
  })

  test.each([
    ['10.244.1.0/24', '10.244.1.0/24', undefined],
    ['10.244.1.7/24', '10.244.1.0/24', 'host bits set'],
    ['10.0.0.1-10.0.0.9', '10.0.0.1-10.0.0.9', undefined],
    ['fd00::/64', 'fd00::/64', undefined],
  ])('%s', (text, range, note) => {
    const asked = parseSubject(text, undefined)
    expect(asked).toMatchObject({ subject: { kind: 'range', range: parseRange(range) } })
    if (note !== undefined) expect('note' in asked && asked.note).toContain(note)
  })
})

describe('names', () => {
  test.each([
    ['pod/shop/web-0', undefined, { kind: 'pod', id: 'shop/web-0' }],
    ['shop/web-0', undefined, { kind: 'pod', id: 'shop/web-0' }],
    ['shop/web-0', 'shop', { kind: 'pod', id: 'shop/web-0' }],
    ['pod/web-0', 'shop', { kind: 'pod', id: 'shop/web-0' }],
    ['po/db-0', undefined, { kind: 'pod', id: 'shop/db-0' }],
    ['web-0', 'blog', { kind: 'pod', id: 'blog/web-0' }],
    ['node/node-1', undefined, { kind: 'node', name: 'node-1' }],
    ['no/node-1', 'shop', { kind: 'node', name: 'node-1' }],
    ['node-1', undefined, { kind: 'node', name: 'node-1' }],
    ['node/10.0.0.5', undefined, { kind: 'node', name: '10.0.0.5' }],
    ['10.0.0.5', undefined, { kind: 'address', address: parseAddress('10.0.0.5') }],
  ])('%s in %s', (text, namespace, subject) => {
    expect(resolved(text, namespace)).toEqual(subject)
  })

  test.each([
    ['web-0', undefined, '"web-0" can be pod/blog/web-0 or pod/shop/web-0; write which'],
    ['node-2', undefined, '"node-2" can be node/node-2 or pod/shop/node-2; write which'],
    ['shop/web-0', 'blog', '-n blog and "shop/web-0" name two namespaces; leave one of them out'],
    ['node-3', undefined, 'nothing called "node-3" in any source; did you mean node/node-1?'],
    ['pod/shop/web-1', undefined, 'no pod "shop/web-1" in any source; did you mean pod/shop/web-0?'],
    ['pod/', undefined, '"pod/" names nothing; write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'],
    ['', undefined, '"" names nothing; write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'],
    ['a/b/c', undefined, '"a/b/c" has too many parts; write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'],
    ['ip/nonsense', undefined, '"ip/nonsense" is no address; write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'],
    ['zzzzzzzzzzzz', undefined, 'nothing called "zzzzzzzzzzzz" in any source; write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'],
    ['constructor/x', undefined, 'no pod "constructor/x" in any source; write an address, a CIDR, pod/NAMESPACE/NAME or node/NAME'],
  ])('%s in %s is refused', (text, namespace, message) => {
    expect(() => resolved(text, namespace)).toThrow(expect.objectContaining({ name: 'UsageError', message }))
  })

  test('what is not found where not everything was read may be there all the same', () => {
    const coverage = [{ source: 'pods', status: 'partial' as const, read: 4, error: 'cut' }]
    expect(() => resolveSubject(parseSubject('pod/shop/web-9', undefined), inventory({ ...part, coverage }))).toThrow(
      expect.objectContaining({
        name: 'SourceError',
        message: 'no pod "shop/web-9" in what was read, and it may be there all the same: pods could not be read, or were not given',
      }),
    )
  })

  test('a pod that only a record names is known', () => {
    const allocations = [
      {
        system: 'calico',
        pool: 'blue',
        domain: 'default',
        address: parseAddress('10.48.0.7'),
        owner: { kind: 'pod' as const, id: 'old/job' },
        origin: 'x',
      },
    ]
    expect(resolveSubject(parseSubject('job', undefined), inventory({ ...part, allocations }))).toEqual({ kind: 'pod', id: 'old/job' })
  })
})
