import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringify } from 'yaml'
import type { ObjectDocument } from '../../src/sources/source.ts'
import { unwrapLists } from '../../src/sources/unwrap-lists.ts'
import { readYaml } from '../../src/sources/yaml-documents.ts'
import { cutYamlList, yamlDocuments } from '../../src/sources/yaml-pieces.ts'

async function read(text: string, smallest: number): Promise<{ objects: unknown[]; problems: string[] }> {
  const objects: unknown[] = []
  const into = unwrapLists('x', (document) => objects.push([document.type, (document as ObjectDocument).kind, (document as ObjectDocument).object]))
  await readYaml(text, into, async () => {}, smallest)
  return { objects, problems: into.problems() }
}

const item = fc.record({
  apiVersion: fc.constant('v1'),
  kind: fc.constantFrom('Pod', 'Node'),
  data: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
  text: fc.string({ unit: fc.constantFrom('- ', 'a', '\n', '---', 'items:', ' ', '#', '"', ': ') }),
})

describe('a list cut into items gives what the whole gives', () => {
  test('any items, indented or not, with keys before and behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(item, { maxLength: 6 }), fc.boolean(), fc.boolean(), async (items, indentSeq, kindFirst) => {
        const list = kindFirst
          ? { kind: 'List', apiVersion: 'v1', items }
          : { apiVersion: 'v1', items, kind: 'List', metadata: { resourceVersion: '' } }
        const text = stringify(list, { indentSeq, aliasDuplicateObjects: false })
        expect(await read(text, 0)).toEqual(await read(text, Number.POSITIVE_INFINITY))
      }),
      { numRuns: 50 },
    )
  })

  test.each([
    [
      'comments, blank lines and CRLF',
      'kind: List # a list\r\nitems: # all\r\n\r\n# one\r\n- apiVersion: v1\r\n  kind: Pod\r\n# two\r\n-\r\n  apiVersion: v1\r\n  kind: Node\r\n\r\napiVersion: v1\r\n',
      2,
    ],
    ['nothing behind the last item, no last line feed', 'apiVersion: v1\nkind: PodList\nitems:\n- a: 1\n- b:\n  - 1\n  -  2', 2],
    ['a block scalar with dashes', 'apiVersion: v1\nkind: PodList\nitems:\n- a: |\n    - x\n    items:\n\n    - y\n- b: 2\nmetadata: {}\n', 2],
  ])('%s', (_, text, count) => {
    expect(cutYamlList({ text, line: 0 }, 0)?.items).toHaveLength(count)
    return Promise.all([read(text, 0), read(text, 1e9)]).then(([cut, whole]) => {
      expect(cut).toEqual(whole)
      expect(whole.objects).toHaveLength(count)
    })
  })

  test.each([
    ['anchors', 'kind: List\nitems:\n- &a {x: 1}\n- *a\n'],
    ['a flow sequence', 'kind: List\nitems: [{a: 1}]\n'],
    ['no sequence', 'kind: List\nitems:\n  a: 1\n'],
    ['small', 'kind: List\nitems:\n- a: 1\n'],
  ])('left whole: %s', (name, text) => {
    expect(cutYamlList({ text, line: 0 }, name === 'small' ? undefined : 0)).toBeUndefined()
  })
})

test('positions are those in the file, in an item, behind the items and in a later document', async () => {
  const start = 'apiVersion: v1\nitems:\n- a: 1\n- b: 2\n'
  await expect(read(`${start}  b: 3\nkind: PodList\n`, 0)).rejects.toThrow('at line 5, column 3')
  await expect(read(`${start}kind: PodList\nkind: PodList\n`, 0)).rejects.toThrow('at line 6, column 1')
  await expect(read(`---\n${start}kind: PodList\n--- # next\n${start}- c: 1\n  c: 1\n`, 0)).rejects.toThrow('at line 13, column 3')
})

test('documents are cut at markers and nowhere else', () => {
  const cut = (text: string) => [...yamlDocuments(text)].map(({ text: piece, line }) => [line, piece])
  expect(cut('a: 1\n---\nb: |\n  ---\n----\n--- c\n---')).toEqual([
    [0, 'a: 1\n'],
    [1, '---\nb: |\n  ---\n----\n'],
    [5, '--- c\n'],
    [6, '---'],
  ])
  expect(cut('%YAML 1.2\n---\na: 1\n---\nb: 1\n')).toHaveLength(1)
})
