import { tryOnScopeDispose } from '@vueuse/core'
import { readonly, ref, type Ref } from 'vue'

export type SocketState = 'connecting' | 'open' | 'closed' | 'refused'

export interface SocketOptions<M> {
  onMessage: (message: M) => void
  /** Called after a connection is back, when messages may have been missed. */
  onReconnect?: () => void
  /** Milliseconds before the n-th try to connect again, n from 1. */
  retryDelay?: (attempt: number) => number
}

export interface Socket {
  state: Readonly<Ref<SocketState>>
  /** Ends the connection for good. Also done when the surrounding scope ends. */
  close: () => void
}

/** Codes with which the server says that another try is pointless: not logged in, not allowed, nothing there. */
const finalCodes = [4401, 4403, 4404]

/** Messages of one server path as JSON, connected again by itself until closed. Messages of a superseded connection are dropped. */
export function openSocket<M>(path: string, options: SocketOptions<M>): Socket {
  const state = ref<SocketState>('connecting')
  const retryDelay = options.retryDelay ?? (attempt => Math.min(500 * 2 ** (attempt - 1), 10_000))
  let current: WebSocket | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let attempt = 0
  let wasOpen = false
  let wanted = true

  function connect() {
    const socket = new WebSocket(path)
    current = socket
    state.value = 'connecting'
    socket.onopen = () => {
      if (socket !== current) return
      attempt = 0
      state.value = 'open'
      if (wasOpen) options.onReconnect?.()
      wasOpen = true
    }
    socket.onmessage = event => {
      if (socket === current) options.onMessage(JSON.parse(event.data as string) as M)
    }
    socket.onclose = event => {
      if (socket !== current || !wanted) return
      if (finalCodes.includes(event.code)) {
        state.value = 'refused'
        return
      }
      state.value = 'closed'
      attempt += 1
      timer = setTimeout(connect, retryDelay(attempt))
    }
  }

  function close() {
    wanted = false
    clearTimeout(timer)
    current?.close()
    current = undefined
    state.value = 'closed'
  }

  connect()
  tryOnScopeDispose(close)
  return { state: readonly(state), close }
}
