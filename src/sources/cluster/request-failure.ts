// Why a request to the API server came to nothing, in words that never repeat headers, credentials or bodies.
import { SourceError } from '../../model/errors.ts'

export interface FailureFacts {
  /** HTTP status, where the server answered. */
  readonly status?: number
  /** Worth another try: overload, a broken connection, a body that was cut. */
  readonly retry?: boolean
  /** Nothing came in time. */
  readonly silent?: true
  /** Milliseconds that the server asks for. */
  readonly retryAfter?: number
  /** Of a 410: lets a list go on, no longer as of one moment. */
  readonly continueToken?: string
}

export class RequestFailure extends SourceError {
  readonly facts: FailureFacts
  constructor(message: string, facts: FailureFacts = {}) {
    super(message)
    this.facts = facts
  }
}

const UNKNOWN_AUTHORITY = 'TLS: the certificate comes from an unknown authority; is the certificate-authority in the kubeconfig the right one?'

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused: nothing listens there',
  ENOTFOUND: 'the host name is not known (DNS)',
  EAI_AGAIN: 'the host name could not be looked up (DNS)',
  ETIMEDOUT: 'no connection in time',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'TLS: the certificate is signed by nobody known; is the certificate-authority in the kubeconfig the right one?',
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  CERT_SIGNATURE_FAILURE: 'TLS: the certificate is not signed by the authority in the kubeconfig',
  CERT_HAS_EXPIRED: 'TLS: the certificate has expired',
  CERT_NOT_YET_VALID: 'TLS: the certificate is not valid yet; is the clock right?',
  ERR_TLS_CERT_ALTNAME_INVALID: 'TLS: the certificate is for another host name; see tls-server-name in the kubeconfig',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'TLS: the server wants a client certificate, and the kubeconfig has none',
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: 'TLS: the server refuses; it may want a client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'TLS: the server does not know who signed the client certificate',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'TLS: the server does not accept the client certificate',
  ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED: 'TLS: the client certificate has expired; log in again',
  EPROTO: 'TLS: the server does not speak it as expected; is the address right?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'TLS: the server does not speak TLS; is the address right?',
}
const RETRIED = new Set(['ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'EPIPE'])

const codeOf = (cause: unknown): string => (cause instanceof Error && 'code' in cause ? String(cause.code) : '')

/** What the socket, TLS or the HTTP parser reported. */
export function networkFailure(cause: unknown): RequestFailure {
  if (cause instanceof RequestFailure) return cause
  // Several addresses of one host were tried.
  const inner = cause instanceof AggregateError ? cause.errors[0] : cause
  const socks = socksFailure(inner)
  if (socks !== undefined) return socks
  const code = codeOf(inner)
  const words =
    WORDS[code] ?? (code.startsWith('HPE_') ? 'the answer is not HTTP' : code === '' ? 'the request failed' : `the request failed (${code})`)
  return new RequestFailure(words, { retry: RETRIED.has(code) })
}

/** The library's errors carry the options of the connection, with the proxy's password: only its words are taken. */
function socksFailure(cause: unknown): RequestFailure | undefined {
  const options =
    cause instanceof Error && 'options' in cause ? (cause.options as { proxy?: { host?: unknown; port?: unknown } } | undefined) : undefined
  if (options?.proxy === undefined) return undefined
  return new RequestFailure(`the proxy ${String(options.proxy.host)}:${String(options.proxy.port)} cannot be used: ${(cause as Error).message}`)
}

const LONGEST_WAIT = 86_400_000

/** Seconds or a date (RFC 9110, 10.2.3) -> milliseconds; undefined for anything else. */
export function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  const wait = /^\d{1,9}$/.test(header.trim()) ? Number(header) * 1000 : Date.parse(header) - now
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), LONGEST_WAIT)
}
