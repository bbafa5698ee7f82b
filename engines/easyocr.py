"""EasyOCR (JaidedAI, Apache-2.0) as an external engine of Korrigo. One text and one confidence for each line; no letters of their own."""

import sys

from korrigo_engine import main, models_folder, package_version


class EasyOcr:
    name = "easyocr"

    def __init__(self):
        self.reader = None

    def version(self):
        return package_version("easyocr", "easyocr", "easyocr")

    def load(self):
        if self.reader is None:
            import easyocr

            # Only its recogniser: Korrigo has found the lines already.
            folder = str(models_folder("easyocr"))
            self.reader = easyocr.Reader(["fr"], gpu=False, detector=False, verbose=False, model_storage_directory=folder,
                                         user_network_directory=folder, download_enabled="--fetch" in sys.argv)

    def read(self, picture):
        import numpy

        self.load()
        image = numpy.frombuffer(picture.gray, dtype=numpy.uint8).reshape(picture.height, picture.width)
        found = self.reader.recognize(image, horizontal_list=[[0, picture.width, 0, picture.height]], free_list=[],
                                      allowlist=picture.characters or None, reformat=False)
        text = "".join(part for _, part, _ in found)
        confidence = min((float(sure) for _, part, sure in found if part), default=0.0)
        return {"text": text, "confidence": min(1.0, max(0.0, confidence))}


if __name__ == "__main__":
    main(EasyOcr())
