import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Decoded, decodeDocuments } from '../../src/sources/decode-documents.ts'
import type { ObjectDocument } from '../../src/sources/source.ts'
import { NODE, POD } from './read-source.ts'

type Result = Decoded & { readonly objects: ObjectDocument[]; readonly kinds: string[] }

async function decode(content: string | Uint8Array, chunk = 1 << 20): Promise<Result> {
  const objects: ObjectDocument[] = []
  const decoder = decodeDocuments(
    'cluster/x',
    (document) => objects.push(document as ObjectDocument),
    async () => {},
  )
  const bytes = Buffer.from(content)
  for (let at = 0; at < bytes.length; at += chunk) if (!decoder.push(bytes.subarray(at, at + chunk))) break
  return { ...(await decoder.end()), objects, kinds: objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`) }
}

const json = (value: unknown): string => JSON.stringify(value, null, 4)
const bare = (name: string) => ({ metadata: { name } })
const YAML_POD = 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web-0\n  namespace: shop\n'

describe('every shape that kubectl and the API server write', () => {
  const two = ['v1 Pod', 'v1 Node']
  test.each<[string, string, string[]]>([
    ['one object', json(POD), ['v1 Pod']],
    ['kind List, as kubectl writes it', json({ apiVersion: 'v1', items: [POD, NODE], kind: 'List', metadata: { resourceVersion: '' } }), two],
    ['an empty List', json({ apiVersion: 'v1', items: [], kind: 'List' }), []],
    [
      'a typed list whose items have no kind',
      json({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [bare('a'), bare('b')] }),
      ['v1 Pod', 'v1 Pod'],
    ],
    [
      'a typed list of a group',
      json({ kind: 'ServiceCIDRList', apiVersion: 'networking.k8s.io/v1', items: [bare('a')] }),
      ['networking.k8s.io/v1 ServiceCIDR'],
    ],
    [
      'the same with sorted keys: kind behind the items',
      json({ apiVersion: 'v1', items: [bare('a'), POD, bare('b')], kind: 'NodeList' }),
      ['v1 Pod', 'v1 Node', 'v1 Node'],
    ],
    ['items null, as Go writes no items', json({ kind: 'PodList', apiVersion: 'v1', items: null }), []],
    ['an array', json([POD, NODE]), two],
    ['an empty array', '[]', []],
    [
      'an array of lists',
      json([
        { apiVersion: 'v1', kind: 'List', items: [POD] },
        { apiVersion: 'v1', kind: 'NodeList', items: [bare('a')] },
      ]),
      two,
    ],
    ['a List of lists', json({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'PodList', items: [bare('a')] }, NODE] }), two],
    ['documents one after another', `${json(POD)}\n${json({ apiVersion: 'v1', kind: 'List', items: [NODE] })}`, two],
    ['JSON lines', `${JSON.stringify(POD)}\n${JSON.stringify(NODE)}\n`, two],
    ['a custom resource with a kind in List', json({ apiVersion: 'x/v1', kind: 'AllowList', metadata: { name: 'a' }, spec: {} }), ['x/v1 AllowList']],
    ['one YAML object', YAML_POD, ['v1 Pod']],
    ['several YAML documents, empty ones between', `---\n${YAML_POD}---\n# nothing\n---\n${YAML_POD.replace('Pod', 'Node')}...\n`, two],
    ['a YAML List', `apiVersion: v1\nitems:\n- apiVersion: v1\n  kind: Pod\n- apiVersion: v1\n  kind: Node\nkind: List\n`, two],
    ['a YAML sequence', '- {apiVersion: v1, kind: Pod}\n- {apiVersion: v1, kind: Node}\n', two],
    ['JSON in a YAML stream', `---\n${json(POD)}\n---\n${json(NODE)}\n`, two],
    ['a byte order mark', `\ufeff${json(POD)}`, ['v1 Pod']],
    ['a byte order mark before YAML', `\ufeff${YAML_POD}`, ['v1 Pod']],
    ['CRLF', json(POD).replaceAll('\n', '\r\n'), ['v1 Pod']],
    ['CRLF in YAML', YAML_POD.replaceAll('\n', '\r\n'), ['v1 Pod']],
    ['blank lines first', `\n\n \t\r\n${json(POD)}`, ['v1 Pod']],
  ])('%s', async (_, text, kinds) => {
    for (const chunk of [1 << 20, 1, 3, 7]) expect(await decode(text, chunk)).toMatchObject({ kinds, read: kinds.length, problem: undefined })
  })

  test('objects come out as they went in, with the origin and without a kind added', async () => {
    const pod = { ...POD, metadata: { name: 'wéb', labels: { __proto__x: '1' } }, status: { podIP: 12345, list: [null, 1.5, true] } }
    const { objects } = await decode(json({ kind: 'PodList', apiVersion: 'v1', items: [pod, bare('a')] }))
    expect(objects.map(({ object, origin }) => ({ object, origin }))).toEqual([
      { object: pod, origin: 'cluster/x' },
      { object: bare('a'), origin: 'cluster/x' },
    ])
  })

  test('an object that is no list keeps its field called items', async () => {
    const value = { apiVersion: 'x/v1', items: [{ key: 'a' }, { key: 'b' }], kind: 'Menu', metadata: { name: 'm' } }
    expect((await decode(json(value))).objects[0]?.object).toEqual(value)
    const kindFirst = { kind: 'Menu', apiVersion: 'x/v1', items: [POD] }
    expect((await decode(json(kindFirst))).objects.map(({ object }) => object)).toEqual([kindFirst])
  })

  test('__proto__ is a key like any other', async () => {
    for (const text of [`{"apiVersion":"v1","kind":"Pod","__proto__":{"polluted":1}}`, `${YAML_POD}__proto__: {polluted: 1}\n`]) {
      const { objects } = await decode(text)
      expect(Object.getPrototypeOf(objects[0]?.object)).toBe(Object.prototype)
      expect(Object.hasOwn(objects[0]?.object ?? {}, '__proto__')).toBe(true)
    }
    await decode(`{"apiVersion":"x/v1","__proto__":{"polluted":1},"items":[{}],"kind":"Menu"}`)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('what is refused, and in which words', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  test.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'is empty'],
    ['blanks only', ' \n\t\n', 'is empty'],
    ['comments only', '# nothing here\n', 'holds no Kubernetes object'],
    ['a login page', '<!DOCTYPE html><html>', 'is HTML or XML, not JSON or YAML: perhaps a login or error page was saved'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${json(POD)}`, 'utf16le'), 'is UTF-16: save it as UTF-8 (PowerShell: Out-File -Encoding utf8)'],
    ['UTF-16 without a mark', Buffer.from(json(POD), 'utf16le'), 'holds NUL bytes, so it is not text in UTF-8 (UTF-16, or a damaged file)'],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'is compressed by gzip: unpack it first'],
    ['a zip archive', Buffer.from('PK\x03\x04....'), 'is a zip archive: unpack it first'],
    ['NUL bytes at once', Buffer.alloc(100), 'holds NUL bytes, so it is not text in UTF-8 (UTF-16, or a damaged file)'],
    [
      'a NUL byte in YAML',
      `${YAML_POD}x: "\0"\n`,
      `holds a NUL byte at ${YAML_POD.length + 4}, so it is not text in UTF-8 (UTF-16, or a damaged file)`,
    ],
    ['a NUL byte in a JSON string', '{"kind":"\0"}', 'is not valid JSON: Bad control character in string literal at byte 9'],
    ['Latin-1 in JSON', Buffer.from('{"kind":"\xfc"}', 'latin1'), 'is not valid UTF-8: save it as UTF-8'],
    ['Latin-1 in YAML', Buffer.from('kind: \xfc\n', 'latin1'), 'is not valid UTF-8: save it as UTF-8'],
    ['deep JSON', deep, 'is nested more than 512 levels deep'],
    ['deep YAML', `a: ${deep}`, 'is nested more than 512 levels deep'],
    ['YAML of 600 levels', `a: ${'['.repeat(600)}${']'.repeat(600)}`, 'is nested more than 512 levels deep'],
    ['a duplicate key in YAML', `${YAML_POD}kind: Node\n`, 'is not valid YAML: Map keys must be unique at line 6, column 1'],
    ['a tab in YAML', 'a:\n\tb: 1\n', 'is not valid YAML: Tabs are not allowed as indentation at line 2, column 1'],
    ['an unknown tag', 'a: !!js/function x\n', 'is not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function at line 1, column 4'],
    ['an unknown alias', 'a: *b\n', 'is not valid YAML: Unresolved alias (the anchor must be set before the alias): b'],
    ['text', 'No resources found in default namespace.\n', 'the document is not an object'],
    ['JSON of another kind', '{"name":"kube-ipam"}', 'the object has no "kind": it is not a Kubernetes object'],
    ['a kind without a version', '{"kind":"Pod"}', 'the object has no "apiVersion": it is not a Kubernetes object'],
    [
      'an error answer',
      json({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'pods is forbidden' }),
      'the object is an error answer of the API server instead of data: pods is forbidden',
    ],
    [
      'a table for printing',
      json({ kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [] }),
      'the object is a table made for printing: save the objects with -o json or -o yaml',
    ],
    ['items of a wrong type', '{"kind":"PodList","apiVersion":"v1","items":"x"}', 'the object is a list whose "items" is a string, not a list'],
    ['a List without items', '{"kind":"List","apiVersion":"v1"}', 'the object is a list whose "items" is missing'],
    [
      'items without kind in a list without kind',
      '{"items":[{"a":1}]}',
      'an item of the list (number 0 of those without a kind) has no "kind": it is not a Kubernetes object',
    ],
    ['a syntax error', '{"apiVersion":"v1",}', 'is not valid JSON: Expected double-quoted property name at byte 19'],
  ])('%s', async (_, content, problem) => {
    for (const chunk of [1 << 20, 2]) expect(await decode(content, chunk)).toMatchObject({ read: 0, problem })
  })

  test('an alias bomb ends at once', async () => {
    const names = 'abcdefghij'.split('')
    const bomb = names
      .map(
        (name, i) =>
          `${name}: &${name} [${
            i === 0
              ? '"x"'
              : Array(9)
                  .fill(`*${names[i - 1]}`)
                  .join(',')
          }]`,
      )
      .join('\n')
    expect((await decode(bomb)).problem).toMatch(/Excessive alias count/)
  })

  test('YAML above 64 MiB is refused before it is parsed', async () => {
    const decoder = decodeDocuments(
      'x',
      () => {},
      async () => {},
    )
    const chunk = Buffer.alloc(1 << 20, '# comment\n')
    let pushed = 0
    while (decoder.push(chunk)) pushed++
    expect(pushed).toBe(64)
    expect((await decoder.end()).problem).toBe('is more than 64 MiB of YAML: save it as JSON (kubectl get -o json), for which there is no limit')
  })
})

describe('what could be read before a fault is not lost', () => {
  test.each<[string, string, string]>([
    [
      'cut off inside an item',
      JSON.stringify({ apiVersion: 'v1', items: [POD, NODE, POD], kind: 'List' }).slice(0, 200),
      'is cut off: it ends at byte 200, inside the value that begins at byte 167',
    ],
    ['a bracket too many', `${JSON.stringify([POD, NODE])}]`, "is not valid JSON: ']' at byte 140 where '{' or '[' was expected"],
    [
      'cut off behind the items',
      '{"apiVersion":"v1","items":[{"apiVersion":"v1","kind":"Pod"},{"apiVersion":"v1","kind":"Node"}],"ki',
      'is cut off: it ends at byte 99, inside the value that begins at byte 0',
    ],
    [
      'a broken item',
      '[{"apiVersion":"v1","kind":"Pod"},{"apiVersion":"v1","kind":"Node"},{"a" 1}]',
      "is not valid JSON: Expected ':' after property name at byte 73",
    ],
    ['an item that is no object', json([POD, NODE, 7]), 'element [2] is not an object'],
    [
      'an item without a kind',
      json({ apiVersion: 'v1', kind: 'List', items: [POD, {}, NODE] }),
      'an item of the list (number 0 of those without a kind) has no "kind": it is not a Kubernetes object',
    ],
    [
      'one page of a list',
      json({ apiVersion: 'v1', kind: 'List', metadata: { continue: 'abc', remainingItemCount: 12 }, items: [POD, NODE] }),
      'is only one page of a list: the server held 12 more objects ("continue" is set); collect it again without --limit or --chunk-size',
    ],
    [
      'one page, told behind the items',
      json({ apiVersion: 'v1', items: [POD, NODE], kind: 'List', metadata: { continue: 'abc' } }),
      'is only one page of a list: the server held more objects ("continue" is set); collect it again without --limit or --chunk-size',
    ],
    [
      'one page in YAML',
      'apiVersion: v1\nkind: List\nmetadata: {continue: abc}\nitems: [{apiVersion: v1, kind: Pod}, {apiVersion: v1, kind: Node}]\n',
      'is only one page of a list: the server held more objects ("continue" is set); collect it again without --limit or --chunk-size',
    ],
    [
      'a second YAML document that is broken',
      `${YAML_POD}---\n${YAML_POD.replace('Pod', 'Node')}---\na: [1\nb: 2\n`,
      'is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 14, column 1',
    ],
  ])('%s', async (_, text, problem) => {
    for (const chunk of [1 << 20, 5]) expect(await decode(text, chunk)).toMatchObject({ kinds: ['v1 Pod', 'v1 Node'], read: 2, problem })
  })

  test('a hundred faults are counted, three are named', async () => {
    const { problem, read } = await decode(json([POD, ...Array(100).fill(null)]))
    expect(read).toBe(1)
    expect(problem).toBe('element [1] is not an object; element [2] is not an object; element [3] is not an object; 97 more faults like these')
  })

  test('any cut and any overwritten byte give objects that were there or a fault, never a crash', async () => {
    const text = json({ apiVersion: 'v1', items: [POD, NODE], kind: 'List' })
    await fc.assert(
      fc.asyncProperty(
        fc.nat(text.length),
        fc.nat(text.length - 1),
        fc.nat(255),
        fc.integer({ min: 1, max: 50 }),
        async (length, at, byte, chunk) => {
          const cut = await decode(text.slice(0, length), chunk)
          expect(cut.problem === undefined).toBe(length === text.length)
          expect(cut.objects.map(({ object }) => object)).toEqual([POD, NODE].slice(0, cut.read))
          const damaged = Buffer.from(text)
          damaged[at] = byte
          const { read, problem } = await decode(damaged, chunk)
          expect(read >= 2 || problem !== undefined).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })
})
