import { body, DELETE, GET, PATCH, POST, type Page, type Schemas } from '@/api/http'

export type Me = Schemas['Me']
export type Role = Schemas['Role']
export type User = Schemas['User']
export type UserCreated = Schemas['UserCreated']
export type UserCreate = Schemas['UserCreate']
export type UserChange = Schemas['UserChange']
export type Settings = Schemas['Settings']
export type StudentLogin = Schemas['StudentLogin']

export const getSetup = (): Promise<Schemas['SetupState']> => body(GET('/api/setup/'))

export const completeSetup = (setup: Schemas['Setup']): Promise<User> => body(POST('/api/setup/', { body: setup }))

export const getMe = (): Promise<Me> => body(GET('/api/me/'))

export const changeMe = (change: Schemas['MeChange']): Promise<Me> => body(PATCH('/api/me/', { body: change }))

/** Whether the server sends mail. */
export const getPasswordReset = (): Promise<Schemas['PasswordResetState']> => body(GET('/api/password-reset/'))

export const requestPasswordReset = (request: Schemas['PasswordResetRequest']) =>
  POST('/api/password-reset/', { body: request })

export const confirmPasswordReset = (confirmation: Schemas['PasswordResetConfirm']) =>
  POST('/api/password-reset/confirm/', { body: confirmation })

export const login = (credentials: Schemas['Login']): Promise<Me> => body(POST('/api/login/', { body: credentials }))

export const loginStudent = (credentials: StudentLogin): Promise<Me> =>
  body(POST('/api/students/login/', { body: credentials }))

export const logout = () => POST('/api/logout/')

export const changePassword = (change: Schemas['PasswordChange']) => POST('/api/change-password/', { body: change })

export interface UserQuery {
  page?: number
  search?: string
  role?: Role
}

export const listUsers = (query: UserQuery): Promise<Page<User>> => body(GET('/api/users/', { params: { query } }))

export const createUser = (user: UserCreate): Promise<UserCreated> => body(POST('/api/users/', { body: user }))

export const changeUser = (user_id: User['id'], change: UserChange): Promise<User> =>
  body(PATCH('/api/users/{user_id}/', { params: { path: { user_id } }, body: change }))

export const deleteUser = (user_id: User['id']) => DELETE('/api/users/{user_id}/', { params: { path: { user_id } } })

export const resetPassword = (user_id: User['id']): Promise<Schemas['TemporaryPassword']> =>
  body(POST('/api/users/{user_id}/reset-password/', { params: { path: { user_id } } }))

export const getSettings = (): Promise<Settings> => body(GET('/api/settings/'))

export const changeSettings = (change: Partial<Settings>): Promise<Settings> =>
  body(POST('/api/settings/', { body: change }))

export type Webhook = Schemas['Webhook']
export type WebhookEvent = Webhook['events'][number]

export const webhookEvents: readonly WebhookEvent[] = [
  ...(['READY_FOR_IDENTIFICATION', 'BATCH_FAILED', 'COPIES_ASSIGNED', 'FACE_REPORTED'] as const),
  ...(['ALL_GRADED', 'TASK_FAILED', 'RESULTS_RELEASED'] as const),
]

export const listWebhooks = (): Promise<Page<Webhook>> => body(GET('/api/webhooks/'))

export const createWebhook = (webhook: Schemas['WebhookCreate']): Promise<Schemas['WebhookCreated']> =>
  body(POST('/api/webhooks/', { body: webhook }))

export const deleteWebhook = (webhook_id: Webhook['id']) =>
  DELETE('/api/webhooks/{webhook_id}/', { params: { path: { webhook_id } } })

export const listEngines = (): Promise<Schemas['EngineList']> => body(GET('/api/settings/engines/'))
