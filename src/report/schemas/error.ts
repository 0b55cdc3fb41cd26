// The machine contract of a run that ended with an error.
import * as v from 'valibot'
import { apiVersion, count, described, text } from './parts.ts'

export const error = v.object({
  apiVersion,
  kind: v.literal('Error'),
  error: v.object({ code: described(count, 'The exit code.'), message: text }),
})
