// kubectl's flags that replace single fields of the kubeconfig's cluster and user.
import { resolve } from 'node:path'
import type { Access, AccessRequest } from './kubeconfig.ts'

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

/** Flags win over what the kubeconfig says of the cluster and the user that were chosen; their paths start in the working directory. */
export function withFlags(access: Access, request: AccessRequest): Access {
  const { server, token, certificateAuthority, clientCertificate, clientKey, tlsServerName, insecureSkipTlsVerify } = request
  const cluster: Record<string, unknown> = { ...access.cluster }
  const user: Record<string, unknown> = { ...access.user }
  const set = (into: Record<string, unknown>, key: string, value: string | undefined, ...dropped: string[]) => {
    if (text(value) === undefined) return
    into[key] = value
    for (const other of dropped) delete into[other]
  }
  set(cluster, 'server', server)
  set(cluster, 'tls-server-name', tlsServerName)
  if (text(certificateAuthority) !== undefined)
    set(cluster, 'certificate-authority', resolve(certificateAuthority as string), 'certificate-authority-data')
  if (insecureSkipTlsVerify === true) cluster['insecure-skip-tls-verify'] = true
  set(user, 'token', token, 'tokenFile', 'exec', 'auth-provider', 'username', 'password')
  if (text(clientCertificate) !== undefined) set(user, 'client-certificate', resolve(clientCertificate as string), 'client-certificate-data')
  if (text(clientKey) !== undefined) set(user, 'client-key', resolve(clientKey as string), 'client-key-data')
  return { ...access, cluster, user }
}
