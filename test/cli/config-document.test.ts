// YAML and JSON that a person wrote: strict, with line and column.
import { describe, expect, test } from 'vitest'
import { checkConfig, parseConfig, parseLargeJson } from '../../src/cli/config-document.ts'
import { UsageError } from '../../src/model/errors.ts'
import { keptPlanSchema, requestFileSchema, requestKeys, requestSchema } from '../../src/plan/request-schema.ts'

function faultOf(read: () => unknown): string {
  try {
    read()
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError)
    return (error as UsageError).message
  }
  return 'no fault'
}

const read = (text: string) => checkConfig(parseConfig(text, 'plan.yaml'), requestSchema, requestKeys)
const fault = (text: string) => faultOf(() => read(text))

describe('text', () => {
  test.each([
    ['a key twice', 'nodes: 1\nnodes: 2\n', 'plan.yaml:2:1: this key is there twice'],
    ['a key twice in JSON', '{"nodes": 1,\n "nodes": 2}', 'plan.yaml:2:2: this key is there twice'],
    ['a tab in the indentation', 'nodes:\n\t- a\n', 'plan.yaml:2:1: there is a tab in the indentation'],
    ['two documents', 'nodes: 1\n---\nnodes: 2\n', 'plan.yaml:2:1: there is a second document'],
    ['a tag', 'nodes: !!js/function "x"\n', 'plan.yaml:1:8: Unresolved tag'],
    ['an open bracket', 'nodes: [1\n', 'plan.yaml:2:1: '],
    ['deep JSON', `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 'it is nested more than 50 levels deep'],
    ['deep lists in JSON', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'it is nested more than 50 levels deep'],
    ['an open end', '['.repeat(20_000), 'it is nested more than 50 levels deep'],
    ['deep indentation', Array.from({ length: 600 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), 'it is nested more than 50 levels deep'],
    ['deep YAML', `${'- '.repeat(20_000)}x`, 'it is nested more than 50 levels deep'],
  ])('%s', (_, text, words) => {
    expect(fault(text)).toContain(words)
  })

  test('aliases that multiply are refused before they are written out', () => {
    const rows = ['a: &a [x,x,x,x,x,x,x,x,x]']
    for (let row = 1; row < 9; row++) {
      const [name, before] = [String.fromCharCode(97 + row), String.fromCharCode(96 + row)]
      rows.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`)
    }
    expect(fault(rows.join('\n'))).toContain('aliases (*name) multiply too often')
  })

  test('aliases in moderation, CRLF, and JSON indented with tabs are fine', () => {
    expect(read('clusterCidrs: &c 10.0.0.0/16\nnodeNetworks: [*c]\r\n')).toEqual({ clusterCidrs: '10.0.0.0/16', nodeNetworks: ['10.0.0.0/16'] })
    expect(read('{\n\t"nodes": 2\n}\n')).toEqual({ nodes: 2 })
  })
})

