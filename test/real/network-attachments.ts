// Pods with further interfaces whose addresses the real whereabouts gives: the executable called as Multus calls it, and what Multus and kubelet then write.
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parseAllDocuments } from 'yaml'
import type { CniAnswer, CniError, CniResult } from '../plugins.ts'
import type { KubeObject } from './api.ts'
import { type Cluster, controlPlaneMissing } from './cluster.ts'
import { buildGoModule } from './go-module.ts'
import { node as nodeObject, pod, running } from './objects.ts'
import { whereabouts } from './tools.ts'

const built = controlPlaneMissing() === undefined ? await buildGoModule(whereabouts) : undefined

/** Why whereabouts cannot be run here; undefined when it can. For `describeReal`. */
export const whereaboutsMissing = (): string | undefined => (built !== undefined && 'reason' in built ? built.reason : controlPlaneMissing())

const network = { group: 'k8s.cni.cncf.io', plural: 'network-attachment-definitions' }
const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { config: { type: 'string' } } } } } }

/** Multus' own kind; the hyphens in its plural are a trap for whoever derives one from the kind. https://github.com/k8snetworkplumbingwg/multi-net-spec */
const attachments: KubeObject = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${network.plural}.${network.group}` },
  spec: {
    group: network.group,
    scope: 'Namespaced',
    names: { plural: network.plural, singular: 'network-attachment-definition', kind: 'NetworkAttachmentDefinition' },
    versions: [{ name: 'v1', served: true, storage: true, schema }],
  },
}

const pathOf = {
  attachments: `/apis/${network.group}/v1/namespaces/default/${network.plural}`,
  pools: '/apis/whereabouts.cni.cncf.io/v1alpha1/namespaces/kube-system/ippools',
  reservations: '/apis/whereabouts.cni.cncf.io/v1alpha1/namespaces/kube-system/overlappingrangeipreservations',
  pods: '/api/v1/namespaces/default/pods',
} as const

/** The definitions as whereabouts publishes them, from the module that was built. */
async function publishedCrds(): Promise<KubeObject[]> {
  const { stdout } = await promisify(execFile)('go', ['mod', 'download', '-json', 'github.com/k8snetworkplumbingwg/whereabouts'], {
    cwd: whereabouts.folder,
    env: { ...process.env, GOWORK: 'off', GOTOOLCHAIN: 'local' },
  })
  const folder = join((JSON.parse(stdout) as { Dir: string }).Dir, 'doc/crds')
  const objects = readdirSync(folder).flatMap((name) =>
    parseAllDocuments(readFileSync(join(folder, name), 'utf8')).map((one) => one.toJS() as unknown),
  )
  return objects.filter((one): one is KubeObject => (one as KubeObject | null)?.kind === 'CustomResourceDefinition')
}

export interface Attached {
  readonly namespaceName: string
  /** Without the prefix, as network-status shows them. */
  readonly addresses: readonly string[]
}

export interface Lab {
  /** Creates a definition whose configuration is this text, or macvlan with this `ipam`. */
  define(name: string, config: string | Readonly<Record<string, unknown>>): Promise<void>
  /** A call of the plugin on a node for an interface of a pod, nothing else. */
  call(
    command: 'ADD' | 'DEL',
    one: { readonly pod: string; readonly node: string; readonly network: string; readonly sandbox?: string },
  ): Promise<CniAnswer>
  /** Creates a pod, calls ADD and reports what it answered as Multus and kubelet do. @throws Error when ADD fails */
  run(name: string, node: string, primary: string, network: string): Promise<Attached>
  /** Removes the pod's object without a call of the plugin, as `kubectl delete --force` does on a dead node. */
  forget(name: string): Promise<void>
  readonly path: typeof pathOf
  /** Removes every pod, definition, pool and reservation. */
  clear(): Promise<void>
  stop(): void
}

/** Nodes with the ranges 10.244.1.0/24, 10.244.2.0/24 and so on, each with a flat file of its own as on real ones, and the definitions of all kinds. */
export async function startLab({ api, kubeconfig, until }: Cluster, nodes: readonly string[]): Promise<Lab> {
  if (built === undefined || 'reason' in built) throw new Error(whereaboutsMissing())
  const executable = join(built.dir, 'cmd')
  const folder = mkdtempSync(join(tmpdir(), 'ipam-whereabouts-'))
  const flatFile = (node: string) => join(folder, node, 'whereabouts.conf')
  for (const [index, node] of nodes.entries()) {
    const range = `10.244.${index + 1}.0/24`
    await api.create(nodeObject(node, { podCIDR: range, podCIDRs: [range] }))
    mkdirSync(join(folder, node))
    writeFileSync(flatFile(node), JSON.stringify({ kubernetes: { kubeconfig } }))
  }
  for (const crd of [attachments, ...(await publishedCrds())]) await api.create(crd)
  for (const path of Object.values(pathOf))
    await until(`${path} was served`, async () => ((await api.send('GET', path)).status === 200 ? true : undefined))

  const configs = new Map<string, Record<string, unknown>>()
  const call: Lab['call'] = (command, one) => {
    const config = configs.get(one.network)
    if (config === undefined) throw new Error(`no network ${one.network} is defined`)
    const input = { ...config, ipam: { ...(config['ipam'] as object), configuration_path: flatFile(one.node) } }
    const env = {
      CNI_COMMAND: command,
      CNI_CONTAINERID: one.sandbox ?? `sandbox-of-${one.pod}`,
      CNI_IFNAME: 'net1',
      CNI_NETNS: `/var/run/netns/${one.pod}`,
      CNI_PATH: folder,
      CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=${one.pod}`,
    }
    return execute(executable, env, JSON.stringify(input))
  }
  return {
    call,
    path: pathOf,
    async define(name, config) {
      const macvlan = { cniVersion: '0.3.1', name, type: 'macvlan', master: 'eth1', mode: 'bridge' }
      const text = typeof config === 'string' ? config : JSON.stringify({ ...macvlan, ipam: { type: 'whereabouts', ...config } })
      configs.set(name, firstPlugin(JSON.parse(text)))
      const answer = await api.send('POST', pathOf.attachments, {
        apiVersion: `${network.group}/v1`,
        kind: 'NetworkAttachmentDefinition',
        metadata: { name, namespace: 'default' },
        spec: { config: text },
      })
      if (answer.status !== 201) throw new Error(`the definition ${name} was refused: ${JSON.stringify(answer.body)}`)
    },
    async run(name, node, primary, of) {
      const object = pod(name, node)
      await api.create({ ...object, metadata: { ...object.metadata, annotations: { 'k8s.v1.cni.cncf.io/networks': of } } })
      const { result, error } = await call('ADD', { pod: name, node, network: of })
      if (result === undefined) throw new Error(`ADD for ${name}: ${error?.msg}`)
      const addresses = (result.ips ?? []).map(({ address }) => address.replace(/\/\d+$/, ''))
      const status = [
        { name: 'podnet', interface: 'eth0', ips: [primary], default: true, dns: {} },
        { name: `default/${of}`, interface: 'net1', ips: addresses, dns: {} },
      ]
      const annotations = { 'k8s.v1.cni.cncf.io/network-status': JSON.stringify(status) }
      await api.send('PATCH', `${pathOf.pods}/${name}`, { metadata: { annotations } }, 'application/merge-patch+json')
      await api.patchStatus(running(object, primary))
      return { namespaceName: `default/${name}`, addresses }
    },
    forget: (name) => api.remove(pod(name, '')),
    async clear() {
      configs.clear()
      for (const path of Object.values(pathOf)) await api.send('DELETE', path, { gracePeriodSeconds: 0 })
    },
    stop: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** What a runtime hands to the first plugin of a list. */
function firstPlugin(config: Record<string, unknown>): Record<string, unknown> {
  const [first] = (config['plugins'] ?? [config]) as Record<string, unknown>[]
  return { ...first, name: config['name'], cniVersion: config['cniVersion'] }
}

function execute(file: string, env: Record<string, string>, input: string): Promise<CniAnswer> {
  const child = spawn(file, { env: { PATH: process.env['PATH'] ?? '', ...env }, timeout: 90_000 })
  const [out, err]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk))
  child.stdin.on('error', () => {}) // it may end before it has read its input
  child.stdin.end(input)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      const text = Buffer.concat(out).toString().trim()
      if (code === 0) resolve({ code, result: text === '' ? undefined : (JSON.parse(text) as CniResult), error: undefined })
      else if (text !== '') resolve({ code, result: undefined, error: JSON.parse(text) as CniError })
      else reject(new Error(`whereabouts ended with ${code ?? signal} and said nothing: ${Buffer.concat(err)}`))
    })
  })
}
