// Runs a credential plugin (aws, gke-gcloud-auth-plugin, kubelogin) as client-go does, but with a time limit and without ever showing what it prints.
// client-node's own runner has no limit, leaves the child running, and repeats the plugin's standard error, which may hold tokens.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { StartError } from '../../model/errors.ts'
import { failureText } from '../failure-text.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import { inFolder } from './kubeconfig.ts'

export interface ExecCredential {
  readonly token: string | undefined
  /** PEM. */
  readonly certificate: string | undefined
  readonly key: string | undefined
  readonly expires: number | undefined
}

export interface ExecContext {
  /** `users[].user.exec` of the kubeconfig. */
  readonly config: JsonObject
  /** Folder of the kubeconfig: a relative command with a slash starts there. */
  readonly folder: string
  /** The cluster's entry, for plugins that ask for it. */
  readonly cluster: JsonObject
  /** Where relative paths of that entry start. */
  readonly clusterFolder: string
  /** Milliseconds. */
  readonly timeout: number
}

const LARGEST_OUTPUT = 1 << 20
const API_VERSIONS = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1', 'client.authentication.k8s.io/v1alpha1']

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** @throws StartError that names the plugin and never repeats its output */
export async function runExecPlugin({ config, folder, cluster, clusterFolder, timeout }: ExecContext): Promise<ExecCredential> {
  const command = text(config['command'])
  if (command === undefined) throw new StartError('the kubeconfig has a credential plugin without a "command"')
  const name = `credential plugin ${JSON.stringify(basename(command))}`
  if (config['interactiveMode'] === 'Always')
    throw new StartError(`${name} wants to ask questions, and nobody can answer here; log in with kubectl first`)
  const apiVersion = text(config['apiVersion']) ?? (API_VERSIONS[0] as string)
  const info = {
    kind: 'ExecCredential',
    apiVersion,
    spec: { interactive: false, ...(config['provideClusterInfo'] === true ? { cluster: clusterInfo(cluster, clusterFolder) } : {}) },
  }
  const env: NodeJS.ProcessEnv = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) }
  for (const entry of list(config['env'])) {
    const key = isJsonObject(entry) ? text(entry['name']) : undefined
    if (isJsonObject(entry) && key !== undefined) env[key] = String(entry['value'] ?? '')
  }
  const file = command.includes('/') ? inFolder(folder, command) : command
  const hint = text(config['installHint'])
  const output = await run({ file, args: list(config['args']).map(String), env, timeout, name, hint })
  return credentialOf(output, name)
}

interface Run {
  readonly file: string
  readonly args: readonly string[]
  readonly env: NodeJS.ProcessEnv
  readonly timeout: number
  readonly name: string
  readonly hint: string | undefined
}

function run({ file, args, env, timeout, name, hint }: Run): Promise<string> {
  return new Promise((resolve, reject) => {
    // In a process group of its own, so that what the plugin has started ends with it. Its input is closed: it must not ask.
    const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'ignore'], detached: process.platform !== 'win32' })
    const kill = () => {
      try {
        if (child.pid !== undefined) process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
      } catch {
        // it has ended by itself
      }
    }
    const chunks: Buffer[] = []
    let size = 0
    const settle = (error: StartError | undefined) => {
      clearTimeout(timer)
      process.off('exit', kill)
      child.stdout.destroy()
      if (error === undefined) resolve(Buffer.concat(chunks).toString('utf8'))
      else {
        kill()
        reject(error)
      }
    }
    const timer = setTimeout(
      () => settle(new StartError(`${name} gave no answer within ${timeout / 1000} s (--request-timeout) and was ended`)),
      timeout,
    )
    process.on('exit', kill)
    child.stdout.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size > LARGEST_OUTPUT) settle(new StartError(`${name} printed more than ${LARGEST_OUTPUT >> 20} MiB, which is no credential`))
    })
    child.on('error', (cause: NodeJS.ErrnoException) =>
      settle(
        new StartError(
          `${name} cannot be started (${cause.code ?? 'unknown error'}): is it installed and in PATH?${hint === undefined ? '' : ` ${hint}`}`,
        ),
      ),
    )
    child.on('close', (code, signal) =>
      settle(
        code === 0
          ? undefined
          : new StartError(`${name} ended with ${code ?? signal}; what it printed is not shown, as it may hold secrets: run it by hand`),
      ),
    )
  })
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/#client-authentication-k8s-io-v1-Cluster @throws StartError */
function clusterInfo(cluster: JsonObject, folder: string): JsonObject {
  const keys = ['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority-data', 'proxy-url']
  const info = Object.fromEntries(keys.filter((key) => cluster[key] !== undefined).map((key) => [key, cluster[key]]))
  const file = text(cluster['certificate-authority'])
  const authority =
    info['certificate-authority-data'] !== undefined || file === undefined
      ? {}
      : { 'certificate-authority-data': readAuthority(inFolder(folder, file)) }
  const extension = list(cluster['extensions']).find((one) => isJsonObject(one) && one['name'] === 'client.authentication.k8s.io/exec')
  const config = isJsonObject(extension) && extension['extension'] !== undefined ? { config: extension['extension'] } : {}
  return { ...info, ...authority, ...config }
}

function readAuthority(file: string): string {
  try {
    return readFileSync(file).toString('base64')
  } catch (cause) {
    throw new StartError(`the certificate-authority ${JSON.stringify(file)} cannot be read: ${failureText(cause)}`)
  }
}

function credentialOf(output: string, name: string): ExecCredential {
  let parsed: unknown
  try {
    parsed = JSON.parse(output)
  } catch {
    throw new StartError(`${name} printed something that is not JSON; what it printed is not shown, as it may hold secrets: run it by hand`)
  }
  const status = isJsonObject(parsed) && parsed['kind'] === 'ExecCredential' ? parsed['status'] : undefined
  if (!isJsonObject(status))
    throw new StartError(`${name} printed no ExecCredential with a status: is it a credential plugin, and is its login still valid?`)
  const [token, certificate, key] = [text(status['token']), text(status['clientCertificateData']), text(status['clientKeyData'])]
  if (token === undefined && (certificate === undefined || key === undefined))
    throw new StartError(`${name} gave neither a token nor a certificate with its key`)
  const expires = Date.parse(text(status['expirationTimestamp']) ?? '')
  return { token, certificate, key, expires: Number.isNaN(expires) ? undefined : expires }
}
