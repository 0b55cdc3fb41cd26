import { describe, expect, test } from 'vitest'
import { coverageNotes, notEvaluatedNotes } from '../../src/report/audit-notes.ts'

/** A rule that looked at something. */
const some = ['DUP-102']

describe('rules that were not evaluated', () => {
  test('one line for each input that is not there, whatever the rules wanted it for', () => {
    expect([
      ...notEvaluatedNotes(
        [
          { rule: 'DUP-105', reason: 'pods on infrastructure addresses: the input holds no pods' },
          { rule: 'DUP-101', reason: 'duplicate pod addresses: the input holds no pods' },
          { rule: 'OVL-302', reason: 'node addresses are not known: the input holds no nodes' },
          { rule: 'DRF-504', reason: 'pod addresses against node ranges: the input holds no pods' },
          { rule: 'DRF-504', reason: 'pod addresses against node ranges: the input holds no nodes' },
        ],
        some,
      ),
    ]).toEqual([
      'not evaluated, for the input holds no pods: DRF-504, DUP-101, DUP-105',
      'not evaluated, for the input holds no nodes: DRF-504, OVL-302',
    ])
  })

  test('what was looked at in part says so', () => {
    expect([
      ...notEvaluatedNotes(
        [{ rule: 'CAP-402', reason: 'live pods are not known: the input holds no pods: only allocation files were counted' }],
        some,
      ),
    ]).toEqual(['not evaluated: CAP-402: live pods are not known: the input holds no pods: only allocation files were counted'])
  })

  test('other reasons are said once', () => {
    const reason = 'pods was not read whole (403), so a missing object proves nothing'
    expect([
      ...notEvaluatedNotes(
        [
          { rule: 'LEAK-201', reason },
          { rule: 'LEAK-205', reason },
          { rule: 'LEAK-201', reason },
        ],
        some,
      ),
    ]).toEqual([`not evaluated: LEAK-201, LEAK-205: ${reason}`])
  })

  test('a mode that a rule is not about is nothing that is missing', () => {
    const reasons = [
      'mode calico does not take pod addresses from node ranges',
      'pod addresses against node ranges: mode calico takes none from podCIDRs',
    ]
    expect([
      ...notEvaluatedNotes(
        reasons.map((reason) => ({ rule: 'CAP-401', reason })),
        some,
      ),
    ]).toEqual(reasons.map((reason) => `does not apply: CAP-401: ${reason}`))
  })

  test('a list of one system is named after it', () => {
    expect([...notEvaluatedNotes([{ rule: 'LEAK-202', reason: 'leaks: the input holds no ipamblocks' }], some)]).toEqual([
      'not evaluated, for the input holds no blocks of Calico: LEAK-202',
    ])
  })

  test('one line where nothing was there to be looked at; few rules that were asked for keep their reasons', () => {
    const all = ['CAP-401', 'CAP-402', 'CAP-403', 'DUP-101', 'DUP-102', 'DUP-103'].map((rule) => ({ rule, reason: 'the input holds no pods' }))
    expect([...notEvaluatedNotes(all, ['SRC-901'])]).toEqual([
      'not evaluated: none of 6 rules had anything to look at; -o json says what each one lacks',
    ])
    expect([...notEvaluatedNotes(all, ['SRC-901', 'CFG-604'])]).toEqual([expect.stringContaining('holds no pods: CAP-401')])
    expect([...notEvaluatedNotes(all.slice(0, 2), [])]).toEqual(['not evaluated, for the input holds no pods: CAP-401, CAP-402'])
  })
})

test('sources that could not be read whole, and no others', () => {
  expect([
    ...coverageNotes([
      { source: 'pods', status: 'complete', read: 3, error: null },
      { source: 'services', status: 'absent', read: 0, error: null },
      { source: 'nodes', status: 'forbidden', read: 0, error: 'not allowed (403)' },
      { source: 'x.json', status: 'partial', read: 1, error: null },
    ]),
  ]).toEqual(['forbidden: nodes: not allowed (403)', 'partial: x.json'])
})
