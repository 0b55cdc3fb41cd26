// `ipam plan`: what it says inside of this process; exit codes, streams and memory from outside.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, inject, test } from 'vitest'
import Plan from '../../src/commands/plan.ts'
import { runCommand } from '../cli/run-command.ts'
import { type CliOptions, runCli } from '../run-cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-plan-'))
afterAll(() => rmSync(folder, { recursive: true }))

const fixture = (name: string) => new URL(`../../fixtures/plans/${name}`, import.meta.url).pathname

const plan = (args: string, options?: CliOptions) => runCli(['plan', ...args.split(' ')], options)

const inside = (args: string) => runCommand(Plan, args.split(' '))

interface PlanJson {
  readonly spec: Record<string, unknown>
  readonly nodes: readonly { readonly name: string; readonly subnets: readonly string[] }[]
  readonly summary: { readonly failing: number }
  readonly findings: readonly {
    readonly rule: string
    readonly severity: string
    readonly message: string
    readonly fix: { readonly steps: readonly string[] }
  }[]
}

/** From outside where it gets something on standard input. */
async function planJson(args: string, options?: CliOptions): Promise<PlanJson & { readonly code: number | null }> {
  const { code, stdout } = await (options === undefined ? inside(`${args} -o json`) : plan(`${args} -o json`, options))
  return { ...(JSON.parse(stdout) as PlanJson), code }
}

const subnets = ({ nodes }: PlanJson) => nodes.map((node) => `${node.name} ${node.subnets.join(' ')}`)

const textbook = '--cluster-cidr 10.244.0.0/16 --node-prefix 24 --reserve 10.244.0.0/24 --node Node1 --node Node2 --node Node3'

describe('the examples of the contract', () => {
  test('predefined ranges per node', async () => {
    const { code, ...report } = await planJson(textbook)
    expect(code).toBe(0)
    expect(report).toMatchObject({
      apiVersion: 'ipam/v1',
      kind: 'AddressPlan',
      spec: {
        profile: 'kube-controller-manager',
        clusterCidrs: ['10.244.0.0/16'],
        nodePrefixes: [24],
        nodes: ['Node1', 'Node2', 'Node3'],
        reservations: ['10.244.0.0/24'],
      },
      pools: [{ name: 'cluster', cidr: '10.244.0.0/16', family: 4, nodePrefix: 24, slots: '256', used: '3', reserved: '1', available: '252' }],
      nodes: [
        { name: 'Node1', pool: 'cluster', subnets: ['10.244.1.0/24'], usable: '253', maxPods: null },
        { name: 'Node2', pool: 'cluster', subnets: ['10.244.2.0/24'], usable: '253', maxPods: null },
        { name: 'Node3', pool: 'cluster', subnets: ['10.244.3.0/24'], usable: '253', maxPods: null },
      ],
      services: [],
      free: ['10.244.4.0/22', '10.244.8.0/21', '10.244.16.0/20', '10.244.32.0/19', '10.244.64.0/18', '10.244.128.0/17'],
    })
  })

  test('the same for people, and by name', async () => {
    const { stdout } = await plan(textbook)
    for (const text of ['10.244.0.0/16', '3/256', 'Node2', '10.244.2.0/24', '10.244.128.0/17']) expect(stdout).toContain(text)
    const last = stdout.slice(stdout.indexOf('Notes'))
    expect(last).toContain('cannot be changed later: the cluster CIDRs and their order, the node prefixes (10.244.0.0/16 in blocks of /24)')
    expect((await inside(`${textbook} -o name`)).stdout).toBe('node/Node1\nnode/Node2\nnode/Node3\n')
  })

  test('three nodes', async () => {
    const report = await planJson('--cluster-cidr 10.244.0.0/16 --node-prefix 24 --nodes 3')
    expect(report.code).toBe(0)
    expect(subnets(report)).toEqual(['node-1 10.244.0.0/24', 'node-2 10.244.1.0/24', 'node-3 10.244.2.0/24'])
  })

  test('two families with everything', async () => {
    const args = '--cluster-cidr 10.244.0.0/16,fd00:10:244::/56 --max-pods 110 --nodes 40 --max-nodes 200 --surge 10% --growth 30%'
    const report = await planJson(args)
    expect(report.code).toBe(0)
    expect(subnets(report)[39]).toBe('node-40 10.244.39.0/24 fd00:10:244:27::/64')
    expect(report.spec).toMatchObject({ nodes: 40, maxNodes: 200, maxPods: 110, surge: '10%', growth: 30, horizon: 3 })
  })

  test('a request file, and the same from standard input, JSON, and flags that win', async () => {
    const report = await planJson(`-f ${fixture('forty-nodes.yaml')}`)
    expect(report.code).toBe(0)
    expect(subnets(report)[0]).toBe('node-1 10.244.1.0/24 fd00:10:244::/64')
    const text = readFileSync(fixture('named-nodes.yaml'), 'utf8')
    const expected = ['Node1 10.244.1.0/24', 'Node2 10.244.2.0/24', 'Node3 10.244.3.0/24']
    expect(subnets(await planJson('-f -', { stdin: text }))).toEqual(expected)
    expect(
      subnets(await planJson('-f -', { stdin: '{"clusterCidrs": "10.244.0.0/16", "reservations": "10.244.0.0/24", "nodes": ["Node1"]}' })),
    ).toEqual(expected.slice(0, 1))
    expect(subnets(await planJson(`-f ${fixture('named-nodes.yaml')} --node only --cluster-cidr 10.9.0.0/16`))).toEqual(['only 10.9.0.0/24'])
  })
})

