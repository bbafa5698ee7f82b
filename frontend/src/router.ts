import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw } from 'vue-router'
import type { Role } from '@/accounts/accountsApi'
import { accountRoutes } from '@/accounts/routes'
import { useSession } from '@/accounts/sessionStore'
import { auditRoutes } from '@/audit/routes'
import { copyRoutes } from '@/copies/routes'
import { examRoutes } from '@/exams/routes'
import { helpRoutes } from '@/help/routes'
import { publicationRoutes } from '@/publication/routes'
import { scanRoutes } from '@/scans/routes'
import { studentRoutes } from '@/students/routes'
import { taskRoutes } from '@/tasks/routes'

declare module 'vue-router' {
  interface RouteMeta {
    /** Open to whoever is not logged in. */
    public?: boolean
    /** And to whoever is. */
    anyone?: boolean
    /** Shown without sidebar and header. */
    bare?: boolean
    /** Uses the whole width of the screen. */
    wide?: boolean
    /** Who may open it; everybody who is logged in when absent. */
    roles?: Role[]
  }
}

const homes: Record<Role, string> = { ADMIN: 'exams', TEACHER: 'my_copies', STUDENT: 'results' }

export const homeOf = (role: Role): RouteLocationRaw => ({ name: homes[role] })

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...accountRoutes,
    ...examRoutes,
    ...scanRoutes,
    ...copyRoutes,
    ...publicationRoutes,
    ...studentRoutes,
    ...taskRoutes,
    ...auditRoutes,
    ...helpRoutes,
    { path: '/', name: 'home', redirect: { name: 'portal' } },
    { path: '/:path(.*)*', name: 'not_found', component: () => import('@/ui/NotFoundPage.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(guard)

/** Where a visitor may go is the server's decision; this only spares pages that would be refused. */
export async function guard(to: RouteLocationNormalized): Promise<boolean | RouteLocationRaw> {
  if (to.meta.anyone) return true
  const session = useSession()
  await session.load()
  if (session.failure) return false
  const me = session.me
  if (!me) return to.meta.public ? true : { name: 'portal', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (me.must_change_password) return to.name === 'password' ? true : { name: 'password' }
  if (to.meta.public || to.name === 'password') return homeOf(me.role)
  if (to.meta.roles && !to.meta.roles.includes(me.role)) return homeOf(me.role)
  return true
}
