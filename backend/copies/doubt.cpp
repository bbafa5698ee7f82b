#include "copies/doubt.h"

#include <fmt/format.h>
#include <algorithm>

namespace korrigo::copies {
namespace {

using identification::BatchHeader;

const FaceId& face_of(const StoredBatch& stored, const BatchHeader& header) {
  return stored.face_ids[header.booklet][header.face];
}

// It was shown something and said nothing.
bool was_silent(const BatchHeader& header, const std::string& engine) {
  const auto& fields = header.reading.fields;
  return std::ranges::any_of(fields, &ocr::FieldReading::has_ink) &&
         std::ranges::none_of(fields, [&](const ocr::FieldReading& field) { return field.engine == engine; });
}

}  // namespace

std::vector<FaceId> doubtful_faces(const StoredBatch& stored, const std::vector<ScannedCopy>& copies) {
  std::vector<FaceId> faces;
  for (const ScannedCopy& copy : copies) {
    if (copy.decision.mode == identification::Mode::automatic) continue;
    for (const std::size_t header : copy.headers)
      if (stored.headers[header].understood) faces.push_back(face_of(stored, stored.headers[header]));
  }
  return faces;
}

std::vector<std::string> silent_engines(const StoredBatch& stored, const std::vector<FaceId>& asked,
                                        const ocr::ExternalEngines& engines) {
  std::vector<std::string> sentences;
  for (const ocr::EngineRecord& record : engines.records()) {
    std::size_t silent = 0;
    for (const BatchHeader& header : stored.headers)
      silent += std::ranges::find(asked, face_of(stored, header)) != asked.end() && was_silent(header, record.name);
    if (silent > 0)
      sentences.push_back(fmt::format("The engine {} did not answer about {} of the {} headers in doubt.", record.name,
                                      silent, asked.size()));
  }
  return sentences;
}

}  // namespace korrigo::copies
