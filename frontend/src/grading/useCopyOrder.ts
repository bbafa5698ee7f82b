import { computed, shallowRef, watch, type Ref } from 'vue'
import { GET, body, type Page } from '@/api/http'
import type { CopyAdmin, CopyStatus, CopyTeacher } from '@/copies/copiesApi'
import { useSession } from '@/accounts/sessionStore'
import { allOf, listCopiesByQuestion } from './gradingApi'
import { keptLot } from './lots'

/** A copy in the order in which it is marked. */
export interface InOrder {
  id: string
  anonymous_id: string
  /** Nothing is left to do here. */
  done: boolean
}

const markable: CopyStatus[] = ['READY', 'LOCKED', 'GRADED', 'GRADING_FAILED']

async function copiesOf(exam_id: string): Promise<InOrder[]> {
  const copies = await allOf(
    query =>
      body(GET('/api/exams/{exam_id}/copies/', { params: { path: { exam_id }, query } })) as Promise<
        Page<CopyAdmin | CopyTeacher>
      >,
  )
  return copies
    .filter(copy => markable.includes(copy.status))
    .map(({ id, anonymous_id, status }) => ({ id, anonymous_id, done: status === 'GRADED' }))
}

async function copiesBy(exam_id: string, question_id: string): Promise<InOrder[]> {
  const copies = await listCopiesByQuestion(exam_id, question_id)
  return copies.map(({ copy_id, anonymous_id, points }) => ({ id: copy_id, anonymous_id, done: points !== null }))
}

/** Without network, those that were taken along. */
async function copiesKept(user_id: number, exam_id: string): Promise<InOrder[]> {
  const kept = (await keptLot(user_id)).filter(({ copy }) => copy.exam.id === exam_id)
  return kept.map(({ copy }) => ({ id: copy.id, anonymous_id: copy.anonymous_id, done: copy.status === 'GRADED' }))
}

/** The copies beside the one on the desk: of the whole exam, or those of one question. */
export function useCopyOrder(
  exam_id: Ref<string | undefined>,
  copy_id: Ref<string>,
  question_id: Ref<string | undefined>,
) {
  const user_id = useSession().me!.id
  const copies = shallowRef<InOrder[]>([])
  const index = computed(() => copies.value.findIndex(one => one.id === copy_id.value))
  const next = computed(() => copies.value[index.value + 1])
  const previous = computed(() => copies.value[index.value - 1])
  /** The next one with something left to do, from here round to here. */
  const nextToDo = computed(() => {
    const round = [...copies.value.slice(index.value + 1), ...copies.value.slice(0, Math.max(index.value, 0))]
    return round.find(one => !one.done)
  })

  async function load() {
    if (!exam_id.value) return
    const asked = [exam_id.value, question_id.value] as const
    const load_ = asked[1] ? copiesBy(asked[0], asked[1]) : copiesOf(asked[0])
    const loaded = await load_.catch(() => (copies.value.length ? copies.value : copiesKept(user_id, asked[0])))
    if (asked[0] === exam_id.value && asked[1] === question_id.value) copies.value = loaded
  }

  function setDone(id: string, done: boolean) {
    copies.value = copies.value.map(one => (one.id === id ? { ...one, done } : one))
  }

  watch([exam_id, question_id], load, { immediate: true })
  return { copies, index, next, previous, nextToDo, setDone, reload: load }
}
