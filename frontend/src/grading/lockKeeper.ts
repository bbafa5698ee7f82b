import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ApiError } from '@/api/errors'
import { keepLock, releaseLock, takeLock } from './gradingApi'

/** `over`: the copy is marked. `unknown`: the server did not answer; what is done meanwhile is kept. */
export type LockState = 'taking' | 'mine' | 'taken' | 'over' | 'unknown'

export interface LockKeeper {
  readonly state: Ref<LockState>
  /** Who has it, while it is taken. */
  readonly owner: ShallowRef<string | undefined>
  /**
   * The token to send; waits while it is being taken, and takes it again where its time is over. Undefined where another
   * has the copy; throws while the server cannot be asked, for one's own lock would refuse what comes without its token.
   */
  token(): Promise<string | undefined>
  take(): Promise<void>
  /** Does something that needs the lock; takes it once more where it was taken away meanwhile. */
  use<T>(act: (token: string | undefined) => Promise<T>): Promise<T>
  /** Another tab of this browser has it or gave it back. */
  told(token: string | undefined, until: number): void
  release(): Promise<void>
  stop(): void
}

const beat = 4 * 60_000
const look = 10_000
/** A token is not trusted in the last moments of its time. */
const margin = 20_000

interface Options {
  copy_id: string
  offline: boolean
  onTold: (token: string | undefined, until: number) => void
}

export function keepLockOf({ copy_id, offline, onTold }: Options): LockKeeper {
  const state = ref<LockState>('taking')
  const owner = shallowRef<string>()
  let held: { token: string; until: number } | undefined
  let taking: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let unreachable: unknown
  let stopped = false

  function take(): Promise<void> {
    taking ??= tryToTake().finally(() => (taking = undefined))
    return taking
  }

  async function tryToTake() {
    try {
      const { token, expires_at } = await takeLock(copy_id, { offline })
      held = { token, until: Date.parse(expires_at) }
      unreachable = undefined
      owner.value = undefined
      state.value = 'mine'
      onTold(token, held.until)
      again(beat, heartbeat)
    } catch (error) {
      meet(error)
    }
  }

  function meet(error: unknown) {
    unreachable = error instanceof ApiError && error.status < 500 ? undefined : error
    if (!(error instanceof ApiError)) {
      if (state.value !== 'mine') state.value = 'unknown'
      return again(look, () => void take())
    }
    held = undefined
    if (error.code === 'lock.taken') {
      owner.value = (error.details[0] as { owner?: string } | undefined)?.owner
      state.value = 'taken'
      return again(look, () => void take())
    }
    state.value = error.code === 'copy.graded' ? 'over' : 'unknown'
    if (error.status >= 500) again(look, () => void take())
  }

  async function heartbeat() {
    if (!held) return
    try {
      const { expires_at } = await keepLock(copy_id, held.token, { offline })
      held = { ...held, until: Date.parse(expires_at) }
      again(beat, heartbeat)
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 403)) return take()
      again(look, heartbeat)
    }
  }

  function again(wait: number, act: () => void) {
    clearTimeout(timer)
    if (!stopped) timer = setTimeout(act, wait)
  }

  /** A page that slept may have slept through its lock. */
  const wake = () => {
    if (document.visibilityState === 'visible' && state.value === 'mine') void heartbeat()
  }
  document.addEventListener('visibilitychange', wake)

  async function token(): Promise<string | undefined> {
    await taking
    if (!held || held.until - margin < Date.now()) await take()
    if (!held && unreachable) throw unreachable
    return held?.token
  }

  return {
    ...{ state, owner, take, token },
    async use(act) {
      try {
        return await act(await token())
      } catch (error) {
        if (!(error instanceof ApiError && error.code.startsWith('lock.'))) throw error
        await take()
        return act(held?.token)
      }
    },
    told(token, until) {
      held = token ? { token, until } : undefined
      if (token && state.value !== 'over') state.value = 'mine'
      if (token) again(beat, heartbeat)
    },
    async release() {
      const token = held?.token
      held = undefined
      clearTimeout(timer)
      if (!token) return
      onTold(undefined, 0)
      await releaseLock(copy_id, token).catch(() => {})
    },
    stop() {
      stopped = true
      clearTimeout(timer)
      document.removeEventListener('visibilitychange', wake)
    },
  }
}
