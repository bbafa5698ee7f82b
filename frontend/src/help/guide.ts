import type { Role } from '@/accounts/accountsApi'
import type { Language } from '@/i18n'
import type { TourStop } from './useTour'

/** A part of a guide: what one wants to do, how it is done, and the page where. */
export interface Chapter {
  id: string
  title: string
  /** Steps, in their order. */
  steps: string[]
  /** Good to know. */
  note?: string
  to?: string
}

export interface Guide {
  lead: string
  chapters: Chapter[]
}

type Guides = Record<Role, Guide>

/** What the tour says at each stop. */
export type TourWords = Record<TourStop['key'], { title: string; text: string }>

const loaders: Record<Language, () => Promise<{ guides: Guides; tour: TourWords }>> = {
  fr: () => import('./guides.fr'),
  en: () => import('./guides.en'),
}

/** The guide of a role; loaded when it is opened. */
export const loadGuide = async (language: Language, role: Role): Promise<Guide> =>
  (await loaders[language]()).guides[role]

export const loadTour = async (language: Language): Promise<TourWords> => (await loaders[language]()).tour
