// `npm run corpus`: precision and recall as a table.
import { corpusPage, scoreCorpus } from './score.ts'

const score = await scoreCorpus()
console.log(corpusPage(score))
const wrong = score.rules.filter(({ flagged, found, falseAlarms }) => found < flagged || falseAlarms > 0)
if (wrong.length > 0) process.exitCode = 1
