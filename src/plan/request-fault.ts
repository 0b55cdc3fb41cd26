// The error of a plan request: it knows which part of the request is wrong, so that the caller can name the flag, or the file and line.
import { UsageError } from '../model/errors.ts'

/** Keys and indexes from the top of the request: `['clusterCidrs', 0]`. */
export type RequestPath = readonly (string | number)[]

/** `reason` says what is wrong and what to do, without saying where. */
export class RequestFault extends UsageError {
  readonly path: RequestPath
  readonly reason: string

  constructor(path: RequestPath, reason: string, options?: ErrorOptions) {
    super(`${describePath(path)}: ${reason}`, options)
    this.path = path
    this.reason = reason
  }
}

/** `nodePools[0].surge` */
export function describePath(path: RequestPath): string {
  return path.map((key, index) => (typeof key === 'number' ? `[${key}]` : index === 0 ? key : `.${key}`)).join('')
}
