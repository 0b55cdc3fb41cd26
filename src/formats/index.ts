// The list of output formats: adding one is one file and one line. Loaded on demand, because a format may bring a library that others do not need.
import type { Format } from './define-format.ts'

export const formats = {
  table: () => import('./table.ts').then((module) => module.table),
  wide: () => import('./wide.ts').then((module) => module.wide),
  json: () => import('./json.ts').then((module) => module.json),
  yaml: () => import('./yaml.ts').then((module) => module.yaml),
  name: () => import('./name.ts').then((module) => module.name),
  csv: () => import('./csv.ts').then((module) => module.csv),
  markdown: () => import('./markdown.ts').then((module) => module.markdown),
  html: () => import('./html.ts').then((module) => module.html),
  svg: () => import('./svg.ts').then((module) => module.svg),
  sarif: () => import('./sarif.ts').then((module) => module.sarif),
  junit: () => import('./junit.ts').then((module) => module.junit),
  github: () => import('./github.ts').then((module) => module.github),
  gitlab: () => import('./gitlab.ts').then((module) => module.gitlab),
  prometheus: () => import('./prometheus.ts').then((module) => module.prometheus),
} satisfies Record<string, () => Promise<Format>>

export type FormatId = keyof typeof formats
