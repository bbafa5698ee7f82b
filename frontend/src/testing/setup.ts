import { enableAutoUnmount } from '@vue/test-utils'
import { afterEach, beforeEach, vi } from 'vitest'
import { forgetToken } from '@/api/http'
import { language, startLanguage } from '@/i18n'
import { FakeSocket } from './fakeSocket'

enableAutoUnmount(afterEach)

language.value = 'fr'
await startLanguage()

beforeEach(() => {
  localStorage.clear()
  sessionStorage.clear()
  forgetToken()
  FakeSocket.opened.length = 0
  vi.stubGlobal('WebSocket', FakeSocket)
  // No test reaches a real server.
  vi.stubGlobal('fetch', () => Promise.reject(new Error('a test called a server that it has not described')))
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})
