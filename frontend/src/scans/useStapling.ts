import { useToast } from '@nuxt/ui/composables'
import { useTimeoutFn } from '@vueuse/core'
import { computed, ref, watch } from 'vue'
import { useAsync } from '@/composables/useAsync'
import { useConfirm } from '@/composables/useConfirm'
import { useErrorToast } from '@/composables/useErrorToast'
import { useI18n } from '@/i18n'
import * as api from './scansApi'
import type { Booklet, Face } from './scansApi'
import { bookletOf, neighbour, placed, shifted, turned, without, type ArrangedFace } from './stapling'

/** Milliseconds between two looks for the picture of a face, and how many to take before it is taken as missing. */
const pictureDelay = 700
const mostLooks = 20

/** The stapling of one exam: what is selected, and the steps, each of which the server takes and can take back. */
export function useStapling(exam_id: string) {
  const { t } = useI18n()
  const toast = useToast()
  const showError = useErrorToast()
  const { confirm } = useConfirm()
  const loaded = useAsync(async () => {
    const [booklets, report] = await Promise.all([api.listBooklets(exam_id), api.getIntakeReport(exam_id)])
    return { booklets, unplaced: report.unplaced, sources: report.sources }
  })
  // A face that was turned gets its picture a moment later.
  const unpictured = computed(() => loaded.data.value?.booklets.some(one => one.faces.some(face => !face.image_url)))
  const again = useTimeoutFn(() => loaded.run(), pictureDelay, { immediate: false })
  let looks = 0
  watch(loaded.data, () => {
    looks = unpictured.value ? looks + 1 : 0
    if (looks > 0 && looks <= mostLooks) again.start()
  })
  const busy = ref(false)
  const face_id = ref<Face['id']>()
  const marked = ref<Booklet['id'][]>([])
  const booklets = computed(() => loaded.data.value?.booklets ?? [])
  const selected = computed(() => (face_id.value ? bookletOf(booklets.value, face_id.value) : undefined))
  /** Position of the selected face in its booklet; 0 when it is the first or none is selected. */
  const position = computed(() => selected.value?.faces.findIndex(face => face.id === face_id.value) ?? 0)

  async function step(act: () => Promise<unknown>) {
    if (busy.value) return
    busy.value = true
    try {
      await act()
    } catch (error) {
      showError(error)
    }
    await loaded.run()
    marked.value = marked.value.filter(id => booklets.value.some(booklet => booklet.id === id))
    busy.value = false
  }

  const arrange = (booklet: Booklet | undefined, faces: ArrangedFace[] | undefined) =>
    booklet && faces ? step(() => api.arrangeFaces(booklet.id, faces)) : Promise.resolve()

  const rotate = (quarters: number) =>
    arrange(selected.value, selected.value && turned(selected.value, face_id.value!, quarters))
  const shift = (by: 1 | -1) => arrange(selected.value, selected.value && shifted(selected.value, face_id.value!, by))
  const place = (booklet: Booklet, id: Face['id'], index: number) => arrange(booklet, placed(booklet, id, index))

  /** The selected face to the end of the booklet before, or to the start of the next one. */
  async function carry(by: 1 | -1) {
    const from = selected.value ? booklets.value.indexOf(selected.value) : -1
    const to = from < 0 ? undefined : booklets.value[from + by]
    if (to) await place(to, face_id.value!, by === 1 ? 0 : to.faces.length)
    focusFace()
  }

  async function remove() {
    if (!selected.value) return
    const faces = without(selected.value, face_id.value!)
    if (faces) await arrange(selected.value, faces)
    else await dissolve(selected.value)
  }

  async function dissolve(booklet: Booklet) {
    const question = {
      title: t('staple.dissolve_title'),
      text: t('staple.dissolve_text'),
      action: t('staple.dissolve'),
    }
    if (await confirm({ ...question, destructive: true })) await step(() => api.deleteBooklet(booklet.id))
  }

  async function split() {
    if (selected.value && position.value > 0) await step(() => api.splitBooklet(selected.value!.id, position.value))
  }

  async function merge() {
    if (marked.value.length < 2) return
    const ids = marked.value
    await step(() => api.mergeBooklets(exam_id, ids))
    marked.value = []
  }

  const undo = () =>
    step(async () => {
      const { undone } = await api.undo(exam_id)
      toast.add({ title: t(`undone.${undone}`), icon: 'i-lucide-undo-2' })
    })

  function select(by: 1 | -1) {
    face_id.value = neighbour(booklets.value, face_id.value, by)
    focusFace()
  }

  function focusFace() {
    const element = document.querySelector<HTMLElement>(`[data-face="${face_id.value}"]`)
    element?.focus({ preventScroll: true })
    element?.scrollIntoView({ block: 'nearest' })
  }

  return {
    ...{ loaded, busy, face_id, marked, booklets, selected, position },
    ...{ rotate, shift, place, carry, remove, dissolve, split, merge, undo, select },
  }
}
