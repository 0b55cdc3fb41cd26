// The default: for a person at a terminal.
import { defineFormat } from './define-format.ts'
import { reportText } from './text/report-text.ts'

export const table = defineFormat({
  id: 'table',
  title: 'text for people, findings of one kind together',
  render: (report, options) => reportText(report, options, false),
})
