// `npm run bench [-- NAME...]`: what is promised about speed, measured as paired ratios in one run, as a Markdown table for docs/performance.md.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { cpus } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { bundleScript } from './bundle-script.js'
import { buildIfStale, install, root } from './set-up.js'

// Node 20 loads that bundle at every start, which would be measured instead of the program.
delete process.env.NODE_EXTRA_CA_CERTS
install()
buildIfStale()

const wanted = process.argv.slice(2)
/** Fills a real API server for many minutes: only when named. */
const LONG = ['real']
const names = readdirSync(join(root, 'test/bench'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => basename(name, '.ts'))
  .filter((name) => (wanted.length === 0 ? !LONG.includes(name) : wanted.includes(name)))

const round = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3))

// Below node_modules, where a benchmark finds what must not be bundled.
const folder = mkdtempSync(join(root, 'node_modules/.ipam-bench-'))
console.log(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}\n`)
console.log('| what | ours | other | ratio | budget |\n|---|---|---|---|---|')
for (const name of names) {
  const outfile = join(folder, `${name}.mjs`)
  await bundleScript(join(root, `test/bench/${name}.ts`), outfile, ['esbuild'])
  const module = await import(pathToFileURL(outfile))
  if (typeof module.bench !== 'function') continue // what several benches share
  for (const row of await module.bench())
    console.log(`| ${row.name} | ${round(row.ours)} | ${round(row.other)} | ${row.ratio.toFixed(2)} | ${row.budget} |`)
}
rmSync(folder, { recursive: true })
