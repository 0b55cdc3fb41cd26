// A finding that another playbook than its rule's fits.
import type { Violation } from '../../model/finding.ts'
import { playbooks } from '../playbooks.ts'

export const fixBy = (playbook: string): Required<Pick<Violation, 'playbook' | 'steps'>> => ({
  playbook,
  steps: playbooks.get(playbook)?.steps ?? [],
})
