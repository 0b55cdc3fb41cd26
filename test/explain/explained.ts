// Runs every rule over a small inventory and explains one subject of it.
import { explain } from '../../src/explain/explain.ts'
import type { Explanation, Subject } from '../../src/explain/explanation.ts'
import { isFailing } from '../../src/model/finding.ts'
import type { InventoryPart } from '../../src/model/inventory.ts'
import { rules } from '../../src/rules/index.ts'
import { runRules } from '../../src/rules/run-rules.ts'
import { inventory, minutes } from '../inventory.ts'

const grace = minutes(15)

export function explained(part: InventoryPart, subject: Subject): Explanation {
  const all = inventory(part)
  const { findings } = runRules(rules, all, { grace })
  return explain(all, subject, { findings, fails: (finding) => isFailing(finding, 'medium') }, grace)
}
