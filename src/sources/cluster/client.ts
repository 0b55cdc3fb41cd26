// Asks one API server for JSON: retries what is worth it, renews credentials once, keeps to the server's clock, and takes nothing else for an answer.
import { setTimeout as sleep } from 'node:timers/promises'
import pRetry from 'p-retry'
import type { Time } from '../../model/inventory.ts'
import { markIntegers } from '../exact-integers.ts'
import { failureText } from '../failure-text.ts'
import { decodeUtf8 } from '../json-text.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import { type Credentials, makeCredentials, serverOf } from './credentials.ts'
import { type Answer, type GetOptions, getOnce } from './get-once.ts'
import type { Access, AccessRequest } from './kubeconfig.ts'
import { RequestFailure, retryAfterOf } from './request-failure.ts'

export interface ClientOptions {
  readonly access: Access
  readonly request: AccessRequest
  /** Milliseconds for one answer, and for all waits together that a server may ask for before it. */
  readonly timeout: number
  /** `ipam/1.0.0`. */
  readonly userAgent: string
  /** Milliseconds before the second try; doubled for each further one. */
  readonly retryBase?: number
  /** Connections at once; 4. */
  readonly sockets?: number
  /** Answers keep integers beyond 2^53 as marked texts (exact-integers.ts). */
  readonly exact?: boolean
}

export interface Client {
  /** Host and port of the server: all that is shown of its address. */
  readonly host: string
  /**
   * @param read makes a value of the body, in place of JSON.parse; it throws SyntaxError or SourceError for what it cannot read
   * @throws RequestFailure; StartError where there are no credentials to be had
   */
  getJson(path: string, accept?: string, read?: (body: Buffer) => unknown): Promise<unknown>
  /** Asks once with a method of its own, and gives the answer's JSON; `{}` where it is none. @throws as getJson */
  send(method: 'POST' | 'DELETE', path: string, payload?: object): Promise<unknown>
  /** Reads an answer piece by piece, once, until `take` returns false. @throws as getJson */
  follow(path: string, take: (piece: Buffer) => boolean, timeout: number): Promise<void>
  /** The server's clock when it last answered. */
  serverTime(): Time | undefined
  close(): void
}

/** In addition to the first. */
const RETRIES = 4
const LONGEST_WAIT = 60_000
/** Requests in a row, each with its own tries, which is two rounds of lists: a server that is down answers none, and each would wait as long once more. */
const MOST_UNHEARD = 8

/** No answer came, or none but that there will be none: a list that is refused or broken by itself is no sign that others will be. */
const isUnheard = ({ facts }: RequestFailure): boolean =>
  facts.status === 429 || facts.silent === true || (facts.retry === true && facts.status === undefined)

