// The machine contract of `-o json` and `-o yaml`, from which schemas/ is made and against which tests hold real output. Keys are only ever added.
import { addressPlan } from './address-plan.ts'
import { auditReport } from './audit-report.ts'
import { diffReport } from './diff-report.ts'
import { error } from './error.ts'
import { explanation } from './explanation.ts'
import { ruleList } from './rule-list.ts'

/** By file name in schemas/. */
export const reportSchemas = {
  'audit-report': auditReport,
  'diff-report': diffReport,
  'address-plan': addressPlan,
  'rule-list': ruleList,
  explanation,
  error,
} as const
