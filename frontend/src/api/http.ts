import createClient, { type Middleware } from 'openapi-fetch'
import { ApiError, NetworkError } from './errors'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** A list as every list endpoint answers. */
export interface Page<T> {
  count: number
  next: string | null
  previous: string | null
  results: T[]
}

let token: Promise<string> | undefined
let acceptLanguage = () => 'fr'
let onSessionLost = () => {}

/** What the wire needs to know of the application; set once when it starts. */
export function configureHttp(options: { acceptLanguage: () => string; onSessionLost: () => void }): void {
  acceptLanguage = options.acceptLanguage
  onSessionLost = options.onSessionLost
}

/** The headers of an unsafe request. The token is fetched once and survives log-in and log-out. */
export async function unsafeHeaders(): Promise<Record<string, string>> {
  token ??= fetchToken()
  token.catch(() => (token = undefined))
  return { 'X-CSRFToken': await token, 'Accept-Language': acceptLanguage() }
}

/** Drops the token after the server has refused it, so that the next request fetches a new one. */
export function forgetToken(): void {
  token = undefined
}

async function fetchToken(): Promise<string> {
  const response = await fetchOrFail(new Request(new URL('/api/csrf/', location.href)))
  if (!response.ok) throw await errorOf(response)
  return ((await response.json()) as Schemas['CsrfToken']).csrf_token
}

async function fetchOrFail(request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch {
    throw new NetworkError()
  }
}

async function send(request: Request): Promise<Response> {
  if (request.method === 'GET') return fetchOrFail(request)
  const again = request.clone()
  const response = await fetchOrFail(await withToken(request))
  if (response.status !== 403 || (await codeOf(response)) !== 'csrf.failed') return response
  forgetToken()
  return fetchOrFail(await withToken(again))
}

async function withToken(request: Request): Promise<Request> {
  request.headers.set('X-CSRFToken', (await unsafeHeaders())['X-CSRFToken']!)
  return request
}

async function codeOf(response: Response): Promise<string> {
  return (await errorOf(response.clone())).code
}

async function errorOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined)
  return new ApiError(response.status, body, Number(response.headers.get('Retry-After')) || 0)
}

const refusals: Middleware = {
  onRequest({ request }) {
    request.headers.set('Accept-Language', acceptLanguage())
  },
  async onResponse({ response, schemaPath }) {
    if (response.ok) return
    const error = await errorOf(response)
    if (error.status === 401 && error.code === 'auth.required' && schemaPath !== '/api/me/') onSessionLost()
    throw error
  },
}

const client = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: send })
client.use(refusals)

export const { GET, POST, PUT, PATCH, DELETE } = client

/** The body of an answer. Refusals have been thrown as ApiError before, so it is there. */
export async function body<T>(answer: Promise<{ data?: T }>): Promise<T> {
  return (await answer).data as T
}

/** A multipart body; fields that are undefined stay away, lists become one part for each item. */
export function multipart(fields: Record<string, string | Blob | (string | Blob)[] | undefined>): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    for (const part of Array.isArray(value) ? value : [value]) form.append(name, part)
  }
  return form
}
