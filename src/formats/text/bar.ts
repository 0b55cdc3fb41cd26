// A share of one drawn as a bar, in eighths of a character.
import type { SafeText } from '../safe.ts'

/** Lengths of a bar, in the order of preference; none where the table is too wide for any. */
export const barLengths = [10, 5, 0] as const

/** U+258F..U+2588: one to eight eighths of a block. */
const eighths = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'] as const

/** Something above zero is never drawn as nothing, and less than everything never as full: the ends are what people look for. */
function steps(share: number, all: number): number {
  if (!(share > 0)) return 0
  return share >= 1 ? all : Math.min(all - 1, Math.max(1, Math.round(share * all)))
}

export function drawBar(share: number, length: number, unicode: boolean): { readonly filled: SafeText; readonly rest: SafeText } {
  const count = steps(share, unicode ? length * 8 : length)
  const whole = unicode ? Math.floor(count / 8) : count
  const part = unicode ? (eighths[(count % 8) - 1] ?? '') : ''
  const filled = (unicode ? '█' : '#').repeat(whole) + part
  return { filled: filled as SafeText, rest: (unicode ? '░' : '.').repeat(length - filled.length) as SafeText }
}
