import { useEventListener } from '@vueuse/core'

/**
 * Calls the action of a pressed key: names as in KeyboardEvent.key, `mod+` in front for Ctrl or Command.
 * Silent while a field has the focus or a dialog is open, so that typing stays typing.
 */
export function useShortcut(actions: Record<string, () => void>): void {
  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    // AltGr, with which French keyboards write brackets, is said to be Ctrl and Alt.
    const writing = event.getModifierState('AltGraph')
    if (event.defaultPrevented || (event.altKey && !writing) || isTyping(event.target)) return
    if (document.querySelector('[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]')) return
    const mod = (event.ctrlKey || event.metaKey) && !writing
    // Figures by their place, for AZERTY shifts them; one press is one choice, however long.
    const figure = mod || writing ? undefined : /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1]
    const action = actions[(mod ? 'mod+' : '') + event.key] ?? (figure && actions[figure])
    if (!action || (figure && event.repeat)) return
    event.preventDefault()
    action()
  })
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName)
}
