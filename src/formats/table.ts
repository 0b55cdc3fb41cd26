import { defineFormat } from './define-format.ts'

export const table = defineFormat({
  id: 'table',
  title: 'table',
  *render(report) {
    yield `${JSON.stringify(report.data, null, 2)}\n`
  },
})
