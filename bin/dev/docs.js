// `npm run docs`: writes what is derived from the code: the manifest, schemas/, docs/rules.md, docs/rbac.yaml, docs/commands.md, docs/corpus.md, and the
// README's pictures and corpus.
// `npm run docs -- --check` writes nothing and fails when one of them is stale.
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toJsonSchema } from '@valibot/to-json-schema'
import { build } from 'esbuild'
import { runCorpus } from './corpus-page.js'
import { freshManifest } from './manifest.js'
import { commandsPage, pictures } from './pictures.js'
import { rulesPage } from './rules-page.js'

const root = new URL('../../', import.meta.url).pathname

/** A fresh program in a folder of its own. */
function buildProgram(folder) {
  execFileSync(process.execPath, [join(root, 'bin/dev/build.js'), join(folder, 'dist')], { stdio: ['ignore', 2, 2] })
  mkdirSync(join(folder, 'bin'))
  cpSync(join(root, 'bin/run.js'), join(folder, 'bin/run.js'))
  cpSync(join(root, 'package.json'), join(folder, 'package.json'))
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}

/** What documents are made of, by the name of the export. */
const sources = {
  rules: 'src/rules/index.ts',
  playbooks: 'src/rules/playbooks.ts',
  checks: 'src/plan/checks/index.ts',
  requestFileSchema: 'src/plan/request-schema.ts',
  waiversSchema: 'src/gate/waivers-schema.ts',
  reportSchemas: 'src/report/schemas/index.ts',
}

async function loadSources(folder) {
  const present = Object.entries(sources).filter(([, path]) => existsSync(join(root, path)))
  const contents = present.map(([name, path]) => `export { ${name} } from './${path}'`).join('\n')
  const outfile = join(folder, 'sources.mjs')
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outfile,
    logLevel: 'warning',
  })
  return { rules: [], checks: [], playbooks: new Map(), reportSchemas: {}, ...(await import(pathToFileURL(outfile).href)) }
}

/** Replaces what stands between two marks of the README. */
function between(text, name, content) {
  const [begin, end] = [`<!-- ${name}: written by npm run docs -->`, `<!-- end of ${name} -->`]
  const [before, rest = ''] = text.split(begin)
  const [, after] = rest.split(end)
  if (after === undefined) throw new Error(`README.md has no place for the ${name}: it needs the lines ${begin} and ${end}`)
  return `${before}${begin}\n\n${content}\n\n${end}${after}`
}

/** The corpus is told by system in the README, and by rule as well in a page of its own. */
async function corpusPages() {
  const { page } = await runCorpus()
  const [count, bySystem, byRule] = page.split('\n\n')
  const words =
    'Written by `npm run docs`: what `npm run corpus` says of `fixtures/corpus/`. One case may hold several faults, and counts for each of its systems.'
  return { short: `${count}\n\n${bySystem}`, long: ['# The corpus', words, count, bySystem, byRule, ''].join('\n\n') }
}

function schemas({ reportSchemas, requestFileSchema, waiversSchema }) {
  const all = { ...reportSchemas, 'plan-request': requestFileSchema, waivers: waiversSchema }
  return Object.entries(all).map(([name, schema]) => {
    const { $schema, ...rest } = toJsonSchema(schema, { errorMode: 'ignore' })
    return [`schemas/${name}.json`, `${JSON.stringify({ $schema, $id: `urn:kube-ipam:v1:${name}`, ...rest }, null, 2)}\n`]
  })
}

async function fresh(folder) {
  buildProgram(folder)
  const manifest = await freshManifest(folder)
  const loaded = await loadSources(folder)
  const corpus = await corpusPages()
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  return [
    ['oclif.manifest.json', manifest],
    ['docs/rules.md', rulesPage(loaded)],
    ['docs/rbac.yaml', execFileSync(process.execPath, [join(folder, 'bin/run.js'), 'audit', '--print-rbac'], { encoding: 'utf8' })],
    ['docs/commands.md', commandsPage(folder, manifest)],
    ['docs/corpus.md', corpus.long],
    ['README.md', between(between(readme, 'pictures', pictures(folder)), 'corpus', corpus.short)],
    ...schemas(loaded),
  ]
}

/** Laid out as the check wants it. */
function formatted(name, text) {
  return execFileSync(join(root, 'node_modules/.bin/biome'), ['format', `--stdin-file-path=${name}`], { cwd: root, input: text, encoding: 'utf8' })
}

const folder = mkdtempSync(join(tmpdir(), 'ipam-docs-'))
try {
  const check = process.argv.includes('--check')
  for (const [name, raw] of await fresh(folder)) {
    const text = name.endsWith('.md') ? formatted(name, raw) : raw
    const path = join(root, name)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    if (check) {
      console.error(`${name} is stale: run \`npm run docs\` and commit it`)
      process.exitCode = 1
    } else {
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
      console.log(`wrote ${name}`)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
