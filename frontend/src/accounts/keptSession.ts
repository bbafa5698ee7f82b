import type { Me } from './accountsApi'

const name = 'korrigo.session'

/** Whoever takes copies along is known in this browser without network too, until the log-out. */
export function keepSession(me: Me): void {
  localStorage.setItem(name, JSON.stringify(me))
}

export function dropSession(): void {
  localStorage.removeItem(name)
}

export function findKeptSession(): Me | undefined {
  try {
    const me = JSON.parse(localStorage.getItem(name) ?? 'null') as Me | null
    return me ?? undefined
  } catch {
    return undefined
  }
}
