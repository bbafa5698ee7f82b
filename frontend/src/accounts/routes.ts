import type { RouteLocationRaw, RouteRecordRaw } from 'vue-router'
import { getSetup } from './accountsApi'

/** Where nobody can log in yet, the first account comes first. */
async function toSetup(): Promise<true | RouteLocationRaw> {
  const { open } = await getSetup().catch(() => ({ open: false }))
  return open ? { name: 'setup' } : true
}

export const accountRoutes: RouteRecordRaw[] = [
  {
    path: '/login',
    name: 'portal',
    component: () => import('./PortalPage.vue'),
    meta: { public: true },
    beforeEnter: toSetup,
  },
  { path: '/setup', name: 'setup', component: () => import('./SetupPage.vue'), meta: { public: true } },
  {
    path: '/login/staff',
    name: 'staff_login',
    component: () => import('./StaffLoginPage.vue'),
    meta: { public: true },
  },
  {
    path: '/login/student',
    name: 'student_login',
    component: () => import('./StudentLoginPage.vue'),
    meta: { public: true },
  },
  {
    path: '/login/forgotten',
    name: 'forgotten_password',
    component: () => import('./ForgottenPasswordPage.vue'),
    meta: { public: true },
  },
  {
    path: '/password-reset',
    name: 'password_reset',
    component: () => import('./PasswordResetPage.vue'),
    meta: { public: true, anyone: true },
  },
  { path: '/password', name: 'password', component: () => import('./NewPasswordPage.vue'), meta: { bare: true } },
  { path: '/account', name: 'account', component: () => import('./AccountPage.vue') },
  { path: '/users', name: 'users', component: () => import('./UsersPage.vue'), meta: { roles: ['ADMIN'] } },
  { path: '/settings', name: 'settings', component: () => import('./SettingsPage.vue'), meta: { roles: ['ADMIN'] } },
]
