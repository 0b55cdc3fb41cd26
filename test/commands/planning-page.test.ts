// docs/planning.md does what it shows.
import { testPage } from './page-that-runs.ts'

testPage({ name: 'planning.md', files: ['corp.csv', 'plan.yaml', 'nodes.yaml'], leastSessions: 6 })
