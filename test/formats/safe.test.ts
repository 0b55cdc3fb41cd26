// What may reach a terminal.
import { describe, expect, test } from 'vitest'
import { escapeInvisible, safe } from '../../src/formats/safe.ts'

const invisible = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}]/u

describe('safe', () => {
  test('makes every character of the six categories visible, and leaves every other as it is', () => {
    for (let point = 0; point <= 0x10_ffff; point++) {
      const character = String.fromCodePoint(point)
      const expected = invisible.test(character) ? `\\u{${point.toString(16)}}` : character
      if (safe(character) !== expected) expect(safe(character)).toBe(expected)
    }
  })

  test.each([
    ['\u001b]0;pwn\u0007', '\\u{1b}]0;pwn\\u{7}'],
    ['a\r\nb\tc\bd\0', 'a\\u{d}\\u{a}b\\u{9}c\\u{8}d\\u{0}'],
    ['\u009b31m', '\\u{9b}31m'],
    ['\u202eabc\u2066', '\\u{202e}abc\\u{2066}'],
    ['\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['\u200b\ufeff\u00ad', '\\u{200b}\\u{feff}\\u{ad}'],
    ['\u{e0041}', '\\u{e0041}'],
    ['\ud800x', '\\u{d800}x'],
    ['Zürich 東京 🚀', 'Zürich 東京 🚀'],
  ])('%j becomes %s', (text, expected) => {
    expect(safe(text)).toBe(expected)
  })

  test('in ASCII mode everything else is made visible too', () => {
    expect(safe('Zürich\u001b🚀', { ascii: true })).toBe('Z\\u{fc}rich\\u{1b}\\u{1f680}')
  })

  test('cuts what is too long, and says so', () => {
    expect(safe('x'.repeat(2_000))).toBe('x'.repeat(2_000))
    expect(safe('x'.repeat(2_001))).toBe(`${'x'.repeat(2_000)}…`)
    expect(safe('\u001b'.repeat(5_000)).length).toBeLessThan(13_000)
    expect(safe('abcdef', { max: 3, ascii: true })).toBe('abc...')
  })

  test('a pair cut in half is no raw half', () => {
    expect(safe('ab🚀', { max: 3 })).toBe('ab\\u{d83d}…')
  })
})

test('escapeInvisible gives code points to the writer and leaves line feeds', () => {
  expect(escapeInvisible('a\n\u202e\u{e0041}ü\r', (point) => `<${point}>`)).toBe('a\n<8238><917569>ü<13>')
  expect(escapeInvisible('plain\n', () => '!')).toBe('plain\n')
})