describe('keys', () => {
  test.each([
    ['clusterCIDRs: 10.0.0.0/16', 'plan.yaml:1:1: unknown key "clusterCIDRs"; did you mean clusterCidrs?'],
    ['nodes: 1\nreserve: [10.0.0.0/24]', 'plan.yaml:2:1: unknown key "reserve"'],
    ['nodePools:\n  - name: a\n    surges: 1', 'plan.yaml:3:5: unknown key "surges"; did you mean surge?'],
    ['__proto__: {polluted: 1}', 'plan.yaml:1:1: unknown key "__proto__"'],
    ['{"__proto__": {"polluted": 1}}', 'plan.yaml:1:2: unknown key "__proto__"'],
    ['constructor: {prototype: {polluted: 1}}', 'plan.yaml:1:1: unknown key "constructor"'],
    ['prototype: 1', 'plan.yaml:1:1: unknown key "prototype"'],
    ['<<: {nodes: 1}', 'plan.yaml:1:1: unknown key "<<"'],
    ['nodePools:\n  - nodes: 1', 'plan.yaml:2:5: nodePools[0].name is missing'],
  ])('%j', (text, message) => {
    expect(fault(text)).toBe(message)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('values', () => {
  test.each([
    ['nodes: two', 'plan.yaml:1:1: nodes must be a number of nodes or a list of node names, not "two"'],
    ['nodes: -1', 'plan.yaml:1:1: nodes must be a whole number of 0 or more, not -1'],
    ['nodes: [a, 7]', 'plan.yaml:1:12: nodes[1] must be a node name, or an object with name and subnets, not 7'],
    ['maxPods: 1.5', 'plan.yaml:1:1: maxPods must be a whole number, not 1.5'],
    ['maxPods: "110"', 'plan.yaml:1:1: maxPods must be a whole number, not "110"'],
    ['clusterCidrs: 10', 'plan.yaml:1:1: clusterCidrs must be text or a list of texts, not 10'],
    ['nodes: [{name: a, subnet: x}]', 'plan.yaml:1:19: unknown key "subnet"; did you mean subnets?'],
    ['growth: -3', 'plan.yaml:1:1: growth must be a number of percent, like 30 or 30%'],
    ['horizon: x', 'plan.yaml:1:1: horizon must be a number of years, not "x"'],
    ['- a', 'plan.yaml:1:1: it must hold keys and values'],
    ['just text', 'plan.yaml:1:1: it must hold keys and values'],
  ])('%j', (text, words) => {
    expect(fault(text)).toContain(words)
  })
})

describe('envelopes', () => {
  const envelope = (text: string) => faultOf(() => checkConfig(parseConfig(text, 'plan.yaml'), requestFileSchema, requestKeys))

  test.each([
    ['apiVersion: ipam/v1\nkind: PlanRequest\nspec: {nodes: 1}', 'no fault'],
    ['apiVersion: ipam/v1\nkind: PlanRequest\nmetadata: {name: x}\nspec: {nodes: 1}', 'no fault'],
    ['apiVersion: ipam/v1\nkind: AddressPlan\nspec: {nodes: 1}\nnodes: []', 'no fault'],
    ['apiVersion: ipam/v1\nkind: PlanRequest\nspec: {nodes: 1}\nstatus: 1', 'plan.yaml:4:1: unknown key "status"'],
    ['apiVersion: ipam/v1\nkind: PlanRequest\nspec:\n  node: 1', 'plan.yaml:4:3: unknown key "node"; did you mean nodes?'],
    ['apiVersion: ipam/v2\nkind: PlanRequest\nspec: {}', 'plan.yaml:1:1: apiVersion must be "ipam/v1", not "ipam/v2"'],
    ['apiVersion: ipam/v1\nkind: AuditReport\nspec: {}', 'plan.yaml:2:1: kind must be "PlanRequest" or "AddressPlan"'],
    ['kind: PlanRequest\nspec: {}', 'plan.yaml:1:1: apiVersion is missing'],
  ])('%j', (text, message) => {
    expect(envelope(text)).toContain(message)
  })

  test('an earlier plan is JSON that this program wrote', () => {
    const kept = (text: string) => faultOf(() => checkConfig(parseLargeJson(text, 'plan.json'), keptPlanSchema, requestKeys))
    expect(kept('{"apiVersion": "ipam/v1", "kind": "AddressPlan", "spec": {}, "nodes": [], "later": 1}')).toBe('no fault')
    expect(kept('{"apiVersion": "ipam/v1", "kind": "AuditReport", "spec": {}, "nodes": []}')).toContain('plan.json: kind must be "AddressPlan"')
    expect(kept('{"apiVersion": "ipam/v1", "kind": "AddressPlan", "spec": {}, "nodes": [{"name": "a"}]}')).toContain('nodes[0].pool is missing')
    expect(kept('{"apiVersion": ')).toContain('plan.json: it is not JSON')
  })
})
