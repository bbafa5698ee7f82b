import { useEventListener } from '@vueuse/core'
import { useShortcut } from '@/composables/useShortcut'
import type { DeskView } from './deskView'
import { leavesOf } from './marks'
import { covers } from './scope'
import { tools } from './tools'

export interface DeskActions {
  nextCopy: () => void
  previousCopy: () => void
  face: (by: 1 | -1) => void
  zoom: (by: 1 | -1) => void
  finalise: () => void
  documents: () => void
  undo: () => void
  redo: () => void
  /** The panel has to be there before a field of it can have the focus. */
  showPanel: () => Promise<void>
}

const fieldOf = (selector: string) => document.querySelector<HTMLElement>(`${selector} input, ${selector} textarea`)

/** Every key of the desk. Letters that AZERTY and QWERTY share; figures by their place, for AZERTY shifts them. */
export function useDeskKeys(view: DeskView, actions: DeskActions) {
  const copy = () => view.open.copy.value
  const leaves = () => leavesOf(copy().bareme.grading_structure).filter(({ id }) => covers(copy(), id))

  async function focusIn(selector: string) {
    await actions.showPanel()
    const field = document.querySelector<HTMLElement>(selector)
    field?.scrollIntoView({ block: 'nearest' })
    return field
  }

  async function toQuestion(question_id: string | undefined, part: 'input' | 'textarea' = 'input') {
    if (!question_id) return undefined
    view.question.value = question_id
    await focusIn(`[data-question="${question_id}"]`)
    const field = document.querySelector<HTMLInputElement>(`[data-question="${question_id}"] ${part}`)
    field?.focus()
    return field
  }

  function questionBy(step: 1 | -1): string | undefined {
    const all = leaves()
    const index = all.findIndex(leaf => leaf.id === view.question.value)
    return (all[index + step] ?? all[index])?.id
  }

  const currentQuestion = () => view.question.value ?? leaves()[0]?.id

  /** The next question without points, after this one and then from the start. */
  function nextToScore(after: string): string | undefined {
    const all = leaves()
    const index = all.findIndex(leaf => leaf.id === after)
    const round = [...all.slice(index + 1), ...all.slice(0, index)]
    return round.find(leaf => !(leaf.id in view.open.marks.value.scores))?.id
  }

  async function digit(figure: string) {
    const field = await toQuestion(currentQuestion())
    if (!(field instanceof HTMLInputElement) || field.disabled) return
    field.value = figure
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }

  async function writeAppreciation() {
    await focusIn('[data-appreciation]')
    fieldOf('[data-appreciation]')?.focus()
  }

  function escape() {
    view.tool.value = 'select'
    view.selected.value = undefined
  }

  useShortcut({
    ...Object.fromEntries(tools.map(({ tool, key }) => [key, () => (view.tool.value = tool)])),
    n: actions.nextCopy,
    p: actions.previousCopy,
    ArrowRight: () => actions.face(1),
    ArrowLeft: () => actions.face(-1),
    PageDown: () => actions.face(1),
    PageUp: () => actions.face(-1),
    '+': () => actions.zoom(1),
    '-': () => actions.zoom(-1),
    j: () => void toQuestion(questionBy(1)),
    k: () => void toQuestion(questionBy(-1)),
    r: () => void toQuestion(currentQuestion(), 'textarea'),
    a: () => void writeAppreciation(),
    m: () => (view.marksHidden.value = !view.marksHidden.value),
    f: actions.finalise,
    s: actions.documents,
    'mod+z': actions.undo,
    'mod+y': actions.redo,
    'mod+Z': actions.redo,
    Escape: escape,
  })

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    const figure = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]
    const shifted = event.shiftKey && !/^\d$/.test(event.key)
    if (!figure || shifted || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return
    const target = event.target as HTMLElement
    if (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)) return
    if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]')) return
    event.preventDefault()
    void digit(figure)
  })

  return { toQuestion, nextToScore }
}
