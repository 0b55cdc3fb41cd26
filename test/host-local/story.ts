// What happens to the cluster of a scenario, step by step: pods come, finish and go, plugins are killed, nodes reboot.
import type { Random } from './random.ts'
import type { Attachment, RunningNode } from './run-node.ts'
import type { Settings } from './scenario.ts'

export interface StoryPod {
  readonly namespace: string
  readonly name: string
  readonly uid: string
  readonly createdAt: number
  phase: 'Pending' | 'Running' | 'Succeeded'
  /** What the API shows; a finished pod keeps showing what it had. */
  addresses: readonly string[]
  /** undefined for finished pods and for pods whose ADD the API does not know of yet. */
  sandbox: string | undefined
  /** How many sandboxes it had before this one. */
  attempt: number
  sandboxSince: number
}

export interface StoryNode {
  readonly name: string
  readonly podCidrs: readonly string[]
  /** What the conflist says: usually the podCIDRs. */
  readonly subnets: readonly string[]
  readonly network: string
  readonly machine: RunningNode
  pods: StoryPod[]
}

/** More live pods than this are not started on a node, so that leaks rather than pods fill it. */
export const maxPods = 30

export async function tellStory(nodes: readonly StoryNode[], settings: Settings, random: Random, clock: { now: number }): Promise<void> {
  const reboots = new Set(Array.from({ length: settings.reboots }, (_, i) => Math.floor(((i + 1) * settings.steps) / (settings.reboots + 1))))
  for (let step = 1; step <= settings.steps; step++) {
    clock.now += 1000 * (1 + random.below(60))
    const node = random.pick(nodes)
    if (reboots.has(step)) reboot(random.pick(nodes), settings, clock, random)
    else if (settings.lostState && step === settings.steps >> 1) nodes.at(-1)?.machine.loseState()
    else await turn(node, settings.faults, random, clock)
  }
  clock.now += settings.settleMinutes * 60_000
  for (const node of nodes) {
    for (let i = 0; i < settings.inFlight; i++) {
      clock.now += 500
      const answer = node.machine.add()
      if ('attachment' in answer) node.pods.push({ ...newPod(random, clock.now - 300), sandboxSince: clock.now })
    }
  }
  clock.now += 500
}

async function turn(node: StoryNode, faults: boolean, random: Random, clock: { now: number }): Promise<void> {
  const running = node.pods.filter((pod) => pod.sandbox !== undefined)
  const dice = random.next()
  if (running.length === 0 || (dice < 0.62 && running.length < maxPods)) {
    const pod = newPod(random, clock.now)
    // The runtime came back with nothing in its memory, so kubelet asks for a new sandbox.
    if (faults && random.next() < 0.1) {
      await node.machine.killDuringAdd()
      pod.attempt++
    }
    if (start(node, pod, clock)) node.pods.push(pod)
    return
  }
  const pod = random.pick(running)
  const sandbox = pod.sandbox as string
  if (faults && dice > 0.96) await node.machine.killDuringDel(sandbox)
  else if (faults && dice > 0.94) node.machine.forget(sandbox)
  else node.machine.del(sandbox)
  pod.sandbox = undefined
  pod.phase = 'Succeeded'
  const finished = node.pods.filter((one) => one.phase === 'Succeeded')
  // Every fourth pod is that of a Job and stays in the API for a while.
  const kept = finished.filter((one) => one.uid.charCodeAt(0) % 4 === 0).slice(-5)
  node.pods = node.pods.filter((one) => one.phase !== 'Succeeded' || kept.includes(one))
}

/** False when the node has no address left: the pod is placed elsewhere. */
function start(node: StoryNode, pod: StoryPod, clock: { readonly now: number }): boolean {
  const answer = node.machine.add()
  if ('error' in answer) {
    if (!answer.error.includes('no IP addresses available')) throw new Error(answer.error)
    return false
  }
  show(pod, answer.attachment, clock.now)
  return true
}

function show(pod: StoryPod, { sandbox, addresses }: Attachment, now: number): void {
  Object.assign(pod, { phase: 'Running', sandbox, addresses, sandboxSince: now })
}

function reboot(node: StoryNode, { emptied }: Settings, clock: { now: number }, random: Random): void {
  clock.now += 1000 * (30 + random.below(60))
  node.machine.reboot(emptied)
  const running = node.pods.filter((pod) => pod.sandbox !== undefined)
  node.pods = node.pods.filter((pod) => pod.sandbox === undefined)
  for (const pod of running) {
    clock.now += 200
    pod.attempt++
    if (start(node, pod, clock)) node.pods.push(pod)
  }
}

function newPod(random: Random, createdAt: number): StoryPod {
  const uid = random.hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  const name = `${random.pick(['web', 'api', 'db', 'batch'])}-${random.hex(6)}`
  const namespace = random.pick(['shop', 'data', 'kube-system'])
  return { namespace, name, uid, createdAt, phase: 'Pending', addresses: [], sandbox: undefined, attempt: 0, sandboxSince: createdAt }
}
