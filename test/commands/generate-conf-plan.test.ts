// Plans that generate-conf refuses.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { conf, folder, nodes, plan, planFile, program } from './run-generate-conf.ts'

describe('refused with exit 2, nothing on standard output', () => {
  test.each<[string, unknown, readonly string[], string]>([
    ['an unknown node, with the nearest', plan(), ['--node', 'node1'], '--node: "node1" is not in FILE; did you mean Node1?'],
    ['an unknown node, with those there are', plan(), ['--node', 'worker'], '--node: "worker" is not in FILE; it has Node1, Node2'],
    [
      'several nodes and one output',
      plan(),
      [],
      'there are 2 nodes and one standard output: give --node NAME for one of them, or --out-dir DIR for all',
    ],
    ['another kind', plan({ kind: 'AuditReport' }), [], 'FILE: kind must be "AddressPlan" (made by ipam plan -o json), not "AuditReport"'],
    ['another version', plan({ apiVersion: 'ipam/v2' }), [], 'FILE: apiVersion must be "ipam/v1", not "ipam/v2"'],
    ['no nodes key', plan({ nodes: undefined }), [], 'FILE: nodes is missing'],
    ['no nodes', plan({ nodes: [] }), [], 'FILE: the plan has no nodes; plan with --node NAME or --nodes N'],
    [
      'a node without subnets',
      plan({ nodes: [{ name: 'n1', subnets: [] }] }),
      [],
      'FILE: node "n1": there is no subnet; give one, or one of each family',
    ],
    [
      'a subnet with host bits',
      plan({ nodes: [{ name: 'n1', subnets: ['10.9.1.7/24'] }] }),
      [],
      'FILE: node "n1": "10.9.1.7/24" has host bits set for /24; write 10.9.1.0/24',
    ],
    [
      'a subnet that is too small',
      plan({ nodes: [{ name: 'n1', subnets: ['10.9.1.0/31'] }] }),
      [],
      'FILE: node "n1": 10.9.1.0/31 is too small: host-local needs a /30 or larger',
    ],
    ['two nodes of one name', plan({ nodes: [nodes[0], nodes[0]] }), ['--node', 'Node1'], 'FILE: the node "Node1" is there twice'],
    [
      'a node name that leaves the folder',
      plan({ nodes: [{ name: '../../etc', subnets: ['10.9.1.0/24'] }] }),
      [],
      'FILE: nodes[0].name "../../etc" is no node name',
    ],
    [
      'subnets that are no list',
      plan({ nodes: [{ name: 'n1', subnets: '10.9.1.0/24' }] }),
      [],
      'FILE: nodes[0].subnets must be a list of CIDRs, not "10.9.1.0/24"',
    ],
    ['broken JSON', '{"kind":\n"AddressPlan",}', [], 'FILE:2:15: not valid JSON: expected a key in double quotes, found "}"'],
    ['an empty file', '', [], 'FILE: it is empty'],
  ])('plan: %s', async (_, content, args, message) => {
    const file = planFile(content)
    const result = await conf(['--plan', file, ...args])
    expect(result).toEqual({ code: 2, stdout: '', stderr: `Error: ${message.replace('FILE', file)}\n` })
  })

  test('a plan that is a FIFO, a folder, endless or missing is not waited for', async () => {
    const fifo = join(folder(), 'fifo')
    execFileSync('mkfifo', [fifo])
    for (const path of [fifo, folder(), '/dev/zero', '/nowhere/plan.json']) {
      const result = await program(['--plan', path])
      expect(result).toMatchObject({ code: 2, stdout: '' })
      expect(result.stderr).toContain(path)
    }
  })
})
