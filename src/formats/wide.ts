// The table with all columns, every finding by itself, and its evidence.
import { defineFormat } from './define-format.ts'
import { reportText } from './text/report-text.ts'

export const wide = defineFormat({
  id: 'wide',
  title: 'the table with more columns, every finding and its evidence',
  render: (report, options) => reportText(report, options, true),
})
