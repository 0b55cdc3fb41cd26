// One entry of a host-local state directory -> what it says and what is wrong with it (plugins/ipam/host-local/backend/disk/backend.go).
import type { AllocationFile, AllocationFileFault } from '../../model/node-state.ts'
import { type Address, readAddress, tryAddress } from '../../net/index.ts'
import type { StateEntry } from '../../sources/source.ts'

/** Container ids and network names, as skel and libcni check them (cni v0.8.0 and later). */
const ID = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/

const CURSOR = /^last_reserved_ip\.\d+$/

/** The files that host-local keeps beside the addresses. */
export const isBookkeeping = (name: string): boolean => name === 'lock' || CURSOR.test(name) || name === 'last_reserved_ip'
export const isCursor = (name: string): boolean => CURSOR.test(name)

/** The address that a file name means. On Windows host-local writes `_` for `:`. */
function addressOfName(name: string): { address: Address | undefined; otherSpelling: boolean } {
  const direct = tryAddress(name)
  const text = direct === undefined && name.includes('_') && !name.includes(':') ? name.replaceAll('_', ':') : name
  const lenient = readAddress(text)
  // A DEL looks for the owner in every file, but the next ADD creates the canonical name: both can exist at once.
  return { address: direct ?? lenient?.value, otherSpelling: lenient?.oddity !== undefined }
}

interface OwnerText {
  readonly sandbox: string
  readonly interface: string | undefined
  readonly fault: AllocationFileFault | undefined
}

/** `id CR LF interface`; before v0.8.0 the id alone. host-local trims white space at both ends, and compares the rest to the letter. */
export function parseOwner(text: string): OwnerText {
  if (text.length > 0 && /^\0+$/.test(text)) return { sandbox: '', interface: undefined, fault: 'nul-filled' }
  const trimmed = text.trim()
  if (trimmed === '') return { sandbox: '', interface: undefined, fault: 'empty' }
  const [first = '', second, ...rest] = trimmed.split('\r\n')
  if (second === undefined && first.includes('\n')) {
    const [sandbox = '', name] = first.split('\n')
    return { sandbox, interface: name, fault: 'line-feed-only' }
  }
  const odd = rest.length > 0 || !ID.test(first) || (second !== undefined && !/^[^\s/:\0]{1,15}$/.test(second))
  return { sandbox: first, interface: second, fault: odd ? 'junk-owner' : undefined }
}

function faultOf(entry: StateEntry, owner: OwnerText, otherSpelling: boolean): AllocationFileFault | undefined {
  if (entry.kind !== 'file') return 'not-a-regular-file'
  if (entry.error !== undefined) return 'unreadable'
  if (entry.size > 4096) return 'too-large'
  return owner.fault ?? (otherSpelling ? 'other-spelling' : undefined)
}

/** Undefined when the name is no address at all. */
export function parseAllocationFile(entry: StateEntry): AllocationFile | undefined {
  const { address, otherSpelling } = addressOfName(entry.name)
  if (address === undefined) return undefined
  const owner = parseOwner(entry.size > 4096 ? 'x' : (entry.text ?? ''))
  return {
    name: entry.name,
    address,
    sandbox: owner.sandbox,
    interface: owner.interface,
    mtime: entry.mtime,
    size: entry.size,
    fault: faultOf(entry, owner, otherSpelling),
  }
}
