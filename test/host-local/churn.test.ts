// The story driver itself: what it says must be on disk is there byte for byte, its truth names every file and pod, and its faults really happen.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { describeReal } from '../needs.ts'
import { pluginsMissing } from '../plugins.ts'
import { buildScenario, type Scenario, type ScenarioOptions } from './scenario.ts'

/** Set to run longer stories than `npm test` has time for. */
const steps = Number(process.env['IPAM_CHURN_STEPS'] ?? 150)

const scenarios: Scenario[] = []
afterEach(() => {
  for (const scenario of scenarios.splice(0)) scenario.dispose()
})

/** A finished story whose disk holds, byte for byte, what the plugin's answers say. */
async function story(seed: number, options: ScenarioOptions = {}): Promise<Scenario> {
  const scenario = await buildScenario(seed, { steps, ...options })
  scenarios.push(scenario)
  for (const { machine } of scenario.nodes) {
    expect(machine.disk()).toEqual(new Map([...machine.files.values()].map((file) => [file.address, file.text])))
  }
  return scenario
}

const json = (scenario: Scenario, path: string) => JSON.parse(readFileSync(join(scenario.folder, path), 'utf8'))

describeReal('stories with the real host-local', pluginsMissing(), () => {
  test.each<[string, ScenarioOptions]>([
    ['a copied range, a lost state directory and all faults', { copiedRange: true, lostState: true, inFlight: 2 }],
    ['small nodes that fill up', { nodePrefix: 28, nodes: 2 }],
    ['IPv6', { families: '6' }],
  ])('every leaked, shadowed or owned file is accounted for: %s', async (_, options) => {
    const { nodes, expected } = await story(1, options)
    const dead = [...expected.leaked, ...expected.shadowed, ...expected.inFlight].map(({ node, address }) => `${node} ${address}`)
    const owned = nodes.flatMap((node) =>
      node.pods.filter((pod) => pod.sandbox !== undefined).flatMap((pod) => pod.addresses.map((address) => `${node.name} ${address}`)),
    )
    const missing = new Set(expected.missing.map(({ node, address }) => `${node} ${address}`))
    const files = nodes.flatMap((node) => [...node.machine.files.keys()].map((address) => `${node.name} ${address}`))
    expect([...dead, ...owned.filter((one) => !missing.has(one))].sort()).toEqual(
      files.filter((one) => !missing.has(one) || dead.includes(one)).sort(),
    )
  })

  test('without faults every file belongs to a live pod and every live pod has its file', async () => {
    const { expected } = await story(11, { faults: false })
    expect(expected.live.size).toBeGreaterThan(10)
    expect({ ...expected, live: 0, collectedAt: 0 }).toEqual({
      leaked: [],
      shadowed: [],
      duplicates: [],
      missing: [],
      inFlight: [],
      sharedRanges: [],
      live: 0,
      collectedAt: 0,
    })
  })

  test('kills, forgotten pods, reboots and lost content all leave files behind', async () => {
    const causes = new Set<string>()
    for (let seed = 21; causes.size < 5 && seed < 31; seed++) for (const leak of (await story(seed)).expected.leaked) causes.add(leak.cause)
    expect([...causes].sort()).toEqual(['before-boot', 'empty', 'forgotten', 'killed-add', 'killed-del'])
  })

  test('a range on two nodes gives one address to two pods', async () => {
    const { expected } = await story(31, { copiedRange: true, faults: false })
    expect(expected.sharedRanges).toEqual([{ cidr: '10.88.0.0/25', nodes: ['node-1', 'node-2'] }])
    expect(expected.duplicates.length).toBeGreaterThan(0)
    for (const duplicate of expected.duplicates) expect(duplicate.nodes).toEqual(['node-1', 'node-2'])
    expect(expected.missing).toEqual([])
  })

  test('a lost state directory gives live pods without a file, and addresses twice on the node', async () => {
    const { expected } = await story(32, { lostState: true, faults: false })
    expect(expected.missing.length).toBeGreaterThan(0)
    expect(new Set(expected.missing.map((one) => one.node))).toEqual(new Set(['node-3']))
    expect(expected.duplicates.length).toBeGreaterThan(0)
    for (const duplicate of expected.duplicates) expect(duplicate.nodes).toEqual(['node-3'])
  })

  test('files of pods that show no address yet are in flight, not leaked', async () => {
    const { expected, folder } = await story(33, { inFlight: 2, faults: false, nodes: 2 })
    expect(expected.leaked).toEqual([])
    expect(expected.inFlight.map((one) => one.node)).toEqual(['node-1', 'node-1', 'node-2', 'node-2'])
    for (const { node, address } of expected.inFlight)
      expect(existsSync(join(folder, 'nodes', node, 'var/lib/cni/networks/pods', address))).toBe(true)
  })

  test('the bundle says what the cluster says: pods with their answers, nodes with their ranges, listings with the live sandboxes', async () => {
    const scenario = await story(41, { families: 'dual', sandboxes: true })
    const pods = json(scenario, 'cluster/pods.json').items as {
      metadata: { namespace: string; name: string }
      spec: { hostNetwork?: boolean }
      status: { phase: string; podIPs: { ip: string }[] }
    }[]
    const running = pods.filter((pod) => pod.status.phase === 'Running' && !pod.spec.hostNetwork)
    expect(new Map(running.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod.status.podIPs.map((one) => one.ip)]))).toEqual(
      scenario.expected.live,
    )
    expect(json(scenario, 'cluster/nodes.json').items[1].spec).toEqual({
      podCIDR: '10.244.0.128/25',
      podCIDRs: ['10.244.0.128/25', 'fd00:10:244:2::/64'],
    })
    for (const { name, machine } of scenario.nodes) {
      const ids = (json(scenario, `nodes/${name}/crictl-pods.json`).items as { id: string }[]).map((item) => item.id)
      expect(ids.sort()).toEqual([...machine.live.keys()].sort())
    }
  })

  test('stat.json and the files themselves agree on the times of the story', async () => {
    const scenario = await story(42)
    for (const { name, network, machine } of scenario.nodes) {
      const { files, bootTime } = json(scenario, `nodes/${name}/stat.json`)
      if (machine.bootTime !== undefined) expect(Date.parse(bootTime)).toBe(Math.floor(machine.bootTime / 1000) * 1000)
      for (const file of machine.files.values()) {
        const path = `var/lib/cni/networks/${network}/${file.address}`
        expect(Date.parse(files[path].mtime)).toBe(file.since)
        expect(Math.round(statSync(join(scenario.folder, 'nodes', name, path)).mtimeMs)).toBe(file.since)
        expect(file.since).toBeLessThan(scenario.expected.collectedAt)
      }
    }
  })

  test('one seed tells one story', async () => {
    const [one, two] = [await story(51, { faults: false, steps: 60 }), await story(51, { faults: false, steps: 60 })]
    expect(two.expected).toEqual(one.expected)
    expect((await story(52, { faults: false, steps: 60 })).expected.live).not.toEqual(one.expected.live)
  })
})
