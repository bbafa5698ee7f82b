import { describe, expect, it } from 'vitest'
import { startSession } from './deskSession'

describe('a session at the identification desk', () => {
  it('counts what was done, how much of it as the first candidate, and how long it took', () => {
    let now = 1000
    const session = startSession(() => now)
    session.identified('a', true)
    session.identified('b', false)
    session.setApart('c')
    now += 90_000
    session.skip('d')
    now += 600_000
    expect(session.summary.value).toEqual({ identified: 2, first: 1, set_apart: 1, skipped: 1, seconds: 90 })
  })

  it('counts a copy that was skipped until it is settled, once', () => {
    const session = startSession()
    session.skip('a')
    session.skip('b')
    session.skip('a')
    expect(session.summary.value.skipped).toBe(2)
    session.identified('a', true)
    expect(session.summary.value.skipped).toBe(1)
  })

  it('takes back its last act, and knows which copy it was', () => {
    const session = startSession()
    session.identified('a', true)
    session.setApart('b')
    expect(session.undone('identify')).toBeUndefined()
    expect(session.undone('quarantine')).toBe('b')
    expect(session.undone('identify')).toBe('a')
    expect(session.undone('identify')).toBeUndefined()
    expect(session.summary.value).toMatchObject({ identified: 0, first: 0, set_apart: 0 })
  })
})
