// Colour, width and characters.
import { describe, expect, test } from 'vitest'
import { renderOptionsFor, type Surroundings } from '../../src/cli/terminal.ts'

const terminal: Surroundings = { env: { TERM: 'xterm-256color' }, isTTY: true, columns: 120, noColor: false, ascii: false }
const pipe: Surroundings = { ...terminal, isTTY: false, columns: undefined }
const xterm = { TERM: 'xterm' }

describe('colour', () => {
  test.each<[string, Partial<Surroundings>, boolean]>([
    ['a terminal', {}, true],
    ['a terminal without TERM', { env: {} }, true],
    ['--no-color', { noColor: true }, false],
    ['--no-color and FORCE_COLOR', { noColor: true, env: { ...xterm, FORCE_COLOR: '1' } }, false],
    ['NO_COLOR', { env: { ...xterm, NO_COLOR: '1' } }, false],
    ['NO_COLOR=0, which is not empty', { env: { ...xterm, NO_COLOR: '0' } }, false],
    ['an empty NO_COLOR', { env: { ...xterm, NO_COLOR: '' } }, true],
    ['NO_COLOR and FORCE_COLOR', { env: { ...xterm, NO_COLOR: '1', FORCE_COLOR: '3' } }, false],
    ['FORCE_COLOR=0', { env: { ...xterm, FORCE_COLOR: '0' } }, false],
    ['FORCE_COLOR=false', { env: { ...xterm, FORCE_COLOR: 'false' } }, false],
    ['TERM=dumb', { env: { TERM: 'dumb' } }, false],
    ['TERM=dumb and FORCE_COLOR', { env: { TERM: 'dumb', FORCE_COLOR: '1' } }, true],
    ['a pipe', pipe, false],
    ['a pipe and FORCE_COLOR', { ...pipe, env: { ...xterm, FORCE_COLOR: '1' } }, true],
    ['a pipe and an empty FORCE_COLOR', { ...pipe, env: { ...xterm, FORCE_COLOR: '' } }, false],
    ['CI', { ...pipe, env: { ...xterm, CI: 'true', GITHUB_ACTIONS: 'true' } }, false],
  ])('%s: %o -> %s', (_, given, color) => {
    expect(renderOptionsFor({ ...terminal, ...given }).color).toBe(color)
  })
})

describe('width', () => {
  const unlimited = Number.POSITIVE_INFINITY
  test.each<[string, Partial<Surroundings>, number]>([
    ['a terminal', {}, 120],
    ['a terminal and COLUMNS', { env: { COLUMNS: '99' } }, 120],
    ['a terminal of unknown size', { columns: undefined }, 80],
    ['a terminal of no size', { columns: 0 }, 80],
    ['a terminal of unknown size and COLUMNS', { columns: undefined, env: { COLUMNS: '99' } }, 99],
    ['a tiny terminal', { columns: 7 }, 40],
    ['a pipe', pipe, unlimited],
    ['a pipe and COLUMNS', { ...pipe, env: { COLUMNS: '132' } }, 132],
    ['a pipe and tiny COLUMNS', { ...pipe, env: { COLUMNS: '1' } }, 40],
    ['a pipe and senseless COLUMNS', { ...pipe, env: { COLUMNS: '-5x' } }, unlimited],
    ['a pipe and COLUMNS=0', { ...pipe, env: { COLUMNS: '0' } }, unlimited],
  ])('%s', (_, given, width) => {
    expect(renderOptionsFor({ ...terminal, ...given }).width).toBe(width)
  })
})

describe('characters', () => {
  test.each<[string, Partial<Surroundings>, boolean]>([
    ['nothing said', {}, true],
    ['--ascii', { ascii: true }, false],
    ['the Linux console', { env: { TERM: 'linux' } }, false],
    ['a dumb terminal', { env: { TERM: 'dumb' } }, false],
    ['UTF-8', { env: { LANG: 'de_DE.UTF-8' } }, true],
    ['utf8 with a modifier', { env: { LC_ALL: 'de_DE.utf8@euro' } }, true],
    ['Latin-1', { env: { LANG: 'de_DE.ISO-8859-1' } }, false],
    ['LC_ALL before LC_CTYPE before LANG', { env: { LC_ALL: '', LC_CTYPE: 'en_US.KOI8-R', LANG: 'C.UTF-8' } }, false],
    ['C, which containers have by default', { env: { LC_ALL: 'C', LANG: 'POSIX' } }, true],
  ])('%s', (_, given, unicode) => {
    expect(renderOptionsFor({ ...terminal, ...given }).unicode).toBe(unicode)
  })
})
