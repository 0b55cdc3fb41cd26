// The program itself against clusters that cannot be reached, authenticated or trusted: one line, the right exit code, no secret, and never localhost:8080.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { StartError } from '../../../src/model/errors.ts'
import { type ClusterRequest, clusterSource } from '../../../src/sources/cluster.ts'
import { describeReal } from '../../needs.ts'
import { type CliOptions, runCli } from '../../run-cli.ts'
import { type Fault, type FaultServer, json, podOf, raw, redirect, startFaultServer, status } from './fault-server.ts'

const folder = mkdtempSync(join(tmpdir(), 'ipam-start-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const running: FaultServer[] = []
afterEach(() => Promise.all(running.splice(0).map((server) => server.stop())))

async function serve(fault?: Fault, tls?: { readonly key: string; readonly cert: string }): Promise<FaultServer> {
  const server = await startFaultServer(fault, tls)
  running.push(server)
  return server
}

const home = join(folder, 'home')
mkdirSync(home)
const bare: CliOptions['env'] = {
  HOME: home,
  KUBECONFIG: undefined,
  KUBERNETES_SERVICE_HOST: undefined,
  HTTPS_PROXY: undefined,
  HTTP_PROXY: undefined,
}
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}
const config = (server: string, user: object = {}, more: object = {}) =>
  JSON.stringify({
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
    ...more,
  })
const audit = (args: readonly string[], env: CliOptions['env'] = {}) => runCli(['audit', ...args], { env: { ...bare, ...env } })
const isOneLine = /^[^\n]+$/

/** The source cannot start: one line, which holds no token. */
async function refused(kubeconfig: string, message: RegExp, more: Partial<ClusterRequest> = {}) {
  const request = { kubeconfig, kinds: ['/Pod'], chunkSize: 500, requestTimeout: 5000, userAgent: 'ipam/test', now: Date.now, retryBase: 1, ...more }
  const failure = await clusterSource(request)
    .read(() => {})
    .then(String, (error: unknown) => error)
  expect(failure).toBeInstanceOf(StartError)
  const words = (failure as Error).message
  expect(words).toMatch(message)
  expect(words).toMatch(isOneLine)
  // DEBUG shows the error whole.
  expect(inspect(failure)).not.toContain('canary')
}

/** The same of the program: nothing on standard output, one line on standard error, exit 4. */
async function refusedByProgram(args: readonly string[], message: RegExp, env: CliOptions['env'] = {}) {
  const { code, stdout, stderr } = await audit(args, env)
  expect([code, stdout]).toEqual([4, ''])
  expect(stderr).toMatch(/^Error: [^\n]+\n$/)
  expect(stderr).toMatch(message)
}

describe('row 36: a kubeconfig', () => {
  test('that is not there', () => refusedByProgram([], /no kubeconfig: .*\.kube\/config" does not exist/))
  test('that KUBECONFIG names and that is not there', () =>
    refusedByProgram([], /KUBECONFIG names "\/nope\/config", which does not exist/, { KUBECONFIG: '/nope/config' }))
  test('that --kubeconfig names and that is not there', () => refused('/nope', /kubeconfig "\/nope" cannot be read: ENOENT/))
  test('that is empty', () => refusedByProgram(['--kubeconfig', file('empty', '\n')], /is empty/))
  test('without a current context', () =>
    refused(file('none', config('https://x', {}, { 'current-context': undefined })), /names no current-context; give --context, one of: "x"/))
  test('whose current context is not in it', () =>
    refused(file('dangling', config('https://x', {}, { 'current-context': 'gone' })), /current-context "gone" is not in .*contexts there: "x"/))
  test('without the context of --context', () => refused(file('other', config('https://x')), /--context "y" is not in/, { context: 'y' }))
  test('whose context names a cluster that is not in it', () =>
    refused(file('dangling-cluster', config('https://x', {}, { clusters: [] })), /context "x" names cluster "c", which is not in/))
  test('that is no YAML: its lines are not shown', () =>
    refused(file('broken', 'users:\n- user: {token: canary-token\n  x: ]'), /is not valid YAML \(line \d+/))
  test('that is only a text', () => refused(file('text', 'canary'), /holds no configuration/))
  test('with a server across the network and without TLS', () =>
    refused(file('plain', config('http://192.0.2.1:8080', { token: 'canary' })), /without TLS/))
  test('with a server that is no address', () => refused(file('nourl', config('nowhere')), /"nowhere", which is no address/))
  test('with a client certificate that is not there', () =>
    refused(
      file('cert', config('https://127.0.0.1:1', { 'client-certificate': 'gone.pem' })),
      /credentials of user "u" cannot be used \(ENOENT\).*gone\.pem/,
    ))
  test('groups without a user to take them on for are refused', () =>
    refused(file('group', config('https://127.0.0.1:1')), /need --as/, { asGroups: ['g'] }))

  test('a mistyped flag is a usage error, and so is a cluster flag beside saved input', async () => {
    expect((await audit(['--contxt', 'x'])).code).toBe(2)
    const both = await audit(['--context', 'x', '--host-local', folder])
    expect([both.code, both.stderr]).toEqual([2, expect.stringContaining('--context is about a live cluster')])
    expect((await audit(['--chunk-size', '0'])).code).toBe(2)
    expect((await audit(['-n', 'a', '-A'])).code).toBe(2)
  })

  test('is not looked for when state directories are given', async () => {
    const networks = join(folder, 'networks')
    mkdirSync(join(networks, 'cbr0'), { recursive: true })
    const { code, stderr } = await audit(['--host-local', networks])
    expect([code, stderr.includes('kubeconfig')]).toEqual([0, false]) // a readable, empty directory is a read of no allocation files
  })
})

test('nothing ever dials localhost:8080', async () => {
  const connections: unknown[] = []
  const trap = createServer((socket) => connections.push(socket.destroy()))
  const free = await new Promise<boolean>((resolve) => trap.once('error', () => resolve(false)).listen(8080, '127.0.0.1', () => resolve(true)))
  if (!free) console.warn('skipped in part: somebody listens on port 8080 here')
  await refusedByProgram([], /no kubeconfig/)
  await refusedByProgram(['--kubeconfig', file('empty-2', '{}')], /holds no contexts/)
  expect(connections).toEqual([])
  if (free) await new Promise((resolve) => trap.close(resolve))
})

describe('row 37: a server', () => {
  test('where nothing listens', () =>
    refusedByProgram(
      ['--kubeconfig', file('dead', config('https://127.0.0.1:1'))],
      /cluster "x" \(127\.0\.0\.1:1\) cannot be read: connection refused/,
    ))
  test('whose name is not known', () =>
    refused(file('dns', config('https://no-such-host.invalid')), /\(no-such-host\.invalid\) cannot be read: the host name/))
})

describe('rows 55, 56: credential plugins', () => {
  const plugin = (server: FaultServer, command: string, args: readonly string[] = [], more: object = {}) =>
    server.kubeconfig({}, { token: undefined, exec: { apiVersion: 'client.authentication.k8s.io/v1', command, args, ...more } })
  const shell = (server: FaultServer, line: string) => plugin(server, 'sh', ['-c', line])
  const credential = (rest: object) => JSON.stringify({ kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', status: rest })

  test.each<readonly [string, string, RegExp]>([
    ['exits 1 with a token on standard error', 'echo canary-token >&2; exit 1', /credential plugin "sh" ended with 1/],
    ['prints garbage', 'echo canary-garbage', /printed something that is not JSON/],
    ['prints {}', 'echo {}', /printed no ExecCredential with a status/],
    ['prints a status without a token', `echo '${credential({})}'`, /neither a token nor a certificate/],
    ['asks on standard input', 'read answer || exit 3', /ended with 3/],
  ])('one that %s', async (_, line, message) => refused(shell(await serve(), line), message))

  test('its words are not shown by the program either, with DEBUG neither', async () => {
    const { code, stdout, stderr } = await audit(['--kubeconfig', shell(await serve(), 'echo canary-token >&2; echo canary-token; exit 1')], {
      DEBUG: '*',
    })
    expect([code, stdout, stderr]).toEqual([4, '', expect.stringContaining('Error: credential plugin "sh" ended with 1')])
    expect(stderr).not.toContain('canary')
  })

  test('one that is not installed, with its hint', async () =>
    refused(
      plugin(await serve(), 'no-such-plugin', [], { installHint: 'Install it from example.com.' }),
      /"no-such-plugin" cannot be started \(ENOENT\).*Install it from example\.com/,
    ))

  test('one that hangs is ended with everything that it started', async () => {
    const server = await serve()
    const pid = join(folder, 'pid')
    await refused(shell(server, `sleep 600 & echo $! > ${pid}; wait`), /no answer within 0\.5 s.*was ended/, { requestTimeout: 500 })
    const child = readFileSync(pid, 'utf8').trim()
    expect(
      spawnSync('sh', [
        '-c',
        `for i in 1 2 3 4 5 6 7 8 9 10; do test -d /proc/${child} && ! grep -q 'State:.Z' /proc/${child}/status || exit 0; sleep 0.1; done; exit 1`,
      ]).status,
    ).toBe(0)
  })

  test('one that gives an expired credential first is asked again; its cluster and environment are as told', async () => {
    const server = await serve(
      ({ request }, response) => request.headers.authorization !== 'Bearer fresh' && json(response, status(401, 'Unauthorized'), 401),
    )
    const count = join(folder, 'count')
    const [old, fresh] = [credential({ token: 'old', expirationTimestamp: '2001-01-01T00:00:00Z' }), credential({ token: 'fresh' })]
    const line = `echo "$KUBERNETES_EXEC_INFO $CANARY" >> ${count}; if [ $(wc -l < ${count}) = 1 ]; then echo '${old}'; else echo '${fresh}'; fi`
    const { code, stderr } = await audit([
      '--kubeconfig',
      plugin(server, 'sh', ['-c', line], { provideClusterInfo: true, env: [{ name: 'CANARY', value: 'seen' }] }),
    ])
    expect([code, stderr]).toEqual([0, ''])
    const [first = '', second, ...more] = readFileSync(count, 'utf8').trim().split('\n')
    expect([second === undefined, more]).toEqual([false, []])
    expect(JSON.parse(first.replace(/ seen$/, ''))).toMatchObject({
      kind: 'ExecCredential',
      spec: { interactive: false, cluster: { server: server.url } },
    })
  })
})

describe('rows 39, 40, 44, 53, 57: exit codes', () => {
  const pods =
    (fault: Fault): Fault =>
    (asked, response) =>
      asked.path === '/api/v1/pods' && fault(asked, response)

  test.each<readonly [string, number, Fault, string]>([
    ['a healthy server', 0, () => false, 'no problems found'],
    ['403 on pods', 3, pods((_, response) => json(response, status(403, 'Forbidden'), 403)), '`get,list pods` is missing'],
    ['HTML for pods', 3, pods((_, response) => raw(response, '<html>canary</html>', 'text/html')), 'an HTML page came instead of data'],
    [
      'a redirect for pods',
      3,
      pods((_, response) => redirect(response, 'https://elsewhere.example.com/canary')),
      'redirect (302) to elsewhere.example.com',
    ],
    [
      'a pod whose address is a number',
      3,
      pods((_, response) =>
        json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [{ ...podOf(0), status: { phase: 'Running', podIP: 12345 } }] }),
      ),
      '12345',
    ],
    [
      'a custom kind that is not installed',
      0,
      ({ path }, response) => path.includes('cluster.x-k8s.io') && json(response, status(404, 'NotFound'), 404),
      'no problems found',
    ],
    [
      '403 on a custom kind',
      3,
      ({ path }, response) => path.includes('cluster.x-k8s.io') && json(response, status(403, 'Forbidden'), 403),
      '`get,list clusters.cluster.x-k8s.io`',
    ],
  ])('%s: %i', async (_, expected, fault, words) => {
    const server = await serve(fault)
    const { code, stdout, stderr } = await audit(['--kubeconfig', server.kubeconfig()], { DEBUG: '*' })
    expect(code, stderr).toBe(expected)
    expect(stdout).toContain(words)
    expect(stdout.includes('no problems found')).toBe(expected === 0)
    expect(stdout + stderr).not.toContain('canary')
  })

  test('the same with --json: one document', async () => {
    const server = await serve(pods((_, response) => raw(response, '{}')))
    const { code, stdout } = await audit(['--kubeconfig', server.kubeconfig(), '--json'])
    expect([code, JSON.parse(stdout)]).toMatchObject([3, { complete: false }])
    const unable = await audit(['--kubeconfig', '/nope', '--json'])
    expect([unable.code, JSON.parse(unable.stdout)]).toMatchObject([4, { kind: 'Error', error: { code: 4 } }])
  })

  test('one namespace, or some labels, is a part of the cluster and says so', async () => {
    const server = await serve(
      ({ path }, response) =>
        path === '/api/v1/namespaces/shop/pods' && json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [podOf(0)] }),
    )
    const { code, stdout } = await audit(['--kubeconfig', server.kubeconfig(), '-n', 'shop', '-l', 'app=web'])
    expect([code, stdout]).toEqual([3, expect.stringContaining('only namespace "shop" was asked for; only labels "app=web" were asked for')])
    expect(server.asked).toContain('/api/v1/namespaces/shop/pods?limit=500&labelSelector=app%3Dweb')
  })

  test('a proxy of the environment is used, and NO_PROXY leaves a host out', async () => {
    // A proxy that is not there: whoever uses it fails with its name unreached.
    const through = { HTTPS_PROXY: 'http://127.0.0.1:1' }
    const kubeconfig = file('far', config('https://api.invalid'))
    await refusedByProgram(['--kubeconfig', kubeconfig], /connection refused/, through)
    await refusedByProgram(['--kubeconfig', kubeconfig], /the host name/, { ...through, NO_PROXY: '.invalid' })
  })
})

describe('rows 49, 51: suspects', () => {
  const twins = [podOf(0), { ...podOf(1), status: podOf(0).status }]
  const withTwins =
    (twin: object | undefined): Fault =>
    (asked, response) => {
      if (asked.path === '/api/v1/pods') return json(response, { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: twins })
      if (asked.path === '/api/v1/namespaces/default/pods/pod-0') return json(response, { kind: 'Pod', apiVersion: 'v1', ...podOf(0) })
      return (
        asked.path === '/api/v1/namespaces/default/pods/pod-1' && twin !== undefined && json(response, { kind: 'Pod', apiVersion: 'v1', ...twin })
      )
    }
  const twin = twins[1] as (typeof twins)[0]

  test.each<readonly [string, object | undefined, number]>([
    ['still there', twin, 1],
    ['gone', undefined, 0],
    ['replaced by one of the same name and address', { ...twin, metadata: { ...twin.metadata, uid: 'another' } }, 1],
    ['replaced by one of the same name', { metadata: { ...twin.metadata, uid: 'another' }, status: { phase: 'Pending' } }, 0],
    ['finished', { ...twin, status: { ...twin.status, phase: 'Succeeded' } }, 0],
    ['at another address', { ...twin, status: { phase: 'Running', podIP: '10.64.2.99' } }, 0],
  ])('a duplicate whose second pod is %s at the second look', async (_, now, expected) => {
    const server = await serve(withTwins(now))
    const { code, stdout, stderr } = await audit(['--kubeconfig', server.kubeconfig(), '--rule', 'DUP-101'])
    expect([code, stdout.includes('DUP-101')]).toEqual([expected, expected === 1])
    expect(stderr).toBe(expected === 1 ? '' : '1 suspicion was dropped: gone at a second look (--no-confirm keeps them)\n')
  })

  test('are not looked at again with --no-confirm', async () => {
    const server = await serve(withTwins(undefined))
    expect((await audit(['--kubeconfig', server.kubeconfig(), '--rule', 'DUP-101', '--no-confirm'])).code).toBe(1)
    expect(server.asked.filter((url) => url.includes('/pods/'))).toEqual([])
  })
})

describe('row 58: a collection that is interrupted', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s leaves nothing behind', async (signal, expected) => {
    const out = join(folder, `interrupted-${signal}`)
    let pid = 0
    const server = await serve(({ path, query }, response) => {
      if (path !== '/api/v1/pods') return false
      if (query.get('continue') === null)
        return json(response, { kind: 'PodList', apiVersion: 'v1', metadata: { continue: 'more' }, items: [podOf(0)] })
      process.kill(pid, signal) // while the second page is awaited
      return true
    })
    const line = `echo $$; exec "$0" "$@"`
    const { spawn } = await import('node:child_process')
    const { inject } = await import('vitest')
    const child = spawn('sh', ['-c', line, process.execPath, inject('program'), 'collect', '--kubeconfig', server.kubeconfig(), '--out', out], {
      env: { ...process.env, ...bare },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    pid = child.pid ?? 0
    const code = await new Promise((resolve) => child.on('close', resolve))
    expect(code).toBe(expected)
    expect(readdirSync(folder).filter((name) => name.includes('interrupted'))).toEqual([])
  })
})

const openssl = spawnSync('openssl', ['version']).status === 0 ? undefined : 'there is no openssl to make certificates with'
describeReal('row 37: certificates', openssl, () => {
  function certificate(name: string, ...more: string[]): { readonly key: string; readonly cert: string } {
    const paths = { key: join(folder, `${name}.key`), cert: join(folder, `${name}.crt`) }
    const request = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      paths.key,
      '-out',
      paths.cert,
      '-subj',
      '/CN=test',
    ]
    execFileSync('openssl', [...request, ...more], { stdio: 'ignore' })
    return { key: readFileSync(paths.key, 'utf8'), cert: readFileSync(paths.cert, 'utf8') }
  }
  /** Ended yesterday; `req` makes none such. */
  function expired(): { readonly key: string; readonly cert: string } {
    const [key, csr, cert] = ['key', 'csr', 'crt'].map((end) => join(folder, `expired.${end}`)) as [string, string, string]
    if (!existsSync(cert)) {
      const request = [
        'req',
        '-new',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-keyout',
        key,
        '-out',
        csr,
        '-subj',
        '/CN=test',
      ]
      execFileSync('openssl', request, { stdio: 'ignore' })
      execFileSync('openssl', ['x509', '-req', '-in', csr, '-signkey', key, '-days', '-1', '-out', cert], { stdio: 'ignore' })
    }
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  }
  const authority = ({ cert }: { readonly cert: string }) => ({ 'certificate-authority-data': Buffer.from(cert).toString('base64') })

  test('of the authority in the kubeconfig, of none, of another, with the wrong name, expired, and not checked', async () => {
    const good = certificate('good', '-addext', 'subjectAltName=IP:127.0.0.1')
    const other = certificate('other', '-addext', 'subjectAltName=IP:127.0.0.1')
    const misnamed = certificate('misnamed', '-addext', 'subjectAltName=DNS:api.example.com')
    const server = await serve(undefined, good)
    const named = await serve(undefined, misnamed)
    expect((await audit(['--kubeconfig', server.kubeconfig(authority(good))])).code).toBe(0)
    await refused(server.kubeconfig(), /TLS: the certificate is signed by nobody known/)
    await refused(server.kubeconfig(authority(other)), /TLS: /)
    await refused(named.kubeconfig(authority(misnamed)), /TLS: the certificate is for another host name/)
    expect((await audit(['--kubeconfig', named.kubeconfig({ ...authority(misnamed), 'tls-server-name': 'api.example.com' })])).code).toBe(0)
    const unchecked = await audit(['--kubeconfig', server.kubeconfig({ 'insecure-skip-tls-verify': true })])
    expect([unchecked.code, unchecked.stderr]).toEqual([0, expect.stringMatching(/^warning: .*certificate was not checked[^\n]*\n$/)])
    const past = await serve(undefined, expired())
    await refused(past.kubeconfig(authority(expired())), /TLS: the certificate has expired/)
    const wrong = await serve()
    await refused(file('tls-to-plain', config(wrong.url.replace('http:', 'https:'))), /TLS: the server does not speak/)
  })
})
