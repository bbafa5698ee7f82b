import { ref, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { sentenceOf } from '@/api/errors'
import { useI18n } from '@/i18n'
import { homeOf } from '@/router'
import type { Me } from './accountsApi'

/** What both log-ins share: where to go afterwards, and a refusal that stays on the page. */
export function useEntry(): { refusal: Ref<string>; enter: (me: Me) => void; refuse: (error: unknown) => boolean } {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()
  const refusal = ref('')

  function enter(me: Me) {
    const next = route.query.next
    // Only a path of this application: never a host that a link brought along.
    const inside = typeof next === 'string' && /^\/(?![/\\])/.test(next)
    void router.replace(inside ? next : homeOf(me.role))
  }

  function refuse(error: unknown): boolean {
    refusal.value = sentenceOf(error, t)
    return true
  }

  return { refusal, enter, refuse }
}
