import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { ApiError, NetworkError } from '@/api/errors'
import * as accounts from './accountsApi'
import type { Me, Role, StudentLogin } from './accountsApi'
import { dropSession, findKeptSession } from './keptSession'

/** Tells the other tabs of this browser that nobody is logged in any more. */
const channel = new BroadcastChannel('korrigo.session')

export const useSession = defineStore('session', () => {
  /** Who is logged in; null for nobody, undefined until the server was asked. */
  const me = shallowRef<Me | null>()
  /** Why the server could not be asked. */
  const failure = shallowRef<unknown>()
  const signedOutElsewhere = ref(false)
  const role = computed<Role | undefined>(() => me.value?.role)

  channel.onmessage = () => forget()

  /** Asks who is logged in, once. */
  async function load(): Promise<void> {
    if (me.value !== undefined) return
    try {
      me.value = await accounts.getMe()
      failure.value = undefined
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) end()
      else if (!(error instanceof NetworkError && workWithout())) failure.value = error
    }
  }

  /** Without network, whoever took copies along goes on; the server is asked as soon as it is there. */
  function workWithout(): boolean {
    const kept = findKeptSession()
    if (!kept) return false
    me.value = kept
    addEventListener('online', () => void ask(), { once: true })
    return true
  }

  async function ask(): Promise<void> {
    try {
      me.value = await accounts.getMe()
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) forget()
    }
  }

  function end(): void {
    me.value = null
    dropSession()
  }

  async function login(username: string, password: string): Promise<Me> {
    return enter(await accounts.login({ username, password }))
  }

  async function loginStudent(credentials: StudentLogin): Promise<Me> {
    return enter(await accounts.loginStudent(credentials))
  }

  function enter(who: Me): Me {
    signedOutElsewhere.value = false
    if (findKeptSession()?.id !== who.id) dropSession()
    me.value = who
    return who
  }

  async function logout(): Promise<void> {
    try {
      await accounts.logout()
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 401)) throw error
    }
    end()
    channel.postMessage('signed_out')
  }

  /** The session has ended without this tab's doing: expired, or ended in another tab. */
  function forget(): void {
    if (me.value) signedOutElsewhere.value = true
    end()
  }

  async function changePassword(current_password: string, new_password: string): Promise<void> {
    await accounts.changePassword({ current_password, new_password })
    if (me.value) me.value = { ...me.value, must_change_password: false }
  }

  return { me, role, failure, signedOutElsewhere, load, login, loginStudent, logout, forget, changePassword }
})
