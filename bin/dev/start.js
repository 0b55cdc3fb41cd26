// `npm start`: the whole job on the demo cluster, each command printed as a user would type it. `npm start -- audit --from X` runs just that.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfStale, install, root } from './set-up.js'

install()
buildIfStale()

function ipam(args) {
  const result = spawnSync(process.execPath, [join(root, 'bin/run.js'), ...args], { stdio: 'inherit' })
  return result.status ?? 128
}

function show(what, args, shown = args) {
  console.log(`\n# ${what}\n$ ipam ${shown.join(' ')}\n`)
  const code = ipam(args)
  console.log(`\n(exit code ${code})`)
  return code
}

function demo() {
  const out = mkdtempSync(join(tmpdir(), 'ipam-demo-'))
  const plan = join(out, 'plan.json')
  const request = [
    '--cluster-cidr',
    '10.42.0.0/16,fd00:42::/56',
    '--service-cidr',
    '10.43.0.0/20',
    '--nodes',
    '4',
    '--max-nodes',
    '60',
    '--max-pods',
    '110',
    '--surge',
    '10%',
  ]
  const codes = [
    show(
      'Plan: which subnet does each node get, and how long will the range last?',
      ['plan', ...request, '-o', 'table', '-o', `json=${plan}`],
      ['plan', ...request, '-o table', '-o json=plan.json'],
    ),
    show(
      'Generate: the CNI configuration that puts the plan in force, for one node and for all',
      ['generate-conf', '--plan', plan, '--node', 'node-1', '--type', 'bridge', '--name', 'pods'],
      ['generate-conf --plan plan.json --node node-1 --type bridge --name pods'],
    ),
    show(
      '',
      ['generate-conf', '--plan', plan, '--type', 'bridge', '--name', 'pods', '--out-dir', join(out, 'conf')],
      ['generate-conf --plan plan.json --type bridge --name pods --out-dir conf/'],
    ),
  ]
  console.log(`conf/: ${readdirSync(join(out, 'conf')).join(' ')}`)
  codes.push(
    show(
      'Audit: what is really there? The demo cluster has a handful of planted faults, so 1 is the right exit code here',
      ['audit', '--from', join(root, 'fixtures/demo')],
      ['audit --from fixtures/demo'],
    ),
  )
  rmSync(out, { recursive: true })
  // The demo worked when the plan and the files came out and the audit found the planted faults.
  process.exitCode = codes.join() === '0,0,0,1' ? 0 : 70
}

const args = process.argv.slice(2)
if (args.length > 0) process.exitCode = ipam(args)
else demo()
