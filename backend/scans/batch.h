/// The faces of a batch, put upright, in order, and grouped into booklets.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "imaging/gray_image.h"
#include "scans/face.h"
#include "scans/header_print.h"

namespace korrigo::scans {

/// One side of the batch, in scanner order, with what the survey and the header prints say of its faces.
struct SurveyedSide {
  int source = 0;
  int side = 0;         // page of the source, from 0
  std::string problem;  // not empty: unreadable, and without faces
  struct Half {
    Face face;
    HeaderMatch top;     // of the upper strip as the face stands
    HeaderMatch bottom;  // of the lower strip turned round
    imaging::GrayImage thumb;
    double standing = 0;  // of the writing (standing.h): positive when it stands upright as scanned
  };
  std::vector<Half> halves;  // one (A4) or two (A3: left, right)

  bool is_a3() const { return halves.size() == 2; }
};

struct ArrangeOptions {
  std::optional<Imposition> imposition;  // nothing: found from where the headers fall
  std::optional<int> verso_rotation;     // 0 or 180; nothing: found from which way the faces stand
  std::optional<int> pages_per_booklet;  // faces; nothing: the batch's own usual length
};

/// Consecutive faces that belong together, the header first.
struct Booklet {
  std::vector<Face> faces;
  bool overlong = false;              // longer than booklets of this batch are: a header inside may have been missed
  std::vector<std::string> warnings;  // one sentence each
};

/// A face in no booklet. Of a side that cannot be read: the whole side, with an empty part.
struct UnplacedFace : Face {
  std::string reason;  // one sentence
};

/// Every face of every side is in exactly one booklet or among the unplaced.
struct Batch {
  Imposition imposition = Imposition::booklet;
  int verso_rotation = 0;
  int pages_per_booklet = 0;      // the usual number of faces of a booklet, 0 without any booklet
  std::vector<Booklet> booklets;  // in scanner order
  std::vector<UnplacedFace> unplaced;
  std::vector<std::string> warnings;  // about the batch as a whole
};

/// Whether two sides show the same writing, looked at closely; the second stands on its head against the first when
/// `turned`.
using SameWriting = std::function<bool(const SurveyedSide& one, const SurveyedSide& other, bool turned)>;

/// What is known of a batch beside its sides.
struct BatchEvidence {
  SameWriting same = {};
  /// Questions are printed on the pages: where lines begin and end no longer tells which way up a single side stands.
  bool printed_pages = false;
};

/// Sheets that were scanned twice are told by small pictures of them. Where different sheets look alike too, as on
/// printed pages, or too few are there to tell, `same` is asked; without it the small pictures decide.
Batch arrange(std::vector<SurveyedSide> sides, const ArrangeOptions& options = {}, const BatchEvidence& evidence = {});

}  // namespace korrigo::scans
