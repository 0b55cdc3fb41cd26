// Single values of `generate-conf`, each refused with the flag that it came from.
import { UsageError } from '../model/errors.ts'
import { type Address, type Cidr, NetSyntaxError, parseAddress, parseCidr } from '../net/index.ts'
import { isNetworkName } from '../systems/cni/network-name.ts'

const quote = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text)

function read<T>(parse: (text: string) => T, text: string, where: string): T {
  try {
    return parse(text)
  } catch (cause) {
    if (!(cause instanceof NetSyntaxError)) throw cause
    throw new UsageError(`${where}: ${quote(text)} ${cause.message}`, { cause })
  }
}

/** @throws UsageError that begins with `where` */
export const readSubnet = (text: string, where: string): Cidr => read(parseCidr, text, where)

/** @throws UsageError that begins with `where` */
export const readHost = (text: string, where: string): Address => read(parseAddress, text, where)

/** @throws UsageError */
export function readNetworkName(text: string): string {
  if (isNetworkName(text)) return text
  throw new UsageError(`--name: ${quote(text)} is no network name: letters, digits, "_", "." and "-", a letter or digit first`)
}

/** What the kernel and libcni take (`ValidateInterfaceName`). @throws UsageError */
export function readInterface(text: string, flag: string): string {
  if (Buffer.byteLength(text) > 15) throw new UsageError(`${flag}: ${quote(text)} is no interface name: it has more than 15 bytes`)
  if (/^[^\s:/\p{C}]+$/u.test(text) && text !== '.' && text !== '..') return text
  throw new UsageError(`${flag}: ${quote(text)} is no interface name: it must not be empty, "." or "..", or hold "/", ":" or blanks`)
}

/** @throws UsageError */
export function readDomain(text: string, flag: string): string {
  if (text.length <= 253 && /^([a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?\.)*[a-z\d_]([a-z\d_-]{0,61}[a-z\d_])?\.?$/i.test(text)) return text
  throw new UsageError(`${flag}: ${quote(text)} is no domain name`)
}

/** @throws UsageError */
export function readDataDir(text: string): string {
  if (/^\/[^\p{C}]*$/u.test(text) && !text.split('/').includes('..')) return text
  throw new UsageError(`--data-dir: ${quote(text)} is no absolute path, like /run/cni-ipam-state`)
}

/** Container runtimes load a list of plugins only from a file with this extension. @throws UsageError */
export function readFileName(text: string): string {
  if (/^[a-zA-Z\d][\w.-]*\.conflist$/.test(text)) return text
  throw new UsageError(`--file-name: ${quote(text)} is no name like 10-pods.conflist: letters, digits, "_", "." and "-", ending in .conflist`)
}

/** Domain, bus, device and function, as `lspci -D` shows them. @throws UsageError */
export function readPciAddress(text: string, flag: string): string {
  if (/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(text)) return text
  throw new UsageError(`${flag}: ${quote(text)} is no PCI address like 0000:03:02.0`)
}

/** RFC 1123: a namespace. @throws UsageError */
export function readLabel(text: string, flag: string): string {
  if (/^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/.test(text)) return text
  throw new UsageError(`${flag}: ${quote(text)} is no name of a namespace: lower-case letters, digits and "-", at most 63`)
}

/** A label's key or a resource: a name, with a domain before it or not. @throws UsageError */
export function readQualifiedName(text: string, flag: string): string {
  if (text.length <= 317 && /^([a-z\d]([a-z\d.-]*[a-z\d])?\/)?[A-Za-z\d]([\w.-]{0,61}[A-Za-z\d])?$/.test(text)) return text
  throw new UsageError(`${flag}: ${quote(text)} is no name like example.com/pool`)
}
