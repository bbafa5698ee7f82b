import type { KeyLine } from '@/composables/useKeyHelp'
import { tools } from './tools'

/** The keys of the desk as they are shown. */
export const deskKeyLines = (t: (key: string) => string): KeyLine[] => [
  ...tools.map(({ tool, key }) => ({ keys: [key], text: t(`desk.tool.${tool}`) })),
  { keys: ['n'], text: t('desk.key.n') },
  { keys: ['p'], text: t('desk.key.p') },
  { keys: ['→', '←'], text: t('desk.key.face') },
  { keys: ['+', '-'], text: t('desk.key.zoom') },
  { keys: ['0 … 9'], text: t('desk.key.digits') },
  { keys: ['j', 'k'], text: t('desk.key.questions') },
  { keys: ['r'], text: t('desk.key.r') },
  { keys: ['a'], text: t('desk.key.a') },
  { keys: ['m'], text: t('desk.key.m') },
  { keys: ['s'], text: t('desk.key.s') },
  { keys: ['f'], text: t('desk.key.f') },
  { keys: ['Ctrl Z', 'Ctrl Y'], text: t('desk.key.undo') },
  { keys: ['Enter'], text: t('desk.key.place') },
  { keys: ['↑ ↓ ← →'], text: t('desk.key.move') },
  { keys: ['Delete'], text: t('desk.key.delete') },
  { keys: ['Esc'], text: t('desk.key.escape') },
]
