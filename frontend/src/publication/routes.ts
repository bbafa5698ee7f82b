import type { RouteRecordRaw } from 'vue-router'

export const publicationRoutes: RouteRecordRaw[] = [
  {
    path: '/exams/:exam_id/results',
    name: 'exam_results',
    component: () => import('./ExamResultsPage.vue'),
    props: true,
    meta: { roles: ['ADMIN'] },
  },
  {
    path: '/exams/:exam_id/statistics',
    name: 'exam_statistics',
    component: () => import('./StatisticsPage.vue'),
    props: true,
    meta: { roles: ['ADMIN', 'TEACHER'] },
  },
  { path: '/results', name: 'results', component: () => import('./MyResultsPage.vue'), meta: { roles: ['STUDENT'] } },
  {
    path: '/results/:copy_id',
    name: 'marked_copy',
    component: () => import('./MarkedCopyPage.vue'),
    props: true,
    meta: { roles: ['STUDENT'], wide: true },
  },
]
