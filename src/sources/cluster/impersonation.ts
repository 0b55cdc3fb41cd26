// The headers that ask the API server to act as somebody else: https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/
import type { OutgoingHttpHeaders } from 'node:http'
import { StartError } from '../../model/errors.ts'
import { isJsonObject, type JsonObject } from '../unwrap-lists.ts'
import type { AccessRequest } from './kubeconfig.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : [])

/** Flags win over the kubeconfig, each by itself. @throws StartError for groups, a uid or extra fields of nobody */
export function impersonation(user: JsonObject, request: AccessRequest): OutgoingHttpHeaders {
  const name = text(request.as) ?? text(user['as'])
  const groups = request.asGroups?.length ? request.asGroups : texts(user['as-groups'])
  const uid = text(request.asUid) ?? text(user['as-uid'])
  const extra = new Map<string, readonly string[]>(request.asExtra?.size ? request.asExtra : extraOf(user['as-user-extra']))
  if (name === undefined && (groups.length > 0 || uid !== undefined || extra.size > 0))
    throw new StartError('--as-group, --as-uid and --as-user-extra need --as: they are taken on for a user')
  return {
    ...(name === undefined ? {} : { 'Impersonate-User': name }),
    ...(groups.length === 0 ? {} : { 'Impersonate-Group': [...groups] }),
    ...(uid === undefined ? {} : { 'Impersonate-Uid': uid }),
    ...Object.fromEntries([...extra].map(([key, values]) => [`Impersonate-Extra-${escapeKey(key)}`, [...values]])),
  }
}

const extraOf = (value: unknown): [string, readonly string[]][] =>
  isJsonObject(value) ? Object.entries(value).map(([key, values]) => [key, texts(values)]) : []

/** What a header's name cannot hold becomes %XX, and so does the percent sign. */
const escapeKey = (key: string): string =>
  key.replace(/[^A-Za-z0-9!#$&'*+\-.^_`|~]/gu, (sign) =>
    [...Buffer.from(sign)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )
