"""PaddleOCR 2 (PaddlePaddle, Apache-2.0) as an external engine of Korrigo. One text and one confidence for each line; no letters of their own."""

from korrigo_engine import main, models_folder, package_version


class PaddleOcr:
    name = "paddleocr"

    def __init__(self):
        self.reader = None

    def version(self):
        package_version("paddle", "paddlepaddle", "paddleocr")
        return package_version("paddleocr", "paddleocr", "paddleocr")

    def load(self):
        if self.reader is None:
            from paddleocr import PaddleOCR

            folder = models_folder("paddleocr")
            self.reader = PaddleOCR(lang="fr", use_angle_cls=False, use_gpu=False, show_log=False, cpu_threads=1,
                                    det_model_dir=str(folder / "det"), rec_model_dir=str(folder / "rec"), cls_model_dir=str(folder / "cls"))

    def read(self, picture):
        import numpy

        self.load()
        image = numpy.frombuffer(picture.gray, dtype=numpy.uint8).reshape(picture.height, picture.width)
        # Its recogniser takes colour pictures.
        found = self.reader.ocr(numpy.stack([image] * 3, axis=-1), det=False, rec=True, cls=False)
        lines = [line for page in found or [] for line in page or []]
        text = "".join(part for part, _ in lines)
        confidence = min((float(sure) for part, sure in lines if part), default=0.0)
        return {"text": text, "confidence": min(1.0, max(0.0, confidence))}


if __name__ == "__main__":
    main(PaddleOcr())
