// The line that tells a person what is being read, and leaves nothing behind.
import { expect, test } from 'vitest'
import { progressLine } from '../../src/cli/progress-line.ts'

function terminal(isTTY = true) {
  const written: string[] = []
  return { written, stream: { isTTY, write: (text: string | Uint8Array) => written.push(String(text)) > 0 } }
}

test('is shown, and wiped before anything else is written', () => {
  const { written, stream } = terminal()
  const line = progressLine(stream, {}, false)
  line?.show('pods', 500)
  line?.wipe()
  line?.wipe()
  expect(written).toEqual(['\r\x1b[Kreading pods: 500 objects, 0 s\r', '\r\x1b[K'])
})

test.each([
  ['a pipe', false, {}, false],
  ['CI', true, { CI: 'true' }, false],
  ['a dumb terminal', true, { TERM: 'dumb' }, false],
  ['--quiet', true, {}, true],
])('nobody watches: %s', (_, isTTY, env, quiet) => expect(progressLine(terminal(isTTY).stream, env, quiet)).toBeUndefined())
