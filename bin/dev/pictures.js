// What a person types and sees, and every flag, as Markdown: from runs of the program as it is.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = new URL('../../', import.meta.url).pathname
const env = { ...process.env, COLUMNS: '100', OCLIF_COLUMNS: '120', NO_COLOR: '1', FORCE_COLOR: '' }

/**
 * @param program folder of a built program
 * @param code exit code that is right
 */
function seen(program, line, cwd, code) {
  const { status, stdout } = spawnSync(process.execPath, [join(program, 'bin/run.js'), ...line.split(' ')], { cwd, env, encoding: 'utf8' })
  if (status !== code) throw new Error(`ipam ${line}: exit code ${status} instead of ${code}`)
  return stdout.trim()
}

/** Keeps the paragraphs that begin with one of the words; a mark stands for what is left out. */
function excerpt(text, words) {
  const kept = text.split('\n\n').map((paragraph) => (words.some((word) => paragraph.startsWith(word)) ? paragraph : '…'))
  return kept.filter((paragraph, i) => paragraph !== '…' || kept[i - 1] !== '…').join('\n\n')
}

/** The faults of the demo cluster are planted, so that 1 is the right exit code of its audit. */
export function pictures(program) {
  const folder = mkdtempSync(join(tmpdir(), 'ipam-pictures-'))
  try {
    const plan = 'plan --cluster-cidr 10.244.0.0/16 --node-prefix 24 --reserve 10.244.0.0/24 --node Node1 --node Node2'
    const generate = 'generate-conf --plan plan.json --type bridge --name pods --out-dir conf'
    const audit = 'audit --from fixtures/demo'
    const shown = [
      [`${plan} -o table -o json=plan.json`, excerpt(seen(program, `${plan} -o table -o json=plan.json`, folder, 0), ['10.244', 'Pools', 'Nodes'])],
      [generate, seen(program, generate, folder, 0)],
      [audit, excerpt(seen(program, audit, root, 1), ['demo', 'Nodes', 'CRITICAL  DUP-101', 'MEDIUM  LEAK-201', '11 findings'])],
    ]
    return shown.map(([line, text]) => `\`\`\`text\n$ ipam ${line}\n${text}\n\`\`\``).join('\n\n')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** docs/commands.md. */
export function commandsPage(program, manifest) {
  const commands = Object.keys(JSON.parse(manifest).commands).sort()
  const sections = commands.map((id) => {
    const text = execFileSync(process.execPath, [join(program, 'bin/run.js'), id, '--help'], { env, encoding: 'utf8' })
    return `## ipam ${id}\n\n\`\`\`text\n${text.trim()}\n\`\`\``
  })
  return ['# Commands and flags', 'Written by `npm run docs` from the program itself: what `ipam COMMAND --help` says.', ...sections, ''].join('\n\n')
}
