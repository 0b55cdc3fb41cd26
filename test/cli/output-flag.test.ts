import { describe, expect, test } from 'vitest'
import { asksForJson, chooseOutputs, formatIds, parseOutputTarget } from '../../src/cli/output-flag.ts'
import { UsageError } from '../../src/model/errors.ts'

describe('one output', () => {
  test.each([
    ['json', 'json', undefined],
    ['json=-', 'json', undefined],
    ['yaml=out.yaml', 'yaml', 'out.yaml'],
    ['name=a=b', 'name', 'a=b'],
    ['wide=./-', 'wide', './-'],
  ])('%s', (text, format, file) => {
    expect(parseOutputTarget(text)).toEqual({ format, file })
  })

  test.each([
    ['', /^"" is no output format \(table, wide, json, yaml, name/],
    ['JSON', /^"JSON" is no output format; did you mean json\?/],
    ['tabel', /did you mean table\?/],
    ['jsonpath={.x}', /^"jsonpath" is no output format/],
    ['toString', /^"toString" is no output format/],
    ['__proto__=x', /^"__proto__" is no output format/],
    ['json=', /^"json=" names no file; write json=FILE, or json alone/],
    ['x\u001b[31m', /^"x\\u001b\[31m" is no output format/],
  ])('%j is refused', (text, message) => {
    expect(() => parseOutputTarget(text)).toThrow(UsageError)
    expect(() => parseOutputTarget(text)).toThrow(message)
  })
})

describe('several outputs', () => {
  const json = { format: 'json', file: undefined } as const
  const inFile = { format: 'yaml', file: 'r.yaml' } as const

  test('none asked for is the table, and --json is -o json', () => {
    expect(chooseOutputs([], false)).toEqual([{ format: 'table', file: undefined }])
    expect(chooseOutputs([], true)).toEqual([json])
    expect(chooseOutputs([json], true)).toEqual([json])
    expect(chooseOutputs([json, json, inFile, inFile], false)).toEqual([json, inFile])
  })

  test('with files only, standard output stays empty', () => {
    expect(chooseOutputs([inFile], false)).toEqual([inFile])
  })

  test('two formats in one place are refused', () => {
    expect(() => chooseOutputs([{ format: 'wide', file: undefined }], true)).toThrow(
      'wide and json would both go to standard output; give one of them a file: -o json=FILE',
    )
    expect(() => chooseOutputs([inFile, { format: 'name', file: 'r.yaml' }], false)).toThrow('yaml and name would both go to "r.yaml"')
  })
})

describe('asking for JSON, told from the bare arguments', () => {
  test.each([
    ['--json'],
    ['-o', 'json'],
    ['-ojson'],
    ['-o=json'],
    ['--output', 'json'],
    ['--output=json'],
    ['-o', 'json=-'],
    ['--nonsense', '--json'],
  ])('%s %s', (...argv) => {
    expect(asksForJson(['audit', ...argv])).toBe(true)
  })

  test.each([[], ['json'], ['-o', 'json=file'], ['--output=json=file'], ['--', '--json'], ['-o', 'yaml'], ['--from', 'json'], ['--jsonx']])(
    '%s %s does not',
    (...argv) => {
      expect(asksForJson(['audit', ...argv])).toBe(false)
    },
  )
})

test('the formats of this version', () => {
  expect(formatIds.slice(0, 5)).toEqual(['table', 'wide', 'json', 'yaml', 'name'])
})
