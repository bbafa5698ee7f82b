/** A WebSocket whose other end is the test. */
export class FakeSocket {
  static readonly opened: FakeSocket[] = []

  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  closed = false

  constructor(readonly url: string) {
    FakeSocket.opened.push(this)
  }

  static get last(): FakeSocket {
    return FakeSocket.opened.at(-1)!
  }

  accept(): void {
    this.onopen?.()
  }

  say(message: unknown): void {
    this.onmessage?.({ data: JSON.stringify(message) })
  }

  drop(code = 1006): void {
    this.onclose?.({ code })
  }

  close(): void {
    this.closed = true
    this.onclose?.({ code: 1000 })
  }
}
