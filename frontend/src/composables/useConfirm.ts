import { readonly, shallowRef } from 'vue'

export interface Question {
  title: string
  text?: string
  /** Wording of the button that goes ahead: a verb, never "OK". */
  action: string
  destructive?: boolean
}

const open = shallowRef<{ question: Question; answer: (yes: boolean) => void }>()

/** Asks before something that cannot be undone. Resolves with false when closed by Escape or by another question. */
export function useConfirm() {
  function confirm(question: Question): Promise<boolean> {
    open.value?.answer(false)
    return new Promise(resolve => {
      open.value = { question, answer: resolve }
    })
  }

  function answer(yes: boolean) {
    open.value?.answer(yes)
    open.value = undefined
  }

  return { confirm, answer, open: readonly(open) }
}
