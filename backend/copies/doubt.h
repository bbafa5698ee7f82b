/// The headers that further engines are asked about. Internal to this module.
#pragma once

#include <string>
#include <vector>

#include "copies/batch_store.h"
#include "ocr/external_engines.h"

namespace korrigo::copies {

/// Of the copies without an automatic answer.
std::vector<FaceId> doubtful_faces(const StoredBatch& stored, const std::vector<ScannedCopy>& copies);

/// One sentence for each engine that did not answer about all of `asked`.
std::vector<std::string> silent_engines(const StoredBatch& stored, const std::vector<FaceId>& asked,
                                        const ocr::ExternalEngines& engines);

}  // namespace korrigo::copies
