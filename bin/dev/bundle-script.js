// Bundles a script of test/ so that Node can run it beside the sources that it measures or judges.
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

/** Each source keeps its own address, by which it finds what lies beside it. */
const ownAddress = {
  name: 'own-address',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)),
      loader: 'ts',
    }))
  },
}

/** What the script finds beside itself lies beside its source. @param external packages that must not be bundled */
export function bundleScript(script, outfile, external = []) {
  return build({
    entryPoints: [script],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    external,
    plugins: [ownAddress],
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(script).href) },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  })
}
