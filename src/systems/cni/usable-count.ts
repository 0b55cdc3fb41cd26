// How many addresses host-local can ever hand out.
import type { HostLocalRange } from '../../model/node-state.ts'
import { rangeHolds, rangeSize } from '../../net/index.ts'

/** Addresses in the range without its own gateway, the only one that host-local skips (`allocator.go`). A default /24 gives 253, a /126 two. */
export function usableCount(range: HostLocalRange): bigint {
  return rangeSize(range.range) - (rangeHolds(range.range, range.gateway) ? 1n : 0n)
}
