// `npm start`: the whole job on the demo cluster, each command printed as a user would type it. `npm start -- audit --from X` runs just that.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale, install, root } from './set-up.js'

install()
buildIfStale()

function ipam(args, cwd) {
  const result = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...args], { stdio: 'inherit', cwd })
  return result.status ?? 128
}

/** The line is run just as it is shown. */
function show(what, line, cwd) {
  console.log(`\n# ${what}\n$ ipam ${line}\n`)
  const code = ipam(line.split(' '), cwd)
  console.log(`\n(exit code ${code})`)
  return code
}

function demo() {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-demo-'))
  const codes = [
    show(
      'Plan: which subnet does each node get, and what is left?',
      'plan --cluster-cidr 10.42.0.0/16,fd00:42::/56 --service-cidr 10.43.0.0/20,fd00:43::/112 --nodes 4 --max-nodes 60 --max-pods 110 --surge 10% -o table -o json=plan.json',
      folder,
    ),
    show(
      'Generate: the CNI configuration that puts the plan in force, for one node',
      'generate-conf --plan plan.json --node node-1 --type bridge --name pods',
      folder,
    ),
    show('Generate: the same for all nodes, a folder each', 'generate-conf --plan plan.json --type bridge --name pods --out-dir conf', folder),
    show(
      'Audit: what is really there? The demo cluster has a handful of planted faults, so 1 is the right exit code',
      'audit --from fixtures/demo',
      root,
    ),
  ]
  rmSync(folder, { recursive: true })
  // The demo worked when the plan and the files came out and the audit found the planted faults.
  process.exitCode = codes.join() === '0,0,0,1' ? 0 : 70
}

const args = process.argv.slice(2)
if (args.length > 0) process.exitCode = ipam(args)
else demo()
