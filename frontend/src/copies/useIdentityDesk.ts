import { useEventListener, useIntervalFn } from '@vueuse/core'
import { computed, onScopeDispose, ref } from 'vue'
import { ApiError, sentenceOf } from '@/api/errors'
import { useAsync } from '@/composables/useAsync'
import { useErrorToast } from '@/composables/useErrorToast'
import { newId } from '@/grading/operations'
import { useI18n } from '@/i18n'
import { undo } from '@/scans/scansApi'
import { startSession } from './deskSession'
import { identify, leaveDesk, takePlace, type DeskPlace, type DeskWish, type IdentityChoice } from './identityDeskApi'
import { quarantineCopy } from './mattersApi'

/** The server keeps a copy for a minute; a page says three times in it that it is still shown. */
const beat = 20_000
/** Refusals that say the copy is no longer this page's to decide. */
const settledElsewhere = new Set([
  'identification.already_identified',
  'identification.at_another_desk',
  'identification.set_apart',
  'copy.in_marking',
  'copy.not_staging',
  'copy.not_found',
])

export interface Notice {
  text: string
  /** Somebody else was there first. */
  warns: boolean
}

/** The copies of an exam that are nobody's, one after the other, each shown here alone. */
export function useIdentityDesk(exam_id: string) {
  const { t } = useI18n()
  const showError = useErrorToast()
  const desk = newId()
  const session = startSession()
  const busy = ref(false)
  const notice = ref<Notice>()
  let line: Promise<unknown> = Promise.resolve()
  let act: Promise<void> = Promise.resolve()

  /** One after the other, as they were asked: a renewal that comes late would take a place back. */
  function inTurn<T>(request: () => Promise<T>): Promise<T> {
    const mine = line.then(request)
    line = mine.catch(() => {})
    return mine
  }

  const ask = (move: DeskWish['move'], copy_id?: string): Promise<DeskPlace> =>
    inTurn(() => takePlace(desk, { exam_id, move, copy_id }))
  const loaded = useAsync(() => ask('next'))
  const copy = computed(() => loaded.data.value?.copy ?? undefined)

  async function go(move: DeskWish['move'], copy_id?: string) {
    loaded.data.value = await ask(move, copy_id)
  }

  const isElsewhere = (error: unknown) => error instanceof ApiError && settledElsewhere.has(error.code)
  const warn = (error: unknown) => (notice.value = { text: sentenceOf(error, t), warns: true })

  /** Nothing is begun while something else goes on: a key pressed twice is not a decision about the next copy. */
  async function alone(begin: () => Promise<void>) {
    if (!busy.value) await (act = run(begin))
  }

  async function run(begin: () => Promise<void>) {
    busy.value = true
    try {
      await begin()
    } catch (error) {
      showError(error)
    } finally {
      busy.value = false
    }
  }

  const move = (to: 'next' | 'back') =>
    alone(async () => {
      if (copy.value && to === 'next') session.skip(copy.value.id)
      notice.value = undefined
      await go(to, copy.value?.id)
    })

  const decide = (settle: (copy_id: string) => Promise<string>) =>
    alone(async () => {
      const shown = copy.value
      if (!shown) return
      try {
        notice.value = { text: await settle(shown.id), warns: false }
      } catch (error) {
        if (!isElsewhere(error)) throw error
        warn(error)
      }
      await go('next', shown.id)
    })

  const choose = (choice: IdentityChoice) =>
    decide(async copy_id => {
      const likeliest = copy.value?.ocr_result?.candidates.find(one => one.student)?.student
      const id = copy.value?.anonymous_id
      await identify(copy_id, choice)
      session.identified(copy_id, likeliest?.id === choice.student.id)
      return t('identify.done', { id, name: `${choice.student.last_name} ${choice.student.first_name}` })
    })

  const setApart = (reason: string) =>
    decide(async copy_id => {
      const id = copy.value?.anonymous_id
      await quarantineCopy(copy_id, reason)
      session.setApart(copy_id)
      return t('identify.apart', { id, reason })
    })

  /** What was just done may still be on its way. */
  async function takeBack() {
    await act
    await alone(async () => {
      const { undone, copy_ids } = await undo(exam_id)
      const isOpen = undone === 'identify' || undone === 'quarantine'
      const back = session.undone(undone) ?? (isOpen ? copy_ids[0] : undefined)
      notice.value = { text: t(`undone.${undone}`), warns: false }
      try {
        await (back ? go('stay', back) : go('next'))
      } catch (error) {
        if (!isElsewhere(error)) throw error
        await go('next', back)
      }
    })
  }

  /** What is shown stays as it is, so that no candidate moves under a finger; only the count is renewed. */
  async function renew() {
    const shown = copy.value
    if (busy.value || document.hidden || !loaded.data.value) return
    try {
      const place = await ask(shown ? 'stay' : 'next', shown?.id)
      if (copy.value?.id !== shown?.id) return
      loaded.data.value = shown ? { ...loaded.data.value, progress: place.progress } : place
    } catch (error) {
      if (busy.value || !isElsewhere(error) || copy.value?.id !== shown?.id) return
      warn(error)
      await alone(() => go('next', shown?.id))
    }
  }

  const leave = () => void leaveDesk(desk).catch(() => {})
  useIntervalFn(() => void renew(), beat)
  useEventListener(document, 'visibilitychange', () => void renew())
  useEventListener(window, 'pagehide', leave)
  onScopeDispose(() => void line.then(leave))

  return { loaded, copy, busy, notice, session, move, choose, setApart, takeBack, renew }
}
