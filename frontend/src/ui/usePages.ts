import { useIntersectionObserver } from '@vueuse/core'
import { computed, nextTick, ref, type ComputedRef, type Ref } from 'vue'
import { tellKeys } from '@/composables/useKeyHelp'
import { useShortcut } from '@/composables/useShortcut'
import { useI18n } from '@/i18n'

const zooms = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3, 4]
const plain = zooms.indexOf(1)

export interface Pages {
  /** The pages that are on screen, even in part. */
  visible: Ref<Set<number>>
  zoom: ComputedRef<number>
  canShrink: ComputedRef<boolean>
  canGrow: ComputedRef<boolean>
  go: (to: number) => void
  zoomBy: (change: number) => void
}

/**
 * Pages below one another in a frame: which one is looked at, and how large they are. Each holder names its page in
 * `data-index`. Keys: arrows and page keys turn pages, + - 0 zoom; none where the page around has keys of its own.
 */
export function usePages(
  page: Ref<number>,
  count: () => number,
  frame: Readonly<Ref<HTMLElement | null>>,
  holders: Readonly<Ref<HTMLElement[] | null>>,
  withKeys = true,
): Pages {
  const { t } = useI18n()
  const step = ref(plain)
  const visible = ref(new Set<number>())
  const ratios = new Map<number, number>()

  function go(to: number) {
    const next = Math.max(0, Math.min(count() - 1, to))
    page.value = next
    holders.value?.[next]?.scrollIntoView({ block: 'start' })
  }

  /** What is in the middle of the frame stays there, whatever the size. */
  async function zoomTo(next: number) {
    const held = frame.value
    const middle = held ? (held.scrollTop + held.clientHeight / 2) / held.scrollHeight : 0
    step.value = Math.max(0, Math.min(zooms.length - 1, next))
    await nextTick()
    if (held) held.scrollTop = middle * held.scrollHeight - held.clientHeight / 2
  }

  const zoomBy = (change: number) => void zoomTo(step.value + change)

  useIntersectionObserver(
    () => holders.value ?? [],
    seen => {
      for (const { target, intersectionRatio } of seen) {
        ratios.set(Number((target as HTMLElement).dataset.index), intersectionRatio)
      }
      const shown = [...ratios].filter(([, ratio]) => ratio > 0)
      visible.value = new Set(shown.map(([index]) => index))
      const [most] = shown.sort((a, b) => b[1] - a[1] || a[0] - b[0])
      if (most) page.value = most[0]
    },
    { root: frame, threshold: [0, 0.25, 0.5, 0.75, 1] },
  )

  if (withKeys) {
    tellKeys(() => [
      { keys: ['→', '←'], text: t('keys.pages') },
      { keys: ['+', '-', '0'], text: t('keys.zoom') },
    ])
    useShortcut({
      ArrowRight: () => go(page.value + 1),
      ArrowLeft: () => go(page.value - 1),
      PageDown: () => go(page.value + 1),
      PageUp: () => go(page.value - 1),
      Home: () => go(0),
      End: () => go(count() - 1),
      '+': () => zoomBy(1),
      '-': () => zoomBy(-1),
      '0': () => void zoomTo(plain),
    })
  }

  return {
    visible,
    zoom: computed(() => zooms[step.value]!),
    canShrink: computed(() => step.value > 0),
    canGrow: computed(() => step.value < zooms.length - 1),
    go,
    zoomBy,
  }
}
