// A fresh control plane for a test file: etcd, kube-apiserver and, where asked for, the controller that hands out node ranges.
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Api, apiOf } from './api.ts'
import { freePorts, type Server, startServer, until } from './processes.ts'
import { controlPlaneTools } from './tools.ts'

const tools = await controlPlaneTools()

/** Why no control plane can run here; undefined when one can. For `describeReal`. */
export const controlPlaneMissing = (): string | undefined => ('reason' in tools ? tools.reason : undefined)

export interface ClusterOptions {
  /** One CIDR, or two with a comma for dual stack; 10.244.0.0/16. */
  readonly clusterCidr?: string
  /** 10.96.0.0/16. */
  readonly serviceCidr?: string
  /** Prefix length of a node's range: one number, or IPv4 and IPv6; the controller's own default (24, 64) where it is left out. */
  readonly nodeMask?: number | readonly [v4: number, v6: number]
  /** False: nodes get no ranges unless the test writes them; true. */
  readonly controllerManager?: boolean
  /** Flags of the controller that hands out node ranges, in place of those that the options above make. */
  readonly controllerFlags?: readonly string[]
  /** Unix socket of a proxy (HTTP CONNECT) through which the API server reaches kubelets; directly. */
  readonly wayToNodes?: string
}

export interface Cluster {
  /** https://127.0.0.1:PORT. */
  readonly url: string
  /** File for KUBECONFIG, as the administrator. */
  readonly kubeconfig: string
  /** Certificate of the API server, which is its own authority. */
  readonly ca: string
  /** The administrator's (group system:masters). */
  readonly token: string
  /** User `reader`, who may do nothing until a binding says so. */
  readonly readerToken: string
  /** As the administrator. */
  readonly api: Api
  /** Another kubeconfig file, for another token. */
  writeKubeconfig(name: string, token: string): string
  /** Asks until the answer is not undefined, see processes.ts. */
  until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T>
  /** Ends the servers and removes every file. */
  stop(): Promise<void>
}

export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  for (let attempt = 1; ; attempt++) {
    const folder = mkdtempSync(join(tmpdir(), 'ipam-cluster-'))
    const servers: Server[] = []
    const stop = async () => {
      await Promise.all(servers.map((server) => server.stop()))
      rmSync(folder, { recursive: true, force: true })
    }
    try {
      return { ...(await bringUp(folder, servers, options)), stop }
    } catch (error) {
      await stop()
      // Between finding a free port and using it somebody else may have taken it.
      if (attempt === 3 || !/address already in use/.test(String(error))) throw error
    }
  }
}

async function bringUp(folder: string, servers: Server[], options: ClusterOptions): Promise<Omit<Cluster, 'stop'>> {
  if ('reason' in tools) throw new Error(tools.reason)
  const start = (name: string, file: string, args: string[]) => servers.push(startServer(name, file, args, join(folder, `${name}.log`)))
  const [clientPort = 0, peerPort = 0, apiPort = 0] = await freePorts(3)
  const clusterCidr = options.clusterCidr ?? '10.244.0.0/16'
  const serviceCidr = options.serviceCidr ?? '10.96.0.0/16'
  const [token, readerToken] = [randomBytes(16).toString('hex'), randomBytes(16).toString('hex')]
  writeFileSync(join(folder, 'tokens.csv'), `${token},admin,admin,"system:masters"\n${readerToken},reader,reader\n`, { mode: 0o600 })
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  writeFileSync(join(folder, 'accounts.key'), keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 })
  writeFileSync(join(folder, 'accounts.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }))

  const etcdUrl = `http://127.0.0.1:${clientPort}`
  const peerUrl = `http://127.0.0.1:${peerPort}`
  const data = ['--data-dir', join(folder, 'etcd'), '--unsafe-no-fsync']
  const peers = ['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', `default=${peerUrl}`]
  start('etcd', join(tools.etcd, 'server'), [...data, '--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl, ...peers])
  start('kube-apiserver', join(tools.kubernetes, 'kube-apiserver'), [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    // Only written into the endpoints of the Service kubernetes, where loopback is not allowed; looked up otherwise, which fails on a machine without a network.
    '--advertise-address=192.0.2.1',
    `--secure-port=${apiPort}`,
    `--cert-dir=${join(folder, 'certs')}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    `--service-account-key-file=${join(folder, 'accounts.pub')}`,
    `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    // Nobody runs the controller that makes a service account for each namespace, and pods without one are refused otherwise.
    '--disable-admission-plugins=ServiceAccount',
    ...egressFlags(folder, options.wayToNodes),
  ])

  const url = `https://127.0.0.1:${apiPort}`
  // The key is written last, so the certificate is whole when it is there.
  await until('kube-apiserver wrote its key', servers, async () => readFileSync(join(folder, 'certs/apiserver.key')))
  const ca = readFileSync(join(folder, 'certs/apiserver.crt'), 'utf8')
  const api = apiOf({ url, token, ca })
  await until('kube-apiserver was ready', servers, async () => ((await api.send('GET', '/readyz')).status === 200 ? true : undefined))
  await until('the default namespace was there', servers, () => api.get('/api/v1/namespaces/default'))
  const writeKubeconfig = (name: string, secret: string) => {
    const path = join(folder, `${name}.kubeconfig`)
    writeFileSync(path, kubeconfig(url, ca, secret), { mode: 0o600 })
    return path
  }
  const cluster = { url, ca, token, readerToken, api, kubeconfig: writeKubeconfig('admin', token), writeKubeconfig }
  if (options.controllerManager ?? true) {
    start('kube-controller-manager', join(tools.kubernetes, 'kube-controller-manager'), [
      `--kubeconfig=${cluster.kubeconfig}`,
      '--controllers=node-ipam-controller',
      ...(options.controllerFlags ?? [
        '--allocate-node-cidrs',
        `--cluster-cidr=${clusterCidr}`,
        `--service-cluster-ip-range=${serviceCidr}`,
        ...maskFlags(options.nodeMask),
      ]),
      '--leader-elect=false',
      '--secure-port=0',
    ])
  }
  return { ...cluster, until: (what, ask) => until(what, servers, ask) }
}

/** https://kubernetes.io/docs/tasks/extend-kubernetes/setup-konnectivity/ */
function egressFlags(folder: string, socket: string | undefined): string[] {
  if (socket === undefined) return []
  const connection = { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: socket } } }
  const egress = { apiVersion: 'apiserver.k8s.io/v1beta1', kind: 'EgressSelectorConfiguration', egressSelections: [{ name: 'cluster', connection }] }
  writeFileSync(join(folder, 'egress.json'), JSON.stringify(egress))
  return [`--egress-selector-config-file=${join(folder, 'egress.json')}`]
}

function maskFlags(mask: ClusterOptions['nodeMask']): string[] {
  if (mask === undefined) return []
  return typeof mask === 'number'
    ? [`--node-cidr-mask-size=${mask}`]
    : [`--node-cidr-mask-size-ipv4=${mask[0]}`, `--node-cidr-mask-size-ipv6=${mask[1]}`]
}

const kubeconfig = (url: string, ca: string, token: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'real', cluster: { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') } }],
    users: [{ name: 'user', user: { token } }],
    contexts: [{ name: 'real', context: { cluster: 'real', user: 'user' } }],
    'current-context': 'real',
  })
