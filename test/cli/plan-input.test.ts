// Flags and files of `ipam plan` become a request; every fault says where it was written.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Parser } from '@oclif/core'
import { afterAll, describe, expect, test } from 'vitest'
import { planFlags } from '../../src/cli/plan-flags.ts'
import { readPlanInput } from '../../src/cli/plan-input.ts'
import { UsageError } from '../../src/model/errors.ts'
import { formatCidr, formatRange } from '../../src/net/index.ts'
import { checkPlan } from '../../src/plan/check-plan.ts'
import { planPools } from '../../src/plan/plan-pools.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-plan-input-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

async function input(args: string) {
  const { flags } = await Parser.parse(args.split(' '), { flags: planFlags })
  return readPlanInput(flags)
}

async function fault(args: string): Promise<string> {
  const error: unknown = await input(args).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(UsageError)
  return (error as UsageError).message.replaceAll(`${folder}/`, '')
}

describe('faults in flags', () => {
  test.each([
    ['--cluster-cidr 010.244.0.0/16', '--cluster-cidr: "010.244.0.0/16" has an octet with a leading zero: octal or decimal? Write 8 or 10 for 010'],
    [
      '--cluster-cidr 10.244.3.7/16',
      '--cluster-cidr: "10.244.3.7/16" has host bits set for /16; write 10.244.0.0/16 (--normalize takes it for that)',
    ],
    ['--cluster-cidr 10.0.0.0/33', '--cluster-cidr: "10.0.0.0/33" has a prefix length above 32'],
    ['--cluster-cidr 10.0.0.0/-1', '--cluster-cidr'],
    ['--cluster-cidr 10.0.0.0/', '--cluster-cidr'],
    ['--cluster-cidr 10.0.0.0/016', '--cluster-cidr'],
    ['--cluster-cidr 10.0.0.0/1e1', '--cluster-cidr'],
    ['--cluster-cidr 10.0.0.0/16abc', '--cluster-cidr'],
    ['--cluster-cidr 0x0a.0.0.0/8', '--cluster-cidr'],
    ['--cluster-cidr 10.1/16', '--cluster-cidr'],
    ['--cluster-cidr 167772160/8', '--cluster-cidr'],
    ['--cluster-cidr 127.1/8', '--cluster-cidr'],
    ['--cluster-cidr ١٠.0.0.0/8', '--cluster-cidr'],
    ['--cluster-cidr 10.0.0.0/8\u00a0', '--cluster-cidr'],
    ['--cluster-cidr 10.0.0.0/8\n', '--cluster-cidr'],
    ['--cluster-cidr fd00::1%eth0/64', '--cluster-cidr: "fd00::1%eth0/64" has a zone'],
    ['--cluster-cidr fd00::/048', '--cluster-cidr'],
    ['--cluster-cidr ::ffff:10.0.0.0/104', 'is an IPv4-mapped network; write 10.0.0.0/8'],
    ['--cluster-cidr 10.244.0.0/16 --node-prefix 12', '--node-prefix: contradiction'],
    ['--cluster-cidr 10.244.0.0/16,10.245.0.0/16', '--cluster-cidr: 10.244.0.0/16 and 10.245.0.0/16 are both IPv4'],
    ['--cluster-cidr 10.244.0.0/16 --cluster-cidr 10.245.0.0/16', 'are both IPv4'],
    ['--nodes 3', '--cluster-cidr: missing'],
    ['--cluster-cidr 10.244.0.0/16 --nodes 3.5', '--nodes: "3.5" is not a whole number'],
    ['--cluster-cidr 10.244.0.0/16 --nodes 1e3', '--nodes: "1e3" is not a whole number'],
    ['--cluster-cidr 10.244.0.0/16 --nodes 99999999999999999999', '--nodes: "99999999999999999999" is not a whole number'],
    ['--cluster-cidr 10.244.0.0/16 --nodes 3 --node a', '--nodes and --node contradict each other'],
    ['--cluster-cidr 10.244.0.0/16 --node a/b', '--node: "a/b" is no name'],
    ['--cluster-cidr 10.244.0.0/16 --node a --node a', '--node: the node "a" is there twice'],
    ['--cluster-cidr 10.244.0.0/16 --surge lots', '--surge: "lots" is neither'],
    ['--cluster-cidr 10.244.0.0/16 --growth fast', '--growth: "fast" is not'],
    ['--cluster-cidr 10.244.0.0/16 --horizon long', '--horizon: "long" is not'],
    ['--cluster-cidr 10.244.0.0/16 --max-pods 0', '--max-pods: must be 1 or more'],
    ['--cluster-cidr 10.244.0.0/16 --reserve 10.244.0.9-10.244.0.2', '--reserve: "10.244.0.9-10.244.0.2" starts after it ends'],
    ['--cluster-cidr 10.244.0.0/16 --service-cidr 10.96.0.1/12', '--service-cidr: "10.96.0.1/12" has host bits'],
    ['--cluster-cidr 10.244.0.0/16 --node-network 10.20.0.1/20', '--node-network: "10.20.0.1/20" has host bits'],
    ['--cluster-cidr 10.244.0.0/16 --owned 8.8.8.8/8', '--owned: "8.8.8.8/8" has host bits'],
    ['-f - --keep -', '--file and --keep cannot both read standard input'],
  ])('%j', async (args, words) => {
    expect(await fault(args)).toContain(words)
  })

  test('a very long value is not repeated whole', async () => {
    expect((await fault(`--cluster-cidr ${'1'.repeat(100_000)}`)).length).toBeLessThan(300)
  })
})

