import { defineFormat } from './define-format.ts'

export const yaml = defineFormat({
  id: 'yaml',
  title: 'yaml',
  *render(report) {
    yield `${JSON.stringify(report.data, null, 2)}\n`
  },
})
