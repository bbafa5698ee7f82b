import { computed, type ComputedRef } from 'vue'
import type { Role } from '@/accounts/accountsApi'
import { useSession } from '@/accounts/sessionStore'
import { useI18n } from '@/i18n'

export interface NavigationEntry {
  label: string
  icon: string
  to: string
}

const entries: { key: string; icon: string; to: string; roles: Role[] }[] = [
  { key: 'exams', icon: 'i-lucide-library', to: '/exams', roles: ['ADMIN'] },
  { key: 'students', icon: 'i-lucide-graduation-cap', to: '/students', roles: ['ADMIN'] },
  { key: 'users', icon: 'i-lucide-users', to: '/users', roles: ['ADMIN'] },
  { key: 'tasks', icon: 'i-lucide-list-checks', to: '/tasks', roles: ['ADMIN'] },
  { key: 'audit', icon: 'i-lucide-scroll-text', to: '/audit', roles: ['ADMIN'] },
  { key: 'settings', icon: 'i-lucide-settings', to: '/settings', roles: ['ADMIN'] },
  { key: 'my_copies', icon: 'i-lucide-files', to: '/copies', roles: ['TEACHER'] },
  { key: 'new_exam', icon: 'i-lucide-file-up', to: '/exams/new', roles: ['TEACHER'] },
  { key: 'results', icon: 'i-lucide-award', to: '/results', roles: ['STUDENT'] },
]

/** The places of the role that is logged in, the home first. */
export function useNavigation(): ComputedRef<NavigationEntry[]> {
  const { t } = useI18n()
  const session = useSession()
  return computed(() =>
    entries
      .filter(entry => session.role && entry.roles.includes(session.role))
      .map(({ key, icon, to }) => ({ label: t(`navigation.${key}`), icon, to })),
  )
}
