// Which objects of saved and live lists come with the needed fields alone, and that all others come whole.
import { expect, test } from 'vitest'
import { decodeDocuments } from '../../src/sources/decode-documents.ts'
import { parseList } from '../../src/sources/json-list.ts'
import type { FieldsRead, Needs, ObjectDocument } from '../../src/sources/source.ts'

const identity = { apiVersion: true, kind: true, metadata: { name: true, labels: true } } as const
const needs: Needs = new Map<string, FieldsRead>([
  ['/Pod', { fields: identity, whole: ({ metadata }) => typeof metadata === 'object' && metadata !== null && 'labels' in metadata }],
  ['metrics.k8s.io/PodMetrics', { fields: identity }],
])

async function decode(value: unknown, chunk = 1 << 20) {
  const objects: ObjectDocument[] = []
  const decoder = decodeDocuments(
    'cluster/x',
    (document) => objects.push(document as ObjectDocument),
    async () => {},
    needs,
  )
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value, null, 4))
  for (let at = 0; at < bytes.length; at += chunk) if (!decoder.push(bytes.subarray(at, at + chunk))) break
  const { problem } = await decoder.end()
  return { problem, kinds: objects.map(({ kind }) => kind), bodies: objects.map(({ object }) => object) }
}

const rest = { spec: { containers: [{ name: 'é "}]' }] }, status: { phase: 'Running' } }
const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' }, ...rest }
const bare = { metadata: { name: 'a' }, ...rest }
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' }, status: { addresses: [] } }
const podOnly = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } }

test('items of a typed list', async () => {
  const { kinds, bodies, problem } = await decode({ kind: 'PodList', apiVersion: 'v1', items: [bare, bare] })
  expect([kinds, problem]).toEqual([['Pod', 'Pod'], undefined])
  expect(bodies).toEqual([{ metadata: { name: 'a' } }, { metadata: { name: 'a' } }])
})

test('items of a List are taken for what the one before was, and read whole where they are not', async () => {
  const items = [node, pod, pod, node, pod, { ...pod, metadata: { name: 'b', labels: {} } }, pod]
  const { bodies, problem } = await decode({ apiVersion: 'v1', kind: 'List', items })
  expect(problem).toBeUndefined()
  expect(bodies).toEqual([node, pod, podOnly, node, pod, items[5], podOnly])
  const kindLast = { metadata: { name: 'a' }, ...rest, apiVersion: 'v1', kind: 'Pod' } // as `ipam collect` writes it
  expect((await decode([kindLast, kindLast])).bodies).toEqual([kindLast, podOnly])
})

test('the same kind of another group is another kind', async () => {
  const other = { ...pod, apiVersion: 'example.com/v1' }
  expect((await decode([other, other, pod, other])).bodies).toEqual([other, other, pod, other])
})

test('in chunks of any size the same objects, with the fields at least', async () => {
  const list = { kind: 'PodList', apiVersion: 'v1', items: [bare, bare, bare] }
  for (let chunk = 1; chunk < 700; chunk += 7) {
    const { bodies, problem } = await decode(list, chunk)
    expect(problem).toBeUndefined()
    expect(bodies).toHaveLength(3)
    for (const body of bodies) expect(body).toSatisfy((one: object) => 'metadata' in one && (Object.keys(one).length === 1 || 'status' in one))
  }
})

test.each([
  ['[{"apiVersion":"v1","kind":"Pod"},{"apiVersion":"v1","kind":"Pod","metadata":{"name":nope}}]', /is not valid JSON: Unexpected token/],
  ['[{"apiVersion":"v1","kind":"Pod"},{"apiVersion":"v1","kind":"Pod","spec":{"a":[}}]', /is not valid JSON: Unexpected token/],
  ['[{"apiVersion":"v1","kind":"Pod"},{"apiVersion":"v1","kind":"Pod","spec":{"a":"', /is cut off/],
  ['[{"apiVersion":"v1","kind":"Pod"},{"apiVersion":"v1","kind":"Pod","spec":{"a":\\"b"}}]', /is not valid JSON: Unexpected token/],
])('damage is told as without fields: %s', async (text, message) => {
  expect((await decode(text)).problem).toMatch(message)
})

test('bytes that are not UTF-8 are refused in what is left out too', async () => {
  const bytes = Buffer.from('{"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"},"spec":{"a":"\xff"}}]}', 'latin1')
  expect(() => parseList(bytes, needs)).toThrow('not valid UTF-8')
})

test.each([
  '{"kind":"PodList","apiVersion":"v1","items":null}',
  '{"kind":"PodList","apiVersion":"v1"}',
  '{"kind":"PodList","apiVersion":"v1","items":{"a":[1]}}',
  '{"kind":"PodList","apiVersion":"v1","items":[{"a":1}],"items":[{"b":1}]}',
  '{"kind":"PodList","apiVersion":"v1","items":[{"a":1}],"items":null}',
  '{"kind":"Status","status":"Failure","message":"x"}',
  '[{"kind":"Pod"}]',
  'null',
])('an answer that is not one list is what JSON.parse makes of it: %s', (text) => {
  expect(parseList(Buffer.from(text), needs)).toEqual(JSON.parse(text))
})

test('a page keeps its head, and items that are no objects', () => {
  const page = { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 't' }, items: [bare, null, 'x', bare], more: 1 }
  const names = { metadata: { name: 'a' } }
  expect(parseList(Buffer.from(JSON.stringify(page)), needs)).toEqual({ ...page, items: [names, null, 'x', names] })
})

test.each(['{"kind":"PodList","items":[{}]} {}', '{"kind":"PodList","items":[{}]', '<html>', ''])('no JSON: %j', (text) => {
  expect(() => parseList(Buffer.from(text), needs)).toThrow(SyntaxError)
})
