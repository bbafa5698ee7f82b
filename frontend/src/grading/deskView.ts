import { inject, provide, ref, shallowRef, type InjectionKey, type Ref, type ShallowRef } from 'vue'
import type { Mark } from './marks'
import type { OpenCopy } from './openCopy'
import type { Tool } from './tools'

/** What the parts of one desk share: the copy, the tool in hand, what is selected. */
export interface DeskView {
  /** The copy that is on the desk now; everything around it stays when another comes. */
  readonly open: OpenCopy
  tool: Ref<Tool>
  selected: Ref<string | undefined>
  /** The annotation that is open for writing; it may not be on the copy yet. */
  edited: ShallowRef<Mark | undefined>
  question: Ref<string | undefined>
  marksHidden: Ref<boolean>
  /** A pen was used: fingers only scroll from then on. */
  penSeen: Ref<boolean>
}

const key: InjectionKey<DeskView> = Symbol('desk')

export function provideDesk(open: () => OpenCopy): DeskView {
  const view: DeskView = {
    get open() {
      return open()
    },
    tool: ref('select'),
    selected: ref(),
    edited: shallowRef(),
    question: ref(),
    marksHidden: ref(false),
    penSeen: ref(false),
  }
  provide(key, view)
  return view
}

export const useDeskView = (): DeskView => inject(key)!
