#!/usr/bin/env node
// Starts the built program; the same file answers as `ipam` and as `kubectl-ipam` (kubectl's plugin rule: an executable of that name on PATH).
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`ipam needs Node 20.19 or newer; this is Node ${process.versions.node}.\n`)
  process.exitCode = 2
} else {
  const main = await import('../dist/cli/main.js').catch((cause) => {
    if (cause?.code !== 'ERR_MODULE_NOT_FOUND') throw cause
    process.stderr.write('ipam is not built yet: run `npm start` or `npm run build` in its folder first.\n')
    process.exitCode = 70
  })
  await main?.main(process.argv.slice(2))
}
