// Bundles src/ into dist/: one entry for the program and one per command, shared code split off, so that a command loads only what it needs
// (opening a thousand small modules is what makes an unbundled start slow).
// Usage: node bin/dev/build.js [OUT [COMMANDS]]; tests build programs with commands of their own.
import { readdirSync, rmSync } from 'node:fs'
import { build } from 'esbuild'

const root = new URL('../../', import.meta.url).pathname
const [outdir = `${root}dist`, folder = 'src/commands'] = process.argv.slice(2)

/** Modules that take long to load (string-width compiles every emoji) and that few runs ask anything: loaded when they are first called. */
const atFirstCall = {
  name: 'at-first-call',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^string-width$/ }, ({ path, kind, namespace }) =>
      kind === 'import-statement' && namespace === 'file' ? { path, namespace: 'at-first-call' } : undefined,
    )
    // A module that is required, and not imported, is not run before that.
    onLoad({ filter: /./, namespace: 'at-first-call' }, ({ path }) => ({
      contents: `let called; export default (...given) => (called ??= require(${JSON.stringify(path)}).default)(...given)`,
      resolveDir: root,
    }))
  },
}

const commands = readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.ts'))

rmSync(outdir, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/cli/main.ts', out: 'cli/main' },
    ...commands.map((name) => ({ in: `${folder}/${name}`, out: `commands/${name.slice(0, -'.ts'.length)}` })),
  ],
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  plugins: [atFirstCall],
  legalComments: 'none',
  external: ['typescript'], // oclif asks for it in its development mode only, which this program does not have
  logLevel: 'warning',
  // CommonJS dependencies inside an ES module bundle look for these names.
  banner: {
    js: "import{createRequire as __cr}from'node:module';import{fileURLToPath as __fu}from'node:url';import{dirname as __dn}from'node:path';const require=__cr(import.meta.url),__filename=__fu(import.meta.url),__dirname=__dn(__filename);",
  },
})
