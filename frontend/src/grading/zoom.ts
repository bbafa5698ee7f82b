/** Faces of 52 rem are 1. */
export const zooms = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3]
export const usualZoom = 3
/** Above this, previews look soft and the PDF is drawn instead. */
export const previewZoom = 1.25
