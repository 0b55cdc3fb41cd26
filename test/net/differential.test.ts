// Our reading of texts against node:net, ipaddr.js, ip-address 10 and ip-cidr 4. A known difference that goes away turns its row red, and a difference
// that is not known turns a property red.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { peers } from './peers.ts'

describe.each(peers)('$name', ({ ours, theirs, texts, known }) => {
  test.each(known.flatMap(({ why, about, examples }) => examples.map(([text, our, their]) => ({ text, our, their, about, why }))))(
    'differs about $text: $why',
    ({ text, our, their, about }) => {
      expect({ ours: ours(text), theirs: theirs(text), known: about(text) }).toEqual({ ours: our, theirs: their, known: true })
    },
  )

  test('agrees on everything else', () => {
    const rest = texts.filter((text) => !known.some(({ about }) => about(text)))
    fc.assert(
      fc.property(rest, (text) => {
        const [our, their] = [ours(text), theirs(text)]
        if (our !== their) throw new Error(`${JSON.stringify(text)}: ours ${our}, theirs ${their}`)
      }),
      { numRuns: 1500 },
    )
  })
})
