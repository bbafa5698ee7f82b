import { tryOnScopeDispose } from '@vueuse/core'
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'

/** Keys, as they stand on the keyboard, and what they do. */
export interface KeyLine {
  keys: string[]
  text: string
}

const told = shallowRef<readonly ComputedRef<readonly KeyLine[]>[]>([])
const open = ref(false)

/** Tells which keys a page or a part of it has, for as long as it is there. `?` shows those of all that is there. */
export function tellKeys(lines: () => readonly KeyLine[]): void {
  const mine = computed(lines)
  told.value = [...told.value, mine]
  tryOnScopeDispose(() => (told.value = told.value.filter(other => !Object.is(other, mine))))
}

export function useKeyHelp(): { open: Ref<boolean>; lines: ComputedRef<KeyLine[]> } {
  return { open, lines: computed(() => told.value.flatMap(one => [...one.value])) }
}
