// Rows 36, 37, 55, 72: what a kubeconfig and kubectl's flags may say of a cluster and a user, and how they are refused without a stack or a secret.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clusterRequest } from '../../../src/cli/live-source.ts'
import { StartError, UsageError } from '../../../src/model/errors.ts'
import { makeCredentials, serverOf } from '../../../src/sources/cluster/credentials.ts'
import { type AccessRequest, findAccess } from '../../../src/sources/cluster/kubeconfig.ts'
import { clusterSource } from '../../../src/sources/cluster.ts'
import { type FaultServer, startFaultServer } from './fault-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-credentials-'))
let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer()
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

let files = 0
const file = (content: string): string => {
  const path = join(folder, `file-${++files}`)
  writeFileSync(path, content)
  return path
}
const config = (cluster: object = {}, user: object = {}, more: object = {}) => ({
  clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
  users: [{ name: 'u', user }],
  contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'x',
  ...more,
})
const saved = (...args: Parameters<typeof config>): string => file(JSON.stringify(config(...args)))
const find = (kubeconfig: string | undefined, request: AccessRequest = {}, env: NodeJS.ProcessEnv = { HOME: folder }) =>
  findAccess({ kubeconfig, ...request }, env)
const credentials = (kubeconfig: string, request: AccessRequest = {}) => makeCredentials(find(kubeconfig, request), request, 5000)
const read = (kubeconfig: string) =>
  clusterSource({ kubeconfig, kinds: ['/Pod'], chunkSize: 500, requestTimeout: 5000, userAgent: 'ipam/test', now: Date.now, retryBase: 1 }).read(
    () => {},
  )

describe('row 36: kubeconfigs', () => {
  test('one that is empty or holds a comment alone does not stand in the way of another', () => {
    const [good, empty, comment] = [saved(), file(''), file('# nothing\n')]
    expect(find(undefined, {}, { KUBECONFIG: `${empty}:${comment}:${good}` }).name).toBe('x')
    expect(() => find(undefined, {}, { KUBECONFIG: `${empty}:${comment}` })).toThrow(/is empty/)
  })

  test.each([
    ['an alias that leads nowhere', 'clusters: *gone', /not valid YAML/],
    [
      'aliases that grow without end',
      `a: &a [${'x,'.repeat(99)}x]\n${[...'bcde'].map((b, i) => `${b}: &${b} [${`*${'abcd'[i]},`.repeat(20)}0]\n`).join('')}`,
      /not valid YAML/,
    ],
    ['no contexts', '{}', /holds no contexts/],
  ])('one with %s', (_, text, words) => {
    const attempt = expect(() => find(file(text)))
    attempt.toThrow(StartError)
    attempt.toThrow(words)
  })

  test('flags without a value count as not given, as with kubectl', () => {
    const access = find(saved(), { context: '', cluster: '', user: '', server: '', token: '', as: '' })
    expect([access.name, access.cluster['server']]).toEqual(['x', 'https://127.0.0.1:1'])
    expect(find('', {}, { KUBECONFIG: saved() }).name).toBe('x')
  })

  test('of many contexts those like the mistyped one are named first', () => {
    const names = [...Array.from({ length: 30 }, (_, n) => `other-${n}`), 'production-eu']
    const contexts = names.map((name) => ({ name, context: { cluster: 'c', user: 'u' } }))
    expect(() => find(saved({}, {}, { contexts }), { context: 'prodution-eu' })).toThrow(/contexts there: "production-eu"/)
  })
})

