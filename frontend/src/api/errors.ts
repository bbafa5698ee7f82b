import type { Schemas } from './http'

/** One fault of a refused file or form, as the server's `details` list holds them. */
export type Fault = Partial<Schemas['ErrorDetail']>

/** An answer of 4xx or 5xx. `message` is the server's own sentence, already in the user's language; empty when it sent none. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly field?: string
  readonly details: Fault[]
  readonly request_id?: string
  /** Seconds to wait before another try, from Retry-After; 0 when the server named none. */
  readonly retry_after: number

  constructor(status: number, body: unknown, retry_after = 0) {
    const answer = isRecord(body) ? body : {}
    super(typeof answer.error === 'string' ? answer.error : '')
    this.name = 'ApiError'
    this.status = status
    this.code = typeof answer.code === 'string' ? answer.code : `http.${status}`
    this.field = typeof answer.field === 'string' ? answer.field : undefined
    this.details = Array.isArray(answer.details) ? answer.details.map(toFault) : []
    this.request_id = typeof answer.request_id === 'string' ? answer.request_id : undefined
    this.retry_after = retry_after
  }
}

/** No answer at all: offline, server stopped, or the request was cut. */
export class NetworkError extends Error {
  constructor() {
    super('')
    this.name = 'NetworkError'
  }
}

/** The sentence a person reads: the server's own where there is one, else one of ours by kind. */
export function sentenceOf(error: unknown, t: (key: string, values?: Record<string, unknown>) => string): string {
  if (error instanceof NetworkError) return t('errors.network')
  if (!(error instanceof ApiError)) return t('errors.unexpected')
  if (error.status === 429 && error.retry_after > 0) {
    return t('errors.limited', { minutes: Math.ceil(error.retry_after / 60) })
  }
  if (error.message) return error.message
  const key = { 401: 'signed_out', 403: 'forbidden', 404: 'not_found', 413: 'too_large', 503: 'busy' }[error.status]
  return t(`errors.${key ?? 'unexpected'}`)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function toFault(detail: unknown): Fault {
  return isRecord(detail) ? (detail as Fault) : { message: String(detail) }
}