describe('faults in files', () => {
  test('name the line, flags that stand beside the file name the flag', async () => {
    const path = file('plan.yaml', 'nodes: 3\nclusterCidrs:\n  - 10.244.0.0/16\n  - 10.245.0.1/16\n')
    expect(await fault(`-f ${path}`)).toContain('plan.yaml:4:5: clusterCidrs[1]: "10.245.0.1/16" has host bits')
    expect(await fault(`-f ${path} --cluster-cidr 10.245.0.1/16`)).toContain('--cluster-cidr: "10.245.0.1/16" has host bits')
  })

  test('inside an envelope and inside a list', async () => {
    const path = file(
      'envelope.yaml',
      'apiVersion: ipam/v1\nkind: PlanRequest\nspec:\n  clusterCidrs: 10.244.0.0/16\n  nodes: [a, {name: b, subnets: [10.9.0.1/24]}]\n',
    )
    expect(await fault(`-f ${path}`)).toContain('envelope.yaml:5:34: nodes[1].subnets[0]: "10.9.0.1/24" has host bits')
    expect(await fault(`-f ${file('key.yaml', 'clusterCIDRs: 10.244.0.0/16')}`)).toBe(
      'key.yaml:1:1: unknown key "clusterCIDRs"; did you mean clusterCidrs?',
    )
  })

  test('what is no file', async () => {
    mkdirSync(join(folder, 'directory'))
    expect(await fault(`-f ${folder}/directory`)).toBe('directory: it is a directory; give a file')
    expect(await fault(`-f ${folder}/missing.yaml`)).toBe('missing.yaml: there is no such file')
    expect(await fault('-f /dev/zero')).toBe('/dev/zero: it is not a regular file; pipe the text in with "-" instead')
  })

  test('an earlier plan that is none, or that contradicts itself', async () => {
    const plan = (nodes: string) => `{"apiVersion": "ipam/v1", "kind": "AddressPlan", "spec": {"clusterCidrs": "10.244.0.0/16"}, "nodes": ${nodes}}`
    expect(await fault(`--keep ${file('a.json', '{"apiVersion": "ipam/v1", "kind": "AuditReport"}')}`)).toContain('kind must be "AddressPlan"')
    expect(await fault(`--keep ${file('b.json', plan('[{"name": "a", "pool": "x", "subnets": ["10.244.0.1/24"]}]'))}`)).toContain(
      '"10.244.0.1/24" has host bits',
    )
    expect(await fault(`--keep ${file('c.json', plan('[{"name": "../a", "pool": "x", "subnets": []}]'))}`)).toContain('"../a" is no name')
    expect(await fault(`--keep ${file('d.json', `${plan('[]')}}`)}`)).toContain('d.json: it is not JSON')
  })
})

