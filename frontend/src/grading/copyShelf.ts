import { NetworkError } from '@/api/errors'
import { loadDeskCopy, type DeskCopy } from './deskCopy'
import { FaceImages } from './faceImages'
import { findKeptCopy } from './lots'

/** A copy on the shelf: its data and its pictures. */
export interface Shelved {
  copy: DeskCopy
  faces: FaceImages
  /** Loaded just now, not fetched beforehand. */
  fresh: boolean
}

/** The copy at hand, the next, the one before, and one more. */
const room = 4

/** Copies that are open or likely to be opened next. */
export class CopyShelf {
  private readonly shelved = new Map<string, Promise<Shelved>>()

  constructor(private readonly user_id: number) {}

  take(copy_id: string): Promise<Shelved> {
    const there = this.shelved.get(copy_id)
    const shelved = there ?? this.load(copy_id)
    // Used last, thrown out last.
    this.shelved.delete(copy_id)
    this.shelved.set(copy_id, shelved)
    shelved.catch(() => this.shelved.delete(copy_id))
    this.tidy()
    return shelved
  }

  /** What was learnt of a copy since it was loaded. */
  async put(copy: DeskCopy): Promise<void> {
    const shelved = await this.shelved.get(copy.id)
    if (shelved) Object.assign(shelved, { copy, fresh: false })
  }

  clear(): void {
    for (const shelved of this.shelved.values()) void shelved.then(({ faces }) => faces.drop()).catch(() => {})
    this.shelved.clear()
  }

  private async load(copy_id: string): Promise<Shelved> {
    const kept = await findKeptCopy(this.user_id, copy_id)
    try {
      const copy = await loadDeskCopy(copy_id)
      return { copy, faces: new FaceImages(copy.pages, kept?.faces), fresh: true }
    } catch (error) {
      if (!kept || !(error instanceof NetworkError)) throw error
      return { copy: kept.copy, faces: new FaceImages(kept.copy.pages, kept.faces), fresh: false }
    }
  }

  private tidy() {
    for (const [id, shelved] of this.shelved) {
      if (this.shelved.size <= room) return
      this.shelved.delete(id)
      void shelved.then(({ faces }) => faces.drop()).catch(() => {})
    }
  }
}
