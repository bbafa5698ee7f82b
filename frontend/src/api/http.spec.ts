import { describe, expect, it, vi } from 'vitest'
import { refusal, serve } from '@/testing/fakeServer'
import { login, getMe, getSettings } from '@/accounts/accountsApi'
import { ApiError, NetworkError } from './errors'
import { configureHttp } from './http'

const credentials = { username: 'admin', password: 'secret' }

describe('the wire', () => {
  it('fetches the CSRF token once and sends it with every unsafe request', async () => {
    const asked = serve({ 'POST /api/login/': { body: {} } })
    await login(credentials)
    await login(credentials)
    expect(asked.filter(one => one.path === '/api/csrf/')).toHaveLength(1)
    expect(asked.at(-1)?.headers.get('X-CSRFToken')).toBe('x'.repeat(32))
  })

  it('fetches a new token and tries once more when the server refuses the old one', async () => {
    let tokens = 0
    const asked = serve({
      'GET /api/csrf/': () => ({ body: { csrf_token: `token-${++tokens}` } }),
      'POST /api/login/': one =>
        one.headers.get('X-CSRFToken') === 'token-2' ? { body: { id: 7 } } : refusal(403, 'csrf.failed', 'CSRF'),
    })
    expect(await login(credentials)).toEqual({ id: 7 })
    expect(asked.at(-1)?.body).toEqual(credentials)
  })

  it('asks for sentences in the language of the page', async () => {
    configureHttp({ acceptLanguage: () => 'en', onSessionLost: () => {} })
    const asked = serve({ 'GET /api/me/': { body: {} } })
    await getMe()
    expect(asked.at(-1)?.headers.get('Accept-Language')).toBe('en')
  })

  it('tells when the session has ended, but not when nobody was logged in yet', async () => {
    const lost = vi.fn()
    configureHttp({ acceptLanguage: () => 'fr', onSessionLost: lost })
    const signedOut = refusal(401, 'auth.required', 'Connexion nécessaire.')
    serve({ 'GET /api/me/': signedOut, 'GET /api/settings/': signedOut })
    await expect(getMe()).rejects.toThrow(ApiError)
    expect(lost).not.toHaveBeenCalled()
    await expect(getSettings()).rejects.toThrow(ApiError)
    expect(lost).toHaveBeenCalledOnce()
  })

  it('tells a refusal with its code, its faults and its request id', async () => {
    const details = [{ line: 2, column: 'email', message: 'Adresse incomplète.' }]
    serve({ 'GET /api/settings/': refusal(422, 'roster.invalid', 'La liste a des erreurs.', { details }) })
    const error = await getSettings().catch((caught: unknown) => caught as ApiError)
    expect(error).toMatchObject({ status: 422, code: 'roster.invalid', details, request_id: 'r-1' })
  })

  it('tells a server that does not answer from one that refuses', async () => {
    serve({ 'GET /api/settings/': 'no network' })
    await expect(getSettings()).rejects.toThrow(NetworkError)
  })
})
