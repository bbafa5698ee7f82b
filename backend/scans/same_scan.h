/// Two scans of one sheet told from scans of two sheets that share print or ruling.
#pragma once

#include "imaging/gray_image.h"

namespace korrigo::scans {

/// How much clear ink two strips (survey.h) show, and how much of it only one of them does.
struct InkComparison {
  int ink = 0;    // pixels at kStripDpi, of both strips
  int alone = 0;  // of these, with no ink in the other strip within a pixel

  InkComparison& operator+=(const InkComparison& other);
  /// Whether only the noise of scanning differs. Two scans of one face leave up to 0.01 alone, 0.056 when scanned in
  /// two tones; faces of two students on one printed page that look much alike in small leave 0.07 and more.
  bool is_same() const;
};

/// The second strip laid over the first where it fits best, within half a centimetre.
InkComparison compare_ink(const imaging::GrayImage& one, const imaging::GrayImage& other);

}  // namespace korrigo::scans
