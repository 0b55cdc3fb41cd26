// Tests that need something which not every machine has: skipped under their own name with the reason printed, or failed where nothing may be skipped.
import { describe, test } from 'vitest'

/**
 * `describe` for tests that need a real part. `missing` says what is in the way, undefined when nothing is.
 * With IPAM_NO_SKIP set (continuous integration) a missing part is a failure.
 */
export function describeReal(name: string, missing: string | undefined, body: () => void): void {
  if (missing === undefined) {
    describe(name, body)
  } else if (process.env['IPAM_NO_SKIP']) {
    describe(name, () => {
      test('its real parts are there', () => {
        throw new Error(`IPAM_NO_SKIP is set, but ${missing}`)
      })
    })
  } else {
    console.warn(`skipped: ${name}: ${missing}`)
    describe.skip(name, body)
  }
}
