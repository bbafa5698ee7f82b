import type { AnnotationType } from './gradingApi'

export type Tool = 'select' | 'comment' | 'highlight' | 'error' | 'bonus' | 'ink' | 'tick' | 'cross' | 'eraser'

/** Letters where both AZERTY and QWERTY have them. */
export const tools: { tool: Tool; key: string; icon: string }[] = [
  { tool: 'select', key: 'v', icon: 'i-lucide-mouse-pointer-2' },
  { tool: 'comment', key: 'c', icon: 'i-lucide-message-square-text' },
  { tool: 'ink', key: 'd', icon: 'i-lucide-pencil' },
  { tool: 'highlight', key: 'h', icon: 'i-lucide-highlighter' },
  { tool: 'tick', key: 't', icon: 'i-lucide-check' },
  { tool: 'cross', key: 'x', icon: 'i-lucide-x' },
  { tool: 'error', key: 'e', icon: 'i-lucide-circle-alert' },
  { tool: 'bonus', key: 'b', icon: 'i-lucide-circle-plus' },
  { tool: 'eraser', key: 'g', icon: 'i-lucide-eraser' },
]

/** What a tool that draws a box puts down. */
export const typeOf: Partial<Record<Tool, AnnotationType>> = {
  comment: 'COMMENT',
  highlight: 'HIGHLIGHT',
  error: 'ERROR',
  bonus: 'BONUS',
}

/** Annotations that are read, so that a new one is opened for writing. */
export const isWritten = (type: AnnotationType): boolean => type === 'COMMENT' || type === 'ERROR' || type === 'BONUS'
