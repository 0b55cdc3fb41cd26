// Writes docs/rules.md from the rule objects.

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('|', '\\|')
const bullets = (items) => items.map((item) => `- ${escaped(item)}`).join('\n')
const numbered = (items) => items.map((item, index) => `${index + 1}. ${escaped(item)}`).join('\n')

function fixOf(rule, playbooks) {
  const playbook = playbooks.get(rule.playbook)
  if (playbook === undefined) return { title: 'What to do', steps: rule.fix ?? [] }
  return { title: `What to do (${playbook.id}: ${playbook.title})`, steps: playbook.steps }
}

function section(rule, playbooks) {
  const fix = fixOf(rule, playbooks)
  return [
    `### ${rule.id} ${rule.name}`,
    `${escaped(rule.title)}. Severity: ${rule.severity}.`,
    escaped(rule.why),
    `**Reported when:** ${escaped(rule.predicate)}`,
    ...(rule.guards.length === 0 ? [] : ['**Not reported:**', bullets(rule.guards)]),
    ...(fix.steps.length === 0 ? [] : [`**${escaped(fix.title)}:**`, numbered(fix.steps)]),
    ...(rule.links.length === 0 ? [] : [`Seen in: ${rule.links.map((link) => `<${link}>`).join(', ')}`]),
  ].join('\n\n')
}

const row = (rule) => `| [${rule.id}](#${rule.id.toLowerCase()}-${rule.name}) | ${rule.name} | ${rule.severity} | ${escaped(rule.title)} |`

function chapter(title, rules, playbooks) {
  if (rules.length === 0) return []
  const table = ['| id | name | severity | fault |', '| --- | --- | --- | --- |', ...rules.map(row)].join('\n')
  return [`## ${title}`, table, ...rules.map((rule) => section(rule, playbooks))]
}

/** @param rules audit rules, @param checks planner checks, @param playbooks by id */
export function rulesPage({ rules, checks, playbooks }) {
  return `${[
    '# Rules',
    'What `ipam audit` looks for and what `ipam plan` checks. Written by `npm run docs` from the rule objects; do not edit. Ids are never used again.',
    ...chapter('Audit', rules, playbooks),
    ...chapter('Plan', checks, playbooks),
  ].join('\n\n')}\n`
}