/** Nothing is sent before the first request. @throws StartError for a server address or credentials that cannot be used */
export async function openClient({ access, request, timeout, userAgent, retryBase = 250, sockets, exact = false }: ClientOptions): Promise<Client> {
  const server = serverOf(access)
  const base = server.pathname.replace(/^\/+|\/+$/g, '')
  const root = `${server.protocol}//${server.username === '' ? '' : `${server.username}:${server.password}@`}${server.host}`
  /** Never by resolving one against the other: a path that begins with two slashes would name another host. */
  const urlOf = (path: string): URL => new URL(`${root}${base === '' ? '' : `/${base}`}${path}`)
  let time: Time | undefined
  let round = 0
  let unheard = 0
  let credentials: Promise<Credentials> = makeCredentials(access, request, timeout, sockets)
  await credentials

  /** Many requests may meet an expired token at once; it is renewed once for all of them. */
  async function renew(seen: number): Promise<void> {
    if (seen !== round) return
    round++
    const old = credentials
    credentials = makeCredentials(access, request, timeout, sockets)
    await credentials
    void old.then(({ agent }) => setTimeout(() => agent.destroy(), timeout).unref()) // other requests may still be under way on it
  }

  async function ask(url: URL, accept: string, options: Partial<GetOptions> = {}): Promise<Answer> {
    for (let renewed = false; ; renewed = true) {
      const seen = round
      const { headers, agent } = await credentials
      const answer = await getOnce(url, { agent, headers: { ...headers, accept, 'user-agent': userAgent }, timeout, ...options })
      time = dateOf(answer) ?? time
      if (answer.status !== 401 || renewed) return answer
      await renew(seen)
    }
  }

  async function attempt(url: URL, accept: string, read: (body: Buffer) => unknown): Promise<unknown> {
    const answer = await ask(url, accept)
    if (answer.status === 200) return parse(answer, read)
    throw statusFailure(answer, access.userName, Date.now())
  }

  function insist(path: string, accept: string, read: (body: Buffer) => unknown): Promise<unknown> {
    const url = urlOf(path)
    let patience = Math.min(timeout, LONGEST_WAIT)
    let exhausted = false
    return pRetry(() => attempt(url, accept, read), {
      retries: RETRIES,
      minTimeout: retryBase,
      factor: 2,
      randomize: true,
      shouldRetry: ({ error }) => error instanceof RequestFailure && error.facts.retry === true && !exhausted,
      async onFailedAttempt({ error, retriesLeft }) {
        const asked = error instanceof RequestFailure && error.facts.retry ? error.facts.retryAfter : undefined
        exhausted = asked !== undefined && patience <= 0
        if (asked === undefined || retriesLeft === 0 || exhausted) return
        const wait = Math.min(asked, patience)
        await sleep(wait)
        patience -= Math.max(wait, 1)
      },
    })
  }

  const must = (answer: Answer): Answer => {
    if (answer.status >= 200 && answer.status < 300) return answer
    throw statusFailure(answer, access.userName, Date.now())
  }

  return {
    host: server.host,
    async send(method, path, payload) {
      const { body } = must(await ask(urlOf(path), 'application/json', { method, ...(payload === undefined ? {} : { payload }) }))
      return safely(body) ?? {}
    },
    async follow(path, take, longest) {
      must(await ask(urlOf(path), '*/*', { onPiece: take, timeout: longest }))
    },
    serverTime: () => time,
    close: () => void credentials.then(({ agent }) => agent.destroy()).catch(() => {}),
    async getJson(path, accept = 'application/json', read = exact ? parseExactly : parseJson) {
      if (unheard >= MOST_UNHEARD) throw new RequestFailure(`it was not asked for: the last ${MOST_UNHEARD} requests had no answer`)
      try {
        const answer = await insist(path, accept, read)
        unheard = 0
        return answer
      } catch (cause) {
        unheard = cause instanceof RequestFailure && isUnheard(cause) ? unheard + 1 : 0
        throw cause
      }
    },
  }
}

function dateOf({ headers }: Answer): Time | undefined {
  const time = Date.parse(headers.date ?? '')
  return Number.isNaN(time) ? undefined : time
}

const parseJson = (body: Buffer): unknown => JSON.parse(decodeUtf8(body))
const parseExactly = (body: Buffer): unknown => JSON.parse(markIntegers(decodeUtf8(body)))

function parse({ headers, body }: Answer, read: (body: Buffer) => unknown): unknown {
  if (/^text\/html\b/i.test(headers['content-type'] ?? '') || body.subarray(0, 64).toString('latin1').trimStart().startsWith('<'))
    throw new RequestFailure('an HTML page came instead of data: a proxy or a login page answers in place of the API server')
  try {
    return read(body)
  } catch (cause) {
    const why = cause instanceof SyntaxError ? 'is not valid JSON' : failureText(cause)
    throw new RequestFailure(body.length === 0 ? 'the answer is empty' : `the answer ${why}; it may be cut short`, { retry: true })
  }
}

const RETRIED = new Set([408, 429, 500, 502, 503, 504])

function statusFailure(answer: Answer, user: string, now: number): RequestFailure {
  const { status, headers } = answer
  const retryAfter = retryAfterOf(headers['retry-after'], now)
  const facts = { status, retry: RETRIED.has(status), ...(retryAfter === undefined ? {} : { retryAfter }) }
  if (status === 401)
    return new RequestFailure(`the server does not accept the credentials of user ${JSON.stringify(user)} (401): log in again`, facts)
  if (status >= 300 && status < 400)
    return new RequestFailure(`the answer is a redirect (${status})${target(headers.location)}, which is not followed`, facts)
  if (status === 429) return new RequestFailure('the server is overloaded (429) and stayed so', facts)
  const said = statusOf(answer.body)
  const token = said?.['metadata']
  const continueToken = status === 410 && isJsonObject(token) && typeof token['continue'] === 'string' ? token['continue'] : undefined
  const reason = typeof said?.['reason'] === 'string' ? ` ${said['reason']}` : ''
  return new RequestFailure(`the server answered ${status}${reason}`, { ...facts, ...(continueToken ? { continueToken } : {}) })
}

/** Host alone: the rest of an address may hold a login token. */
function target(location: string | undefined): string {
  try {
    return location === undefined ? '' : ` to ${new URL(location).host}`
  } catch {
    return ''
  }
}

function statusOf(body: Buffer): JsonObject | undefined {
  const value = safely(body.subarray(0, 1 << 20))
  return value?.['kind'] === 'Status' ? value : undefined
}

function safely(body: Buffer): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
