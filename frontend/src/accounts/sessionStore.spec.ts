import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { makeMe } from '@/testing/factories'
import { refusal, serve } from '@/testing/fakeServer'
import { freshPinia } from '@/testing/harness'
import { findKeptSession, keepSession } from './keptSession'
import { useSession } from './sessionStore'

const teacher = makeMe({ id: 4, role: 'TEACHER', username: 'dupont' })

beforeEach(() => {
  localStorage.clear()
  freshPinia()
})

describe('a session without network', () => {
  it('goes on for whoever took copies along, until the server says otherwise', async () => {
    keepSession(teacher)
    serve({ 'GET /api/me/': 'no network' })
    const session = useSession()
    await session.load()
    expect(session.me?.username).toBe('dupont')
    serve({ 'GET /api/me/': refusal(401, 'auth.required', '') })
    dispatchEvent(new Event('online'))
    await flushPromises()
    expect(session.me).toBeNull()
    expect(findKeptSession()).toBeUndefined()
  })

  it('is nobody’s for those who took nothing along', async () => {
    serve({ 'GET /api/me/': 'no network' })
    const session = useSession()
    await session.load()
    expect(session.me).toBeUndefined()
    expect(session.failure).toBeDefined()
  })

  it('is forgotten with the log-out, and when somebody else logs in', async () => {
    keepSession(teacher)
    serve({ 'POST /api/logout/': { status: 204 }, 'POST /api/login/': { body: makeMe({ id: 9 }) } })
    const session = useSession()
    await session.login('direction', 'x')
    expect(findKeptSession()).toBeUndefined()
    keepSession(teacher)
    await session.logout()
    expect(findKeptSession()).toBeUndefined()
  })
})
