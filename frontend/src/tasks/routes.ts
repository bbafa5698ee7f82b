import type { RouteRecordRaw } from 'vue-router'

export const taskRoutes: RouteRecordRaw[] = [
  { path: '/tasks', name: 'tasks', component: () => import('./TasksPage.vue'), meta: { roles: ['ADMIN'] } },
]
