// How long `ipam plan` takes: paired runs, ratios only. Not a test: `node test/bench/plan.ts` by way of `npm run bench`.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Measured {
  readonly name: string
  /** Median milliseconds of a whole process. */
  readonly ours: number
  readonly other: number
  /** Median of the ratios of neighbouring runs, which a busy machine disturbs least. */
  readonly ratio: number
  readonly budget: number
}

const root = new URL('../..', import.meta.url).pathname

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

type Command = readonly [program: string, ...args: string[]]

function run([program, ...args]: Command): number {
  const start = performance.now()
  const { status } = spawnSync(program, args, { stdio: ['ignore', 'ignore', 'ignore'], env: { ...process.env, NODE_EXTRA_CA_CERTS: '' } })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${status}`)
  return performance.now() - start
}

function compare(name: string, ours: Command, other: Command, budget: number, runs: number): Measured {
  run(ours)
  run(other)
  const pairs = Array.from({ length: runs }, () => [run(ours), run(other)] as const)
  return {
    name,
    ours: median(pairs.map(([mine]) => mine)),
    other: median(pairs.map(([, theirs]) => theirs)),
    ratio: median(pairs.map(([mine, theirs]) => mine / theirs)),
    budget,
  }
}

/** The interpreter itself: version managers put a slow shell script before it. */
const python = (): string => execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim()

const split = (prefix: number): string =>
  `import ipaddress\nprint("\\n".join(map(str, ipaddress.ip_network("10.0.0.0/8").subnets(new_prefix=${prefix}))))`

/** Node pools of four sizes in a file, JSON because reading YAML takes longer than planning. */
function poolsFile(folder: string, count: number): string {
  const nodePools = Array.from({ length: count }, (_, index) => ({
    name: `p${index}`,
    nodes: 1 + (index % 3),
    maxPods: [10, 20, 50, 100][index % 4],
  }))
  const path = join(folder, `${count}.json`)
  writeFileSync(path, JSON.stringify({ profile: 'host-local', clusterCidrs: '10.0.0.0/8', nodePools }))
  return path
}

export function bench(runs = 15, program = `${root}bin/run.js`): readonly Measured[] {
  const packing = (folder: string, pools: number): Command => [process.execPath, program, 'plan', '-f', poolsFile(folder, pools), '-o', 'json']
  const plan = (nodes: number, prefix: number, ...more: string[]): Command => [
    process.execPath,
    program,
    ...['plan', '--cluster-cidr', '10.0.0.0/8', '--node-prefix', String(prefix), '--nodes', String(nodes), ...more],
  ]
  const py = python()
  const folder = mkdtempSync(join(tmpdir(), 'ipam-bench-plan-'))
  try {
    return [
      compare('65,536 subnets as names against one', plan(65_536, 24, '-o', 'name'), plan(1, 24, '-o', 'name'), 1.4, runs),
      compare('65,536 subnets as JSON against one', plan(65_536, 24, '-o', 'json'), plan(1, 24, '-o', 'json'), 1.4, runs),
      compare('65,536 subnets as a table against one', plan(65_536, 24), plan(1, 24), 1.4, runs),
      compare('65,536 subnets as JSON against Python ipaddress', plan(65_536, 24, '-o', 'json'), [py, '-c', split(24)], 1.5, runs),
      compare('65,536 subnets as a table against Python ipaddress', plan(65_536, 24), [py, '-c', split(24)], 1.5, runs),
      compare(
        '1,048,576 subnets as JSON against 104,857',
        plan(1_048_576, 28, '-o', 'json'),
        plan(104_857, 28, '-o', 'json'),
        12,
        Math.ceil(runs / 5),
      ),
      compare('9,000 node pools packed against 900', packing(folder, 9000), packing(folder, 900), 12, Math.ceil(runs / 5)),
    ]
  } finally {
    rmSync(folder, { recursive: true })
  }
}