describe('re-planning', () => {
  const save = async (name: string, args: string): Promise<string> => {
    const path = join(folder, name)
    writeFileSync(path, (await inside(`${args} -o json`)).stdout)
    return path
  }

  test('keeps what was given, adds what is new', async () => {
    const path = await save('kept.json', textbook)
    const report = await planJson(`--keep ${path} --node Node4 --node Node2 --reserve 10.244.4.0/24`)
    expect(report.code).toBe(0)
    expect(subnets(report)).toEqual(['Node1 10.244.1.0/24', 'Node2 10.244.2.0/24', 'Node3 10.244.3.0/24', 'Node4 10.244.0.0/24'])
    expect((await inside(`--keep ${path} --node Node4`)).stdout).toContain(
      'Not asked for now, but kept where they are: Node1, Node2, Node3 (3 nodes of the kept plan).',
    )
  })

  test.each([
    ['textbook', textbook],
    ['file', `-f ${fixture('forty-nodes.yaml')}`],
    ['counted', '--cluster-cidr 10.0.0.0/8 --nodes 70000'],
  ])(
    'a plan leads to itself: %s',
    async (name, args) => {
      const path = await save(`${name}.json`, `${args} --now 2026-11-23`)
      const before = readFileSync(path, 'utf8')
      // That nothing changed is all that a kept plan adds.
      const strip = (text: string) => text.replace(/,\n {2}"changes": \{\n {4}"kept": \d+,\n {4}"new": 0,\n {4}"renumber": 0,[^}]*\}/, '')
      for (const again of [`--keep ${path}`, `-f ${path}`, `-f ${path} --keep ${path}`]) {
        if (name === 'counted' && again.startsWith('-f')) continue // 10 MB are no request file
        expect(strip((await inside(`${again} --now 2026-11-23 -o json`)).stdout)).toBe(strip(before))
      }
    },
    60_000,
  )

  test('a kept block that no longer fits is said to be', async () => {
    const path = await save('misfit.json', textbook)
    const report = await planJson(`--keep ${path} --cluster-cidr 10.9.0.0/16 --reserve 10.9.0.0/24`)
    expect(report.code).toBe(1)
    expect(report.findings[0]).toMatchObject({
      rule: 'PLN-013',
      message: 'Node1 keeps 10.244.1.0/24 and must be renumbered: it lies outside of 10.9.0.0/16',
    })
    expect(subnets(report)[0]).toBe('Node1 10.244.1.0/24')
  })

  test('what is no plan is refused', async () => {
    const path = join(folder, 'audit.json')
    writeFileSync(path, '{"apiVersion": "ipam/v1", "kind": "AuditReport"}')
    expect(await plan(`--keep ${path}`)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('kind must be "AddressPlan"') as string,
    })
  })
})

describe('bad input: exit 2, nothing on standard output, and words that help', () => {
  // What each of them says is tested in test/cli/plan-input.test.ts; here: that it comes out this way.
  test.each([
    ['--cluster-cidr 010.244.0.0/16', '--cluster-cidr: "010.244.0.0/16" has an octet with a leading zero: octal or decimal? Write 8 or 10 for 010'],
    ['--cluster-cidr \u001b[31m10.0.0.0/8', '--cluster-cidr'],
    ['--cluster-cidr 10.244.0.0/16 --node-prefix 12', '--node-prefix: contradiction'],
    ['--cluster-cidr 10.244.0.0/16 --profile kube', '--profile'],
    ['-f /dev/zero', '/dev/zero: it is not a regular file'],
    ['-f -', 'standard input: it is empty'],
  ])('%j', async (args, words) => {
    const { code, stdout, stderr } = await plan(args)
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(words) as string })
    expect(stderr.split('\n').filter((line) => line !== '')).toHaveLength(1) // no stack
    expect(stderr).not.toMatch(/[^\n -~…“”\u00a0-\uffff]/) // no raw control character
  })

  test('a terminal is not waited for', async () => {
    // script(1) gives the program a terminal; -e passes its exit code on
    const child = spawn('script', ['-qec', `'${process.execPath}' '${inject('program')}' plan -f -`, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    let out = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString()
    })
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, out }).toEqual({
      code: 2,
      out: expect.stringContaining('standard input: it is a terminal; pipe a file in, or give its name') as string,
    })
  })

  test('the exit code is the same with --json, and standard output is one document', async () => {
    const { code, stdout } = await plan('--cluster-cidr 010.244.0.0/16 --json')
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Error', error: { code: 2 } })
  })
})

