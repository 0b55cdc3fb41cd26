// Runs the corpus of src/ as it is now and hands back the tables of precision and recall, for `npm run corpus` and `npm run docs`.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleScript } from './bundle-script.js'

const root = new URL('../../', import.meta.url).pathname
const script = join(root, 'test/corpus/print.ts')

/** `clean` is false when a fault was missed or a false alarm was raised. */
export async function runCorpus() {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-corpus-'))
  try {
    const outfile = join(folder, 'corpus.mjs')
    await bundleScript(script, outfile)
    const { status, stdout } = spawnSync(process.execPath, [outfile], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    if (stdout.trim() === '') throw new Error('the corpus did not run')
    return { page: stdout.trim(), clean: status === 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
