// Bundles a script of test/ so that Node can run it beside the sources that it measures or judges.
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

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
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(script).href) },
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  })
}
