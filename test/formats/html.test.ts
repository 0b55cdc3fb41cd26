// The page: whole, self-contained, and readable by those who do not see it.
import { describe, expect, test } from 'vitest'
import { html } from '../../src/formats/html.ts'
import type { Report } from '../../src/report/report.ts'
import { brokenRun, cleanRun, first, judged, known, runWith, subject, tornRun, waived } from './judged-reports.ts'
import { clean, empty, plan } from './sample-reports.ts'

const options = { color: false, width: 80, unicode: true }
const render = (report: Report): string => [...html.render(report, options)].join('')

const empties = new Set(['meta', 'br'])

/** What stands in the body, tags aside; throws where tags do not match. */
function readPage(page: string): { readonly text: string; readonly tags: readonly string[] } {
  const open: string[] = []
  const tags: string[] = []
  const text = page
    .replace(/^<!doctype html>/, '')
    .replaceAll(/<style>[^<]*<\/style>/g, '')
    .replaceAll(/<(\/?)(\w+)((?:\s[\w:-]+(?:="[^"<]*")?)*)\s*(\/?)>/g, (_, end: string, tag: string, attributes: string, closed: string) => {
      if (end === '/') expect(open.pop()).toBe(tag)
      else {
        tags.push(`${tag}${attributes}`)
        if (!empties.has(tag) && closed === '') open.push(tag)
      }
      return end === '' && ['code', 'span'].includes(tag) ? '' : ' '
    })
  expect(open).toEqual([])
  expect(text).not.toMatch(/<|&(?!(amp|lt|gt|quot|#39);)/)
  return { text: text.replaceAll(/\s+/g, ' '), tags }
}
const textOf = (report: Report): string => readPage(render(report)).text

describe('what it says first', () => {
  test('a clean run', () => {
    expect(textOf(cleanRun)).toContain('Nothing at or above medium')
    expect(textOf(cleanRun)).not.toContain('INCOMPLETE')
  })
  test('an incomplete run, and what could not be read; never that all is well', () => {
    expect(textOf(tornRun)).toMatch(
      /INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing nodes is forbidden: nodes is/,
    )
    expect(textOf(tornRun)).not.toContain('Nothing at or above')
    expect(textOf({ ...clean, kind: 'Bundle', data: { complete: false } })).toContain('INCOMPLETE')
  })
  test('how much fails', () => {
    expect(textOf(brokenRun)).toContain('18 findings at or above medium')
    expect(textOf(runWith(first))).toContain('1 finding at or above medium')
  })
})

describe('findings', () => {
  const text = textOf(brokenRun)
  test('have a message, evidence and steps, which stand once', () => {
    expect(text).toContain('10.244.1.7 is used by two running pods on two nodes.')
    expect(text).toContain('evidence cluster/pods.json shop/web-7d4b9c6f5-x2x8p, status.podIP 10.244.1.7, node worker-1')
    expect(text.match(/Cordon the node\./g)).toHaveLength(1)
  })
  test('that are alike are folded, and named', () => {
    expect(text).toMatch(/14 more alike: 10\.244\.1\.4, 10\.244\.1\.5, .* and 4 more/)
    expect(text).toContain('10.244.1.17 is held by sandbox')
  })
  test('that are accepted stand apart, with the reason', () => {
    const accepted = textOf(runWith(waived, known))
    expect(accepted).toContain('Accepted: waived or known')
    expect(accepted).toContain('moves on Friday, approved by ann (until 2026-12-01)')
    expect(accepted).toContain('the baseline has it')
    expect(accepted).not.toMatch(/ Findings /)
  })
})

test('what was not evaluated is said, with the reason', () => {
  expect(textOf(cleanRun)).toContain('3 of 4 rules looked at something.')
  expect(textOf(cleanRun)).toContain('OVL-304 external-network-overlap not at all no network outside is known')
  expect(textOf(cleanRun)).toContain('LEAK-201 stale-allocation-file in part no host-local state of worker-9')
  expect(textOf(tornRun)).toContain('DUP-102 node-range-overlap could not be read nodes were not read whole')
})

test('tables are cut at a thousand rows and say so; a plan shows its map', () => {
  const mapped: Report = {
    ...plan(5000),
    map: () => ({
      grids: [{ title: 'pool', note: 'n', rows: [{ label: '10.0.0.0', cells: [{ state: 'given', text: 'to n1' }] }] }],
      holders: [],
      more: 0,
    }),
  }
  expect(textOf(mapped)).toContain('4000 more rows; -o csv and -o json have all.')
  expect(render(mapped)).toContain('class="given"><title>to n1</title>')
  expect(render(mapped).length).toBeLessThan(1_000_000)
})

test.each<[string, Report]>([
  ['clean', cleanRun],
  ['broken', brokenRun],
  ['torn', tornRun],
  ['empty', empty],
  ['plan', plan(3)],
  ['fleet', judged(clean, [subject, { ...subject, name: 'west' }])],
])('%s: nothing is loaded, nothing runs, and everything has a name', (_, report) => {
  const page = render(report)
  const { tags } = readPage(page)
  expect(page).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
  )
  expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(page).not.toMatch(/url\(|@import/)
  for (const tag of tags) expect(tag).not.toMatch(/^(script|link|img|iframe|a|form|input|object|embed)\b|\s(src|href|style|on\w+)=/)
  const ids = tags.flatMap((tag) => /\sid="([^"]*)"/.exec(tag)?.[1] ?? [])
  expect(new Set(ids).size).toBe(ids.length)
  expect(tags.flatMap((tag) => /aria-labelledby="([^"]*)"/.exec(tag)?.[1] ?? [])).toEqual(ids)
  expect(tags.filter((tag) => tag.startsWith('table')).length).toBe(tags.filter((tag) => tag.startsWith('caption')).length)
  expect(tags.filter((tag) => tag === 'h1')).toHaveLength(1)
  for (const tag of tags) if (/^th\b/.test(tag)) expect(tag).toMatch(/scope="(col|row)"/)
  const levels = tags.flatMap((tag) => /^h(\d)$/.exec(tag)?.[1] ?? []).map(Number)
  for (const [at, level] of levels.entries()) expect(level - (levels[at - 1] ?? 0)).toBeLessThanOrEqual(1)
})

/** Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
const contrast = (one: string, other: string): number => {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (high + 0.05) / (low + 0.05)
}

test('text can be read in the light and in the dark', () => {
  const [, css = ''] = /(:root \{ color-scheme[\s\S]*)<\/style>/.exec(render(cleanRun)) ?? []
  const palettes = [...css.matchAll(/:root \{([^}]*)\}/g)]
    .slice(0, 2)
    .map(([, text = '']) => new Map([...text.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, key = '', value = '']) => [key, value])))
  expect(palettes).toHaveLength(2)
  for (const palette of palettes) {
    const pairs = [
      ...['ink', 'faint', 'link'].flatMap((ink) => [
        [ink, 'page'],
        [ink, 'card'],
      ]),
      ...['bad', 'warn', 'good', 'calm'].map((ink) => [ink, `${ink}-back`]),
    ]
    for (const [ink = '', back = ''] of pairs)
      expect(contrast(palette.get(ink) ?? '', palette.get(back) ?? ''), `${ink} on ${back}`).toBeGreaterThanOrEqual(4.5)
  }
})
