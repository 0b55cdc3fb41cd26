// `npm run corpus [-- --write]`: precision and recall over fixtures/corpus, per system and per rule; --write puts the table into README.md.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { install, root } from './set-up.js'

install()
const folder = mkdtempSync(join(tmpdir(), 'ipam-corpus-'))
const outfile = join(folder, 'corpus.mjs')
await build({
  entryPoints: [join(root, 'test/corpus/print.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  logLevel: 'error',
  define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'test/corpus/print.ts')).href) },
  banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
})
let page = ''
try {
  page = execFileSync(process.execPath, [outfile], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim()
} catch (fault) {
  page = String(fault.stdout ?? '').trim()
  process.exitCode = 1
}
rmSync(folder, { recursive: true })
console.log(page)

if (process.argv.includes('--write')) {
  const [begin, end] = ['<!-- corpus: written by npm run corpus -- --write -->', '<!-- end of corpus -->']
  const path = join(root, 'README.md')
  const [before, rest = ''] = readFileSync(path, 'utf8').split(begin)
  const [, after] = rest.split(end)
  if (after === undefined) throw new Error(`README.md has no place for the corpus: it needs the lines ${begin} and ${end}`)
  writeFileSync(path, `${before}${begin}\n\n${page}\n\n${end}${after}`)
}
