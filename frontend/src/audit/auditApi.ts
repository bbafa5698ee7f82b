import { body, GET, type Page, type Schemas } from '@/api/http'

export type AuditEntry = Schemas['AuditEntry']

export interface AuditQuery {
  page?: number
  actor?: number
  action?: string
  target_type?: string
  since?: string
  until?: string
}

export const listAudit = (query: AuditQuery): Promise<Page<AuditEntry>> =>
  body(GET('/api/audit/', { params: { query } }))
