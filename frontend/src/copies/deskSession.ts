import { computed, reactive, ref } from 'vue'

interface Act {
  kind: 'identify' | 'quarantine'
  copy_id: string
  first: boolean
}

/** What one person did at the identification desk since they sat down. */
export function startSession(now: () => number = Date.now) {
  const acts = reactive<Act[]>([])
  const skipped = reactive(new Set<string>())
  const began = now()
  const latest = ref(began)

  function did(act: Act) {
    acts.push(act)
    skipped.delete(act.copy_id)
    latest.value = now()
  }

  return {
    /** `first`: it was the likeliest candidate. */
    identified: (copy_id: string, first: boolean) => did({ kind: 'identify', copy_id, first }),
    setApart: (copy_id: string) => did({ kind: 'quarantine', copy_id, first: false }),
    skip(copy_id: string) {
      skipped.add(copy_id)
      latest.value = now()
    },
    /** The copy whose act was taken back; nothing when it was none of this session's. */
    undone(kind: string): string | undefined {
      latest.value = now()
      return acts.at(-1)?.kind === kind ? acts.pop()!.copy_id : undefined
    },
    summary: computed(() => ({
      identified: acts.filter(act => act.kind === 'identify').length,
      first: acts.filter(act => act.first).length,
      set_apart: acts.filter(act => act.kind === 'quarantine').length,
      skipped: skipped.size,
      seconds: (latest.value - began) / 1000,
    })),
  }
}

export type SessionSummary = ReturnType<typeof startSession>['summary']['value']
