// A flag that can be given again takes one value each time, so that it never swallows the command's own argument.
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('../../src/commands/', import.meta.url)
const commands = await Promise.all(
  readdirSync(folder).map(async (file) => {
    const { default: command } = (await import(new URL(file, folder).href)) as {
      default: { flags: Record<string, object>; baseFlags: Record<string, object> }
    }
    return [file, { ...command.baseFlags, ...command.flags }] as const
  }),
)

test.each(commands)('%s', (_, flags) => {
  const several = Object.entries(flags).filter(([, flag]) => 'multiple' in flag && flag.multiple === true)
  expect(several.map(([name]) => name)).toContain('output')
  expect(several.filter(([, flag]) => !('multipleNonGreedy' in flag && flag.multipleNonGreedy === true))).toEqual([])
})
