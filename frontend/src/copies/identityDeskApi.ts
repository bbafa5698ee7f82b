import { body, DELETE, POST, type Schemas } from '@/api/http'
import { assignManually, selectCandidate, type Candidate, type CopyAdmin } from './copiesApi'

export type DeskPlace = Schemas['DeskPlace']
export type DeskProgress = Schemas['DeskProgress']
export type DeskWish = Schemas['DeskWish']
export type HeaderField = Schemas['HeaderField']
export type StudentBrief = Schemas['StudentBrief']

/** Whose a copy is said to be; the candidate when it was one. */
export interface IdentityChoice {
  student: StudentBrief
  candidate?: Candidate
}

export const takePlace = (desk_id: string, wish: DeskWish): Promise<DeskPlace> =>
  body(POST('/api/identification/desk/{desk_id}/', { params: { path: { desk_id } }, body: wish }))

/** Also while the page is being closed. */
export const leaveDesk = (desk_id: string) =>
  DELETE('/api/identification/desk/{desk_id}/', { params: { path: { desk_id } }, keepalive: true })

export const identify = (copy_id: string, { student, candidate }: IdentityChoice): Promise<CopyAdmin> =>
  candidate ? selectCandidate(copy_id, candidate.rank, student.id) : assignManually(copy_id, student.id)
