import { expect, it } from 'vitest'
import { serviceCapacity, staticBand } from '../../src/model/service-range.ts'
import { parseCidr } from '../../src/net/index.ts'

// The worked examples of the allocation page (kubernetes.io, cluster-ip-allocation).
it.each([
  ['10.96.0.0/24', 254n, 16n],
  ['10.96.0.0/20', 4094n, 256n],
  ['10.96.0.0/16', 65534n, 256n],
  ['10.96.0.0/23', 510n, 32n],
  ['10.96.0.0/27', 30n, 16n],
  ['10.96.0.0/28', 14n, 0n],
  ['10.96.0.0/30', 2n, 0n],
  ['10.96.0.0/32', 0n, 0n],
  ['fd00::/112', 65535n, 256n],
  ['fd00::/124', 15n, 0n],
])('%s has %s addresses, %s of them in the static band', (text, capacity, band) => {
  expect([serviceCapacity(parseCidr(text)), staticBand(parseCidr(text))]).toEqual([capacity, band])
})
