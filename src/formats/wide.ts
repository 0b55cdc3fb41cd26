import { defineFormat } from './define-format.ts'

export const wide = defineFormat({
  id: 'wide',
  title: 'wide',
  *render(report) {
    yield `${JSON.stringify(report.data, null, 2)}\n`
  },
})
