import { defineFormat } from './define-format.ts'

export const name = defineFormat({
  id: 'name',
  title: 'name',
  *render(report) {
    yield `${JSON.stringify(report.data, null, 2)}\n`
  },
})
