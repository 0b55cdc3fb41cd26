// What is derived from the code and committed is fresh: the manifest, without which a new command is "not found", and the documents.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, inject, test } from 'vitest'

const root = new URL('../../', import.meta.url).pathname

test('oclif.manifest.json is that of the program as it is', async () => {
  const { freshManifest } = (await import(join(root, 'bin/dev/manifest.js'))) as { freshManifest(root: string): Promise<string> }
  const fresh = await freshManifest(dirname(dirname(inject('program'))))
  expect(JSON.parse(readFileSync(join(root, 'oclif.manifest.json'), 'utf8')), 'run `npm run docs` and commit what it writes').toEqual(
    JSON.parse(fresh),
  )
})

test('`npm run docs -- --check` finds nothing stale', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'bin/dev/docs.js'), '--check'], { encoding: 'utf8' })
  expect(status, stderr).toBe(0)
})
