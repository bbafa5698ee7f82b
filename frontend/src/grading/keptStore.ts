/** What this browser keeps of a corrector's work: small values by key, each changed in one step whichever tab does it. */
export interface KeptStore {
  get<T>(key: string): Promise<T | undefined>
  /** The value after the change; undefined removes it. */
  update<T>(key: string, change: (before: T | undefined) => T | undefined): Promise<T | undefined>
  keys(prefix: string): Promise<string[]>
  /** False in a browser that keeps nothing, as some private windows. */
  readonly lasts: boolean
}

const databaseName = 'korrigo.grading'
const storeName = 'kept'

export async function openKeptStore(): Promise<KeptStore> {
  try {
    return inDatabase(await opened())
  } catch {
    return inMemory()
  }
}

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
    request.onblocked = () => reject(new Error('blocked'))
  })
}

function inDatabase(database: IDBDatabase): KeptStore {
  function inStore<T>(
    mode: IDBTransactionMode,
    act: (store: IDBObjectStore, done: (value: T) => void) => void,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      // Strict: on the disk before the page says that it is saved.
      const transaction = database.transaction(storeName, mode, mode === 'readwrite' ? { durability: 'strict' } : {})
      let result: T
      transaction.oncomplete = () => resolve(result)
      transaction.onabort = transaction.onerror = () => reject(transaction.error)
      act(transaction.objectStore(storeName), value => (result = value))
    })
  }

  return {
    lasts: true,
    get: <T>(key: string) =>
      inStore<T | undefined>('readonly', (store, done) => {
        const request = store.get(key) as IDBRequest<T | undefined>
        request.onsuccess = () => done(request.result)
      }),
    update: <T>(key: string, change: (before: T | undefined) => T | undefined) =>
      inStore<T | undefined>('readwrite', (store, done) => {
        const request = store.get(key) as IDBRequest<T | undefined>
        request.onsuccess = () => {
          const after = change(request.result)
          if (after === undefined) store.delete(key)
          else store.put(after, key)
          done(after)
        }
      }),
    keys: prefix =>
      inStore<string[]>('readonly', (store, done) => {
        const request = store.getAllKeys(IDBKeyRange.bound(prefix, `${prefix}\uffff`))
        request.onsuccess = () => done(request.result as string[])
      }),
  }
}

export function inMemory(): KeptStore {
  const values = new Map<string, unknown>()
  return {
    lasts: false,
    get: async <T>(key: string) => values.get(key) as T | undefined,
    async update<T>(key: string, change: (before: T | undefined) => T | undefined) {
      const after = change(values.get(key) as T | undefined)
      if (after === undefined) values.delete(key)
      else values.set(key, after)
      return after
    },
    keys: async prefix => [...values.keys()].filter(key => key.startsWith(prefix)),
  }
}
