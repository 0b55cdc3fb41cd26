// Plans as `ipam plan` really writes them, for the tests of what is generated from them.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import Plan from '../../src/commands/plan.ts'
import { runCommand } from '../cli/run-command.ts'
import { folder } from './run-generate-conf.ts'

/** Two families, Services apart, load balancers and two further networks. */
export const wholeRequest = {
  clusterCidrs: ['10.70.0.0/16', 'fd00:70::/56'],
  nodePrefixes: [24, 64],
  nodes: ['alpha', 'beta', 'gamma'],
  maxPods: 97,
  serviceCidrs: ['10.71.0.0/20', 'fd00:71::/112'],
  nodeNetworks: ['10.72.0.0/24'],
  loadBalancerRanges: ['10.72.0.200-10.72.0.219', '10.73.0.0/28'],
}

export const furtherNetworks = [
  { name: 'storage', cidr: '10.74.0.0/20', type: 'macvlan', ipam: 'whereabouts', exclude: ['10.74.0.1'] },
  { name: 'video', cidr: '10.75.0.0/24', type: 'ipvlan', ipam: 'host-local', exclude: ['10.75.0.1'] },
]

/** Path of the plan for a request. */
export async function plannedFile(request: object = {}): Promise<string> {
  const root = folder()
  const [asked, plan] = [join(root, 'request.yaml'), join(root, 'plan.json')]
  writeFileSync(asked, stringify({ ...wholeRequest, ...request }))
  const { stderr } = await runCommand(Plan, ['-f', asked, '--fail-on', 'never', '-q', '-o', `json=${plan}`, '--now', '2026-11-23T12:00:00Z'])
  if (stderr !== '') throw new Error(stderr)
  JSON.parse(readFileSync(plan, 'utf8'))
  return plan
}
