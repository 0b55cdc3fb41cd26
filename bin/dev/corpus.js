// `npm run corpus [-- --write]`: precision and recall over fixtures/corpus, per system and per rule; --write puts the tables where people read them.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { runCorpus } from './corpus-page.js'
import { install, root } from './set-up.js'

install()
const { page, clean } = await runCorpus()
console.log(page)
if (!clean) process.exitCode = 1

if (process.argv.includes('--write')) {
  const { status } = spawnSync(process.execPath, [join(root, 'bin/dev/docs.js')], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
