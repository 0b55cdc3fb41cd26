import { defineFormat } from './define-format.ts'

export const json = defineFormat({
  id: 'json',
  title: 'json',
  *render(report) {
    yield `${JSON.stringify(report.data, null, 2)}\n`
  },
})