describe('exit codes of plans', () => {
  test.each([
    ['--cluster-cidr 10.244.7.0/24 --node-prefix 24 --nodes 1', 0, []],
    ['--cluster-cidr 10.240.0.0/12 --node-prefix 29 --nodes 1 --max-pods 2', 0, ['low PLN-005']],
    ['--cluster-cidr fd00:10::/32 --node-prefix 64 --nodes 1', 1, ['high PLN-005']],
    ['--cluster-cidr 0.0.0.0/0', 0, []],
    ['--cluster-cidr 10.244.0.0/16 --nodes 2 --service-cidr 10.244.128.0/20', 1, ['medium PLN-008']],
    ['--cluster-cidr 10.244.0.0/16 --nodes 257', 1, ['high PLN-003']],
    ['--cluster-cidr 10.244.0.0/16 --nodes 257 --fail-on never', 0, ['high PLN-003']],
    ['--cluster-cidr 10.244.0.0/16 --nodes 200 --max-pods 120 --growth 20 --fail-on low', 1, ['low PLN-002']],
  ])('%s: %i %j', async (args, code, expected) => {
    const report = await planJson(args)
    expect(report.code).toBe(code)
    expect(report.findings.filter(({ severity }) => severity !== 'info').map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(expected)
    expect(report.summary.failing > 0).toBe(code === 1)
  })

  test.each([
    ['--cluster-cidr 10.244.0.0/16 --nodes 257', 1],
    ['--cluster-cidr 10.244.0.0/16 --nodes 257 --fail-on never', 0],
  ])('from outside: %s: %i', async (args, code) => {
    expect(await plan(args)).toMatchObject({ code, stderr: '', stdout: expect.stringContaining('PLN-003') })
  })

  test('a pair in another order is kept and told of', async () => {
    expect((await inside('--cluster-cidr fd00:10:244::/56,10.244.0.0/16 --nodes 2')).stdout).toContain('the order was kept as given')
  })
})

describe('65,536 subnets (row 10)', () => {
  const args = ['plan', '--cluster-cidr', '10.0.0.0/8', '--node-prefix', '24', '--nodes', '65536']

  test('all of them, in order, in less than 150 MB', async () => {
    const script = `
      const { main } = await import(${JSON.stringify(inject('program').replace('bin/run.js', 'dist/cli/main.js'))})
      process.on('exit', () => process.stderr.write('RSS ' + process.resourceUsage().maxRSS))
      await main(${JSON.stringify([...args.slice(0), '-o', 'json'])})`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] })
    const out: Buffer[] = []
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    await new Promise((resolve) => child.on('close', resolve))
    const { nodes } = JSON.parse(Buffer.concat(out).toString()) as PlanJson
    expect(nodes).toHaveLength(65_536)
    expect(
      nodes.every(({ name, subnets: [subnet] }, index) => name === `node-${index + 1}` && subnet === `10.${index >> 8}.${index & 255}.0/24`),
    ).toBe(true)
    expect(Number(/RSS (\d+)/.exec(err)?.[1])).toBeLessThan(150 * 1024) // kilobytes
  })

  test.each(['json', 'table', 'name'])('-o %s | head -1 ends quietly', async (format) => {
    const child = spawn(process.execPath, [inject('program'), ...args, '-o', format], { stdio: ['ignore', 'pipe', 'pipe'] })
    let err = ''
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString()
    })
    child.stdout.once('data', () => child.stdout.destroy())
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect({ code, err }).toEqual({ code: 0, err: '' })
  })
})

test('the same request gives the same bytes', async () => {
  const args = `-f ${fixture('forty-nodes.yaml')} --now 2026-11-23T12:00:00Z -o json`
  expect((await plan(args)).stdout).toBe((await plan(args)).stdout)
})

test('help names every flag of the contract', async () => {
  const { stdout, code } = await plan('--help')
  expect(code).toBe(0)
  for (const flag of [
    'cluster-cidr',
    'node-prefix',
    'nodes',
    'node',
    'max-nodes',
    'max-pods',
    'surge',
    'growth',
    'service-cidr',
    'reserve',
    'file',
    'keep',
    'fail-on',
  ]) {
    expect(stdout).toContain(`--${flag}`)
  }
})
