import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeSocket } from '@/testing/fakeSocket'
import { openSocket } from './socket'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function open(options: { onReconnect?: () => void } = {}) {
  const messages: unknown[] = []
  const socket = openSocket('/ws/x/', { onMessage: message => messages.push(message), ...options })
  return { socket, messages }
}

describe('a socket', () => {
  it('connects again after the connection was lost, and says so', () => {
    const onReconnect = vi.fn()
    const { socket } = open({ onReconnect })
    FakeSocket.last.accept()
    expect(socket.state.value).toBe('open')
    FakeSocket.last.drop()
    expect(socket.state.value).toBe('closed')
    vi.advanceTimersByTime(500)
    FakeSocket.last.accept()
    expect(FakeSocket.opened).toHaveLength(2)
    expect(onReconnect).toHaveBeenCalledOnce()
  })

  it('drops messages of a connection that another has replaced', () => {
    const { messages } = open()
    const first = FakeSocket.last
    first.drop()
    vi.advanceTimersByTime(500)
    FakeSocket.last.accept()
    first.say({ late: true })
    FakeSocket.last.say({ new: true })
    expect(messages).toEqual([{ new: true }])
  })

  it('waits longer after each failure, and not forever', () => {
    open()
    for (let tries = 0; tries < 8; tries += 1) {
      FakeSocket.last.drop()
      vi.advanceTimersByTime(10_000)
    }
    expect(FakeSocket.opened).toHaveLength(9)
    FakeSocket.last.drop()
    vi.advanceTimersByTime(9_999)
    expect(FakeSocket.opened).toHaveLength(9)
  })

  it.each([4401, 4403, 4404])('does not try again after %i', code => {
    const { socket } = open()
    FakeSocket.last.drop(code)
    vi.advanceTimersByTime(60_000)
    expect(socket.state.value).toBe('refused')
    expect(FakeSocket.opened).toHaveLength(1)
  })

  it('stays closed once closed', () => {
    const { socket } = open()
    FakeSocket.last.drop()
    socket.close()
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.opened).toHaveLength(1)
  })
})
