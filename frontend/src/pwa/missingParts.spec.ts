import { beforeEach, describe, expect, it, vi } from 'vitest'
import { meetMissingPart } from './missingParts'

describe('a part of the application that could not be loaded', () => {
  const reload = vi.fn()

  beforeEach(() => {
    sessionStorage.clear()
    reload.mockClear()
    vi.spyOn(location, 'reload').mockImplementation(reload)
  })

  const server = (answer: () => Promise<Response>) => vi.stubGlobal('fetch', vi.fn(answer))

  it('loads the page anew when the server is there: it has another version', async () => {
    server(async () => new Response())
    await meetMissingPart()
    expect(reload).toHaveBeenCalledOnce()
  })

  it('leaves the page as it is without network', async () => {
    server(() => Promise.reject(new TypeError('Failed to fetch')))
    await meetMissingPart()
    expect(reload).not.toHaveBeenCalled()
  })

  it('leaves the page as it is while the server is in trouble', async () => {
    server(async () => new Response(null, { status: 503 }))
    await meetMissingPart()
    expect(reload).not.toHaveBeenCalled()
  })

  it('does not reload again and again for a part that is nowhere', async () => {
    server(async () => new Response())
    await meetMissingPart()
    await meetMissingPart()
    expect(reload).toHaveBeenCalledOnce()
  })
})
