import type { RouteRecordRaw } from 'vue-router'

export const scanRoutes: RouteRecordRaw[] = [
  {
    path: '/exams/:exam_id/processing',
    name: 'processing',
    component: () => import('./ProcessingPage.vue'),
    props: true,
    meta: { roles: ['ADMIN', 'TEACHER'] },
  },
  {
    path: '/exams/:exam_id',
    name: 'exam_report',
    component: () => import('./ReportPage.vue'),
    props: true,
    meta: { roles: ['ADMIN'] },
  },
  {
    path: '/exams/:exam_id/staple',
    name: 'staple',
    component: () => import('./StaplePage.vue'),
    props: true,
    meta: { roles: ['ADMIN'], wide: true },
  },
]
