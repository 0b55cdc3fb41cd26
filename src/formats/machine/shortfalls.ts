// What could not be looked at, in the words of every format that must not let it pass for "nothing found".
import type { Judgement, Subject } from '../../report/judgement.ts'

export const incompleteText = 'INCOMPLETE: not everything could be read or evaluated; what is missing proves nothing'

/** A source that is there and was not read whole. */
export interface UnreadSource {
  readonly subject: Subject
  readonly source: string
  readonly text: string
}

export const unreadSources = ({ subjects }: Judgement): UnreadSource[] =>
  subjects.flatMap((subject) =>
    subject.sources
      .filter(({ status }) => status !== 'complete' && status !== 'absent')
      .map(({ source, status, error }) => ({ subject, source, text: `${source} is ${status}${error === null ? '' : `: ${error}`}` })),
  )
