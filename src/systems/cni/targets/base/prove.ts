// The proof before anything is written: files say what the plan says, and no two of them hand out the same addresses.
import { formatRange, overlappingPairs } from '../../../../net/index.ts'
import type { Claim, Clash, GeneratedFile, Generation, Target } from '../define-target.ts'
import { serviceOwner } from './planned.ts'

const textOf = ({ owner, range, segment }: Claim): string => `${segment === undefined ? '' : `${segment}: `}${owner} ${formatRange(range)}`

/**
 * Reads the files back and compares what they claim with the plan, and with each other.
 *
 * @throws Error when a file does not say what was asked for, which is a fault of this program
 */
export function* findClashes(target: Target, files: readonly GeneratedFile[], input: Generation): Generator<Clash> {
  const claims = target.readBack(files, input)
  const wanted = new Map<string, number>()
  for (const claim of target.expected(input)) wanted.set(textOf(claim), (wanted.get(textOf(claim)) ?? 0) + 1)
  for (const claim of claims) {
    const left = wanted.get(textOf(claim)) ?? 0
    if (left === 0) throw new Error(`the generated files read back with other ranges: ${textOf(claim)} is not in the plan`)
    if (left === 1) wanted.delete(textOf(claim))
    else wanted.set(textOf(claim), left - 1)
  }
  const [lost] = wanted.keys()
  if (lost !== undefined) throw new Error(`the generated files read back with other ranges: ${lost} is missing`)
  for (const segment of new Set(claims.map((claim) => claim.segment)))
    yield* clashesIn(
      claims.filter((claim) => claim.segment === segment),
      target,
    )
}

function* clashesIn(claims: readonly Claim[], target: Target): Generator<Clash> {
  for (const [one, other] of overlappingPairs(claims, ({ range }) => range)) {
    if (one.owner === other.owner) continue
    if (target.mayHoldServices === true && (one.owner === serviceOwner || other.owner === serviceOwner)) continue
    yield { owners: [one.owner, other.owner], ranges: [formatRange(one.range), formatRange(other.range)] }
  }
}
