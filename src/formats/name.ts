// One name a line, for xargs and grep.
import { defineFormat } from './define-format.ts'
import { safe } from './safe.ts'

export const name = defineFormat({
  id: 'name',
  title: 'names only, one a line',
  *render(report) {
    for (const each of report.names) yield `${safe(each)}\n`
  },
})
