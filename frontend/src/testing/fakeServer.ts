import { vi } from 'vitest'

export interface Asked {
  method: string
  path: string
  query: URLSearchParams
  headers: Headers
  body: unknown
}

type Answer = { status?: number; body?: unknown; headers?: Record<string, string> } | 'no network'
type Handler = Answer | ((asked: Asked) => Answer)

/** Stands in for the server at `fetch`: answers by `METHOD /path/`, and remembers what was asked. */
export function serve(routes: Record<string, Handler>): Asked[] {
  const all: Asked[] = []
  const known: Record<string, Handler> = { 'GET /api/csrf/': { body: { csrf_token: 'x'.repeat(32) } }, ...routes }
  vi.stubGlobal('fetch', async (input: Request | string, init?: RequestInit) => {
    const request = new Request(input, init)
    const url = new URL(request.url)
    const isForm = request.headers.get('content-type')?.includes('multipart')
    const body: unknown = isForm ? await request.formData() : parse(await request.text())
    const asked = {
      method: request.method,
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    }
    all.push(asked)
    const handler = known[`${asked.method} ${asked.path}`]
    if (!handler) throw new Error(`not described: ${asked.method} ${asked.path}`)
    const answer = typeof handler === 'function' ? handler(asked) : handler
    if (answer === 'no network') throw new TypeError('failed to fetch')
    const status = answer.status ?? 200
    const text = answer.body === undefined ? null : JSON.stringify(answer.body)
    return new Response(text, { status, headers: { 'Content-Type': 'application/json', ...answer.headers } })
  })
  return all
}

export const refusal = (status: number, code: string, error: string, more: object = {}) => ({
  status,
  body: { error, code, request_id: 'r-1', ...more },
})

export const listOf = (results: unknown[]) => ({
  body: { count: results.length, next: null, previous: null, results },
})

function parse(text: string): unknown {
  return text ? JSON.parse(text) : undefined
}
