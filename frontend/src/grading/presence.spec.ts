import { describe, expect, it } from 'vitest'
import { others } from './presence'

const lock = (owner: string, is_mine: boolean, exercise_ids: string[] | null = null) => ({
  ...{ owner, is_mine, exercise_ids, owner_id: 1 },
  ...{ locked_at: '2026-02-03T10:00:00.000Z', expires_at: '2026-02-03T10:30:00.000Z' },
})

describe('who else is at a copy', () => {
  it('names each of the others once, however many exercises they hold, and never oneself', () => {
    expect(others([lock('moi', true), lock('dupont', false, ['e1']), lock('dupont', false, ['e2'])])).toEqual([
      'dupont',
    ])
  })
})
