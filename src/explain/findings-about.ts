// Which findings concern a subject: those that name it, and of two holders of one range those that name the range.
import type { Finding } from '../model/finding.ts'
import { parseRange, type Range, rangeCovers, rangesOverlap } from '../net/index.ts'

/** The ranges that a finding names; words that are no range (a name, an ambiguous text) are none. */
function rangesOf({ addresses }: Finding): Range[] {
  return addresses.flatMap((text) => {
    try {
      return [parseRange(text)]
    } catch {
      return []
    }
  })
}

const isRange = ({ first, last }: Range): boolean => first !== last

/** Where two have one range, each of its addresses may be given twice. */
const isIdentity = ({ rule }: Finding): boolean => rule.startsWith('DUP-')

export interface About {
  readonly findings: readonly Finding[]
  readonly around: readonly Finding[]
}

/** Of an address or range: what names it or a part of it, and apart from that what is about ranges that hold it. */
export function findingsAboutRange(all: readonly Finding[], range: Range): About {
  const findings: Finding[] = []
  const around: Finding[] = []
  for (const finding of all) {
    const touched = rangesOf(finding).filter((named) => rangesOverlap(named, range))
    if (touched.length === 0) continue
    const named = touched.some((one) => rangeCovers(range, one) || (isIdentity(finding) && isRange(one)))
    if (named) findings.push(finding)
    else around.push(finding)
  }
  return { findings, around }
}

/** What names one of the addresses, and nothing about ranges. */
export const namesAddress = (finding: Finding, texts: ReadonlySet<string>): boolean => finding.addresses.some((text) => texts.has(text))
