import { describe, expect, it } from 'vitest'
import { ApiError, NetworkError, sentenceOf } from './errors'

const t = (key: string, values?: Record<string, unknown>) => key + (values ? JSON.stringify(values) : '')

describe('the sentence of an error', () => {
  it("is the server's own where there is one", () => {
    expect(sentenceOf(new ApiError(409, { error: 'Cet examen est en traitement.', code: 'exam.busy' }), t)).toBe(
      'Cet examen est en traitement.',
    )
  })

  it('says when the next try is welcome', () => {
    expect(sentenceOf(new ApiError(429, { error: 'Trop.' }, 130), t)).toBe('errors.limited{"minutes":3}')
  })

  it('tells a missing network from a proxy that answers something else', () => {
    expect(sentenceOf(new NetworkError(), t)).toBe('errors.network')
    expect(sentenceOf(new ApiError(503, '<html>'), t)).toBe('errors.busy')
    expect(sentenceOf(new Error('bug'), t)).toBe('errors.unexpected')
  })
})
