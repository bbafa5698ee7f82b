import { NetworkError } from '@/api/errors'
import type { CopyPage } from '@/copies/copiesApi'

/** The picture of a face, loaded. */
export interface FaceImage {
  url: string
  width: number
  height: number
}

/** Faces of a copy that are seen when it comes on the desk: decoded beforehand. The others would keep these waiting. */
const seenFirst = 2

/** Pictures of a copy, in the order of its faces; each comes when it is there. */
export class FaceImages {
  readonly images: Promise<FaceImage>[]
  private dropped = false

  constructor(pages: readonly CopyPage[], kept?: readonly Blob[]) {
    this.images = pages.map((page, index) => this.open(page, kept?.[index], index < seenFirst))
    for (const image of this.images) image.catch(() => {})
  }

  private async open(page: CopyPage, kept: Blob | undefined, decode: boolean): Promise<FaceImage> {
    const url = URL.createObjectURL(kept ?? (await fetchFace(page)))
    const image = new Image()
    const loaded = new Promise((resolve, reject) => Object.assign(image, { onload: resolve, onerror: reject }))
    image.src = url
    await (decode ? image.decode() : loaded)
    if (this.dropped) URL.revokeObjectURL(url)
    return { url, width: image.naturalWidth, height: image.naturalHeight }
  }

  /** Gives the memory back. */
  drop(): void {
    this.dropped = true
    for (const image of this.images) image.then(({ url }) => URL.revokeObjectURL(url)).catch(() => {})
  }
}

export async function fetchFace(page: CopyPage): Promise<Blob> {
  const response = await fetch(page.image_url).catch(() => undefined)
  if (!response?.ok) throw new NetworkError()
  return response.blob()
}
