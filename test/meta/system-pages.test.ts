// Every address system is told of in the README, with what it cannot see and what it was tested against, and has a page of its own.
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { systems } from '../../src/systems/index.ts'

const root = new URL('../../', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8')

const section = /^## Systems\n(.*?)^## /ms.exec(read('README.md'))?.[1] ?? ''
/** Cells of each row, by the id in the first one, which leads to the page. */
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| ['))
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([, name = '', ...cells]) => ({ name, cells: cells.slice(0, -1) }))

const ids = systems.map(({ id }) => id)
const linkTo = (id: string): string => `[${id}](docs/systems/${id}.md)`

test('the table of the README has a row for each system, in the order of the list', () => {
  expect(rows.map(({ name }) => name)).toEqual(ids.map(linkTo))
})

test('and no cell of it is empty: read, from where, not visible, tested against', () => {
  expect(rows.filter(({ cells }) => cells.length !== 4 || cells.includes('')).map(({ name }) => name)).toEqual([])
})

test('pages are those of systems', () => {
  expect(readdirSync(new URL('docs/systems/', root)).sort()).toEqual(ids.map((id) => `${id}.md`).sort())
})

describe.each(ids)('docs/systems/%s.md', (id) => {
  test.each([
    ['what is read', /\breads?\b/i],
    ['what cannot be seen', /not visible|cannot be seen/i],
    ['what its findings mean', /findings/i],
    ['what it was tested against', /tested against/i],
  ])('says %s', (_what, words) => {
    expect(read(`docs/systems/${id}.md`)).toMatch(words)
  })
})