describe('requests', () => {
  test('every flag reaches it', async () => {
    const flags = [
      '--cluster-cidr 10.244.0.0/16, --cluster-cidr fd00::/56',
      '--node-prefix 25,64 --nodes 7 --max-nodes 9 --max-pods 50 --surge 10% --growth 20% --horizon 4',
      '--service-cidr 10.96.0.0/16,fd00:1::/108 --services 90 --node-network 10.20.0.0/20 --node-network fd00:2::/64',
      '--reserve 10.244.0.0/24 --reserve 10.244.3.1-10.244.3.9 --owned 198.18.0.0/15 --profile kubeadm',
    ].join(' ')
    const { request, kept } = await input(flags.replace('/16,', '/16'))
    expect(kept).toBeUndefined()
    expect({
      ...request,
      profile: request.profile.id,
      clusterCidrs: request.clusterCidrs.map(formatCidr),
      serviceCidrs: request.serviceCidrs.map(formatCidr),
      nodeNetworks: request.nodeNetworks.map(formatCidr),
      owned: request.owned.map(formatCidr),
      reservations: request.reservations.map(({ range }) => formatRange(range)),
    }).toMatchObject({
      profile: 'kubeadm',
      clusterCidrs: ['10.244.0.0/16', 'fd00::/56'],
      nodePools: [
        {
          name: 'cluster',
          nodes: { count: 7, base: 'node' },
          maxNodes: 9,
          maxPods: 50,
          surge: { percent: 10 },
          growth: 20,
          nodePrefixes: new Map([
            [4, 25],
            [6, 64],
          ]),
        },
      ],
      horizon: 4,
      serviceCidrs: ['10.96.0.0/16', 'fd00:1::/108'],
      serviceCount: 90,
      nodeNetworks: ['10.20.0.0/20', 'fd00:2::/64'],
      reservations: ['10.244.0.0/24', '10.244.3.1-10.244.3.9'],
      owned: ['198.18.0.0/15'],
    })
  })

  test.each([
    // What is accepted, and what is found (info aside)
    ['--cluster-cidr 10.244.7.0/24 --node-prefix 24 --nodes 1', []],
    ['--cluster-cidr ::/0', []],
    ['--cluster-cidr 10.9.0.0/32', ['low PLN-018']],
    ['--cluster-cidr 10.9.0.0/31', ['low PLN-018']],
    ['--cluster-cidr fd00:9::/128', ['low PLN-018']],
    ['--cluster-cidr fd00:10:244::/56,10.244.0.0/16 --nodes 2', []],
    ['--cluster-cidr 10.244.0.0/16 --nodes 2 --node-network 10.244.0.0/24', ['high PLN-007']],
    ['--cluster-cidr 10.244.3.7/16 --normalize --nodes 1', []],
  ])('%s: %j', async (args, expected) => {
    const { request } = await input(args)
    const findings = checkPlan(planPools(request), { today: '2026-11-23' }).filter(({ severity }) => severity !== 'info')
    expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual(expected)
  })

  test('flags win over the file, key by key', async () => {
    const path = file('base.yaml', 'clusterCidrs: 10.244.0.0/16\nnodes: [a]\nmaxPods: 30\n')
    const { request } = await input(`-f ${path} --node b --node c`)
    expect(request.nodePools[0]).toMatchObject({ nodes: { named: [{ name: 'b' }, { name: 'c' }] }, maxPods: 30 })
  })
})
