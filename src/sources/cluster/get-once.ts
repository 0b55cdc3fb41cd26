// One request over node:https: compressed, with limits for silence, for the whole answer and for its size. Built-in fetch takes twice as long.
import { type IncomingHttpHeaders, type OutgoingHttpHeaders, type Agent as PlainAgent, request as plain } from 'node:http'
import { type Agent, request as secure } from 'node:https'
import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { networkFailure, RequestFailure } from './request-failure.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface GetOptions {
  readonly agent: Agent | PlainAgent
  readonly headers: OutgoingHttpHeaders
  /** Milliseconds for the whole answer. */
  readonly timeout: number
  /** GET unless given. */
  readonly method?: 'POST' | 'DELETE'
  /** Sent as JSON. */
  readonly payload?: object
  /** Takes a good answer's body piece by piece instead of keeping it; false ends the answer, which is then whole. */
  readonly onPiece?: (piece: Buffer) => boolean
}

/** Milliseconds without a byte. */
const LONGEST_SILENCE = 30_000
/** 500 pods are 3 to 6 MB, 500 of the largest objects that etcd takes 750 MB; below V8's longest string in any case. */
const LARGEST_BODY = 256 << 20

const SMALLEST_PIECE = 64 << 10
const LARGEST_PIECE = 16 << 20

const unzip = promisify(gunzip)
const inSeconds = (ms: number): string => `${ms / 1000} s`

/** @throws RequestFailure for all that keeps an answer from arriving whole */
export async function getOnce(url: URL, options: GetOptions): Promise<Answer> {
  const { status, headers: received, body } = await receive(url, options)
  const encoding = (received['content-encoding'] ?? 'identity').toLowerCase()
  if (encoding === 'identity' || body.length === 0) return { status, headers: received, body }
  if (encoding !== 'gzip') throw new RequestFailure(`the answer is packed as ${JSON.stringify(encoding)}, which was not asked for`)
  try {
    return { status, headers: received, body: await unzip(body, { chunkSize: pieceFor(body), maxOutputLength: LARGEST_BODY }) }
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge()
    throw new RequestFailure('the packed answer is damaged or cut short', { retry: true })
  }
}

/** All of it in one piece saves a copy of every piece: gzip ends with the size of what was packed (RFC 1952, ISIZE), which nobody has checked. */
function pieceFor(packed: Buffer): number {
  const size = packed.length < 4 ? 0 : packed.readUInt32LE(packed.length - 4)
  return Math.min(Math.max(size + 1, SMALLEST_PIECE), LARGEST_PIECE)
}

const tooLarge = (): RequestFailure => new RequestFailure(`one answer is larger than ${LARGEST_BODY >> 20} MiB; lower --chunk-size`)

function receive(url: URL, { agent, headers, timeout, method, payload, onPiece }: GetOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? plain : secure
    const text = payload === undefined ? undefined : JSON.stringify(payload)
    const ofBody = text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const asked = send(url, {
      method: method ?? 'GET',
      agent,
      headers: { ...headers, ...ofBody, 'accept-encoding': onPiece === undefined ? 'gzip' : 'identity' },
    })
    // Not through the request's own error: it has none before it has a connection.
    const deadline = setTimeout(
      () => fail(new RequestFailure(`no whole answer within ${inSeconds(timeout)} (--request-timeout)`, { silent: true })),
      timeout,
    )
    const fail = (cause: unknown) => {
      clearTimeout(deadline)
      asked.destroy()
      reject(networkFailure(cause))
    }
    asked.setTimeout(LONGEST_SILENCE, () =>
      asked.destroy(new RequestFailure(`nothing was received for ${inSeconds(LONGEST_SILENCE)}`, { silent: true })),
    )
    asked.on('error', fail)
    asked.on('upgrade', (_, socket) => {
      socket.destroy()
      fail(new RequestFailure('the server wants to speak another protocol (101)'))
    })
    asked.on('response', (response) => {
      const chunks: Buffer[] = []
      let size = 0
      const whole = () => {
        clearTimeout(deadline)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) })
      }
      response.on('data', (chunk: Buffer) => {
        if (onPiece !== undefined && response.statusCode === 200) {
          if (onPiece(chunk)) return
          whole()
          asked.destroy()
          return
        }
        chunks.push(chunk)
        size += chunk.length
        if (size > LARGEST_BODY) fail(tooLarge())
      })
      response.on('error', fail)
      response.on('end', whole)
    })
    asked.end(text)
  })
}
