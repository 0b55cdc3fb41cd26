#!/usr/bin/env node
// Starts the built program; the same file answers as `ipam` and as `kubectl-ipam` (kubectl's plugin rule: an executable of that name on PATH).
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`ipam needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  // NO_COLOR wins over FORCE_COLOR everywhere, also in oclif's help; Node warns of the two together, and of an empty FORCE_COLOR, as soon as a
  // module asks for colours while it loads.
  if ((process.env.NO_COLOR ?? '') !== '' || process.env.FORCE_COLOR === '') delete process.env.FORCE_COLOR
  // Newer Node lines deprecate what dependencies of dependencies use (punycode); whoever runs an audit can do nothing about it.
  process.noDeprecation = true
  const main = await import('../dist/cli/main.js').catch((cause) => {
    if (cause?.code !== 'ERR_MODULE_NOT_FOUND') throw cause
    process.stderr.write('ipam is not built yet: run `npm start` or `npm run build` in its folder first.\n')
    process.exitCode = 70
  })
  await main?.main(process.argv.slice(2))
}
