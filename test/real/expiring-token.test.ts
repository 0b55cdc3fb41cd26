// A token that the real API server stops accepting in the middle of a list: bound to an object that is deleted, as the token of a pod that ends.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { request as secure } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeReal } from '../needs.ts'
import { runCli } from '../run-cli.ts'
import { apiOf, type KubeObject } from './api.ts'
import { type Cluster, controlPlaneMissing, startCluster } from './cluster.ts'
import { node, pod } from './objects.ts'

interface Coverage {
  readonly source: string
  readonly status: string
  readonly read: number
  readonly error: string | null
}

describeReal('a token that expires in mid-scan', controlPlaneMissing(), () => {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-token-'))
  let cluster: Cluster
  let front: Server
  /** Runs before the second page of pods is asked for. */
  let beforeSecondPage = async () => {}
  beforeAll(async () => {
    cluster = await startCluster({ controllerManager: false })
    await cluster.api.create(node('node-1'))
    for (let i = 0; i < 6; i++) await cluster.api.create(pod(`web-${i}`, 'node-1'))
    await cluster.api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'auditor', namespace: 'default' } })
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'auditor' } }
    const rules = [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list'] }]
    await cluster.api.create({ ...rbac, kind: 'ClusterRole', rules } as KubeObject)
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'auditor' }
    const subjects = [{ kind: 'ServiceAccount', name: 'auditor', namespace: 'default' }]
    await cluster.api.create({ ...rbac, kind: 'ClusterRoleBinding', roleRef, subjects } as KubeObject)
    // Passes everything on to the real server; the scan itself would be too fast to get between.
    front = createServer(async (asked, answer) => {
      if (/^\/api\/v1\/pods\?.*continue=/.test(asked.url ?? '')) await beforeSecondPage()
      const onward = secure(
        new URL(asked.url ?? '/', cluster.url),
        { ca: cluster.ca, method: asked.method ?? 'GET', headers: { ...asked.headers, host: new URL(cluster.url).host } },
        (came) => {
          answer.writeHead(came.statusCode ?? 502, came.headers)
          came.pipe(answer)
        },
      )
      asked.pipe(onward)
    })
    await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  })
  afterAll(async () => {
    front?.closeAllConnections()
    front?.close()
    await cluster?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  /** Of the service account, as long as the Secret of this name is there. */
  async function tokenBoundTo(name: string): Promise<string> {
    const secret = (await cluster.api.create({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'default' } })) as {
      metadata: { uid?: string }
    }
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name, uid: secret.metadata.uid }
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { audiences: [], expirationSeconds: 600, boundObjectRef } }
    const answer = await cluster.api.send('POST', '/api/v1/namespaces/default/serviceaccounts/auditor/token', body)
    const { status } = answer.body as { status?: { token: string } }
    if (status === undefined) throw new Error(JSON.stringify(answer))
    return status.token
  }
  /** Until the server, which remembers a good token for ten seconds, says 401 to it. */
  async function invalidate(name: string, token: string): Promise<void> {
    await cluster.api.send('DELETE', `/api/v1/namespaces/default/secrets/${name}`)
    const own = apiOf({ url: cluster.url, ca: cluster.ca, token })
    await cluster.until('the token was refused', async () => ((await own.send('GET', '/api/v1/pods?limit=1')).status === 401 ? true : undefined))
  }
  function kubeconfig(name: string, user: object): string {
    const file = join(folder, name)
    const server = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'c', cluster: { server } }],
      users: [{ name: 'auditor', user }],
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'auditor' } }],
      'current-context': 'c',
    }
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 })
    return file
  }
  async function audit(file: string) {
    const { code, stdout, stderr } = await runCli(['audit', '--json', '--kubeconfig', file, '--chunk-size', '2'], { timeout: 60_000 })
    return { code, stderr, pods: (JSON.parse(stdout) as { coverage: Coverage[] }).coverage.filter(({ source }) => source === 'pods') }
  }

  test('makes the run incomplete, and the list says how far it got and why', async () => {
    const token = await tokenBoundTo('first')
    let done: Promise<void> | undefined
    beforeSecondPage = () => (done ??= invalidate('first', token))
    const { code, pods, stderr } = await audit(kubeconfig('static', { token }))
    expect(pods).toMatchObject([
      { status: 'partial', read: 2, error: expect.stringMatching(/does not accept the credentials of user "auditor".*after 2 objects/) },
    ])
    expect(code).toBe(3)
    expect(stderr).not.toContain(token)
  })

  test('is renewed by its plugin, and the list goes on where it was', async () => {
    const tokens = [await tokenBoundTo('second'), await tokenBoundTo('third')] as const
    const plugin = join(folder, 'plugin')
    const script = `#!/bin/sh
if [ -e "${folder}/asked" ]; then token=${tokens[1]}; else token=${tokens[0]}; : > "${folder}/asked"; fi
echo '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"'$token'"}}'
`
    writeFileSync(plugin, script)
    chmodSync(plugin, 0o700)
    let done: Promise<void> | undefined
    beforeSecondPage = () => (done ??= invalidate('second', tokens[0]))
    const exec = { apiVersion: 'client.authentication.k8s.io/v1', command: plugin, interactiveMode: 'Never' }
    const { code, pods, stderr } = await audit(kubeconfig('exec', { exec }))
    expect([code, stderr]).toEqual([0, ''])
    expect(pods).toEqual([{ source: 'pods', status: 'complete', read: 6, error: null }])
    await expect(done).resolves.toBeUndefined() // the token was taken away, and before the second page
  })
})