describe('servers', () => {
  test.each(['', '/', '//', '/k8s/clusters/c-1', '/k8s/clusters/c-1/', '//elsewhere.invalid'])(
    'the path %j never leads to another host',
    async (path) => {
      const before = server.asked.length
      const prefix = path.replace(/^\/+|\/+$/g, '')
      await read(server.kubeconfig({ server: `${server.url}${path}` })).catch(() => {})
      expect(server.asked.slice(before)[0]).toBe(prefix === '' ? '/api' : `/${prefix}/api`)
    },
  )

  test.each(['localhost:6443', 'ftp://host', 'https://me:canary@', 'https://a b'])('%s is no address, and no password is shown', (address) => {
    const attempt = expect(() => serverOf(find(saved({ server: address }))))
    attempt.toThrow(/^(?!.*canary).*no address like https:\/\//)
  })
})

describe('rows 37, 55: credentials that cannot be used are refused before the first request', () => {
  const base64 = (text: string) => Buffer.from(text).toString('base64')
  test.each<readonly [string, object, object, RegExp]>([
    [
      'a certificate that is none',
      {},
      { 'client-certificate-data': base64('x'), 'client-key-data': base64('y') },
      /certificate and the key of user "u"/,
    ],
    ['a certificate without a key', {}, { 'client-certificate-data': base64('x') }, /without a client-key/],
    ['an authority that is none', { 'certificate-authority-data': base64('x') }, {}, /holds no certificate/],
    ['a token with a line break', {}, { token: 'canary\nx' }, /cannot be sent/],
    ['an unknown auth provider', {}, { 'auth-provider': { name: 'canary-less' } }, /auth-provider "canary-less", which is not known/],
    ['an empty token file', {}, { tokenFile: '/dev/null' }, /token file "\/dev\/null" is empty/],
  ])('%s', async (_, cluster, user, words) => {
    const failure = await credentials(saved(cluster, user)).then(String, (cause: unknown) => cause)
    expect(failure).toBeInstanceOf(StartError)
    expect((failure as Error).message).toMatch(words)
    expect((failure as Error).message).not.toContain('canary\n')
  })

  test('a token that is there saves the run of the credential plugin', async () => {
    const { headers } = await credentials(saved({}, { token: 'T', exec: { command: 'false' } }))
    expect(headers['Authorization']).toBe('Bearer T')
  })

  test('a plugin is told the authority from a file, and its own settings for the cluster', async () => {
    const told = join(folder, 'told')
    const answer = JSON.stringify({ kind: 'ExecCredential', status: { token: 'T' } })
    const exec = { command: 'sh', args: ['-c', `printf %s "$KUBERNETES_EXEC_INFO" > ${told}; echo '${answer}'`], provideClusterInfo: true }
    const authority = file('-----BEGIN CERTIFICATE-----\n')
    const extensions = [{ name: 'client.authentication.k8s.io/exec', extension: { audience: 'a' } }]
    await credentials(saved({ 'certificate-authority': authority, extensions }, { exec })).catch(() => {})
    const { readFileSync } = await import('node:fs')
    expect(JSON.parse(readFileSync(told, 'utf8')).spec.cluster).toMatchObject({
      'certificate-authority-data': base64('-----BEGIN CERTIFICATE-----\n'),
      config: { audience: 'a' },
    })
  })
})

describe('impersonation', () => {
  test('of the kubeconfig: groups, uid and extra fields, in names that a header can have', async () => {
    const user = { as: 'bob', 'as-groups': ['g', 'h'], 'as-uid': '7', 'as-user-extra': { 'acme.com/project': ['p', 'q'] } }
    expect((await credentials(saved({}, user))).headers).toMatchObject({
      'Impersonate-User': 'bob',
      'Impersonate-Group': ['g', 'h'],
      'Impersonate-Uid': '7',
      'Impersonate-Extra-acme.com%2Fproject': ['p', 'q'],
    })
  })
  test('of flags, which win; names beyond ASCII go as UTF-8; line breaks do not go at all', async () => {
    const { headers } = await credentials(saved({}, { as: 'bob' }), { as: 'zoë', asExtra: new Map([['k', ['v']]]) })
    expect(headers).toMatchObject({ 'Impersonate-User': Buffer.from('zoë').toString('latin1'), 'Impersonate-Extra-k': ['v'] })
    await expect(credentials(saved(), { as: 'a\r\nb' })).rejects.toThrow(StartError)
    await expect(credentials(saved(), { asExtra: new Map([['k', ['v']]]) })).rejects.toThrow(/need --as/)
  })
})

describe('flags', () => {
  const flags = { quiet: true, 'all-namespaces': false, 'insecure-skip-tls-verify': false }
  test('replace single fields of the kubeconfig', () => {
    const user = { exec: { command: 'false' }, 'client-key-data': 'x' }
    const { cluster, user: found } = find(saved({ 'certificate-authority-data': 'x' }, user), {
      server: 'https://other',
      token: 'T',
      certificateAuthority: '/ca',
      clientKey: '/key',
      tlsServerName: 'name',
      insecureSkipTlsVerify: true,
    })
    expect(cluster).toEqual({ server: 'https://other', 'certificate-authority': '/ca', 'tls-server-name': 'name', 'insecure-skip-tls-verify': true })
    expect(found).toEqual({ token: 'T', 'client-key': '/key' })
  })
  test('--server needs no kubeconfig; a context does', () => {
    expect(find(undefined, { server: 'https://h:1' })).toMatchObject({ name: 'h:1', cluster: { server: 'https://h:1' } })
    expect(() => find(undefined, { server: 'https://h:1', context: 'x' })).toThrow(/there is no kubeconfig/)
  })
  test.each([
    ['30', 30_000],
    ['', 60_000],
    ['1m30s', 90_000],
    ['9999h', 2_147_483_647],
    ['0', 2_147_483_647],
  ])('--request-timeout %j is %i ms', (given, expected) =>
    expect(clusterRequest({ ...flags, 'request-timeout': given }, '1').requestTimeout).toBe(expected),
  )
  test.each(['..', 'a/b', 'Shop', 'x'.repeat(64)])('--namespace %s is refused', (namespace) =>
    expect(() => clusterRequest({ ...flags, namespace }, '1')).toThrow(UsageError),
  )
  test.each(['app in (a', '=x', 'a b', ','])('--selector %j is refused', (selector) =>
    expect(() => clusterRequest({ ...flags, selector }, '1')).toThrow(UsageError),
  )
  test.each(['app=web', 'a==b,c!=d,e', 'app in (a, b),!x', 'example.com/a notin (b)', 'a>1', 'a='])('--selector %j is taken', (selector) =>
    expect(clusterRequest({ ...flags, selector }, '1').labelSelector).toBe(selector),
  )
})
