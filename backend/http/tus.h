/// tus 1.0 resumable uploads (https://tus.io/protocols/resumable-upload): core, creation, termination, expiration.
/// Protocol only: where uploads live is told by a few functions.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "http/router.h"

namespace korrigo::http {

struct TusUpload {
  std::string id;  // of URL characters
  std::uint64_t length = 0;
  std::uint64_t offset = 0;  // bytes safely stored; complete when equal to length
  std::string metadata;      // Upload-Metadata as the client sent it
  std::optional<UtcTime> expires = {};
};

/// Reads Upload-Metadata: keys with base64 values, comma-separated. Refuses with malformed "tus.metadata".
Result<Pairs> parse_tus_metadata(std::string_view text);

/// Called from the handlers' pool, many threads at once, with the caller attached to the request. Refusals become
/// answers; an upload of somebody else is not_found.
struct TusStore {
  /// Makes room for an upload of `length` bytes.
  std::function<Result<TusUpload>(Request&, std::uint64_t length, const std::string& metadata, const Pairs& decoded)>
      create;
  std::function<Result<TusUpload>(Request&, const std::string& id)> find;
  /// The upload's file, open for writing; bytes are written from the offset on.
  std::function<Result<UniqueFd>(Request&, const TusUpload&)> open;
  /// `upload.offset` bytes are in the file and synced: remember that. Called at the end of each PATCH, whole or cut
  /// short by a client that went away, never for the same upload by two threads at a time.
  std::function<Result<void>(const TusUpload& upload)> saved;
  /// Forgets the upload and its file.
  std::function<Result<void>(Request&, const TusUpload&)> remove;
};

struct TusOptions {
  std::string path = "/api/uploads/";  // uploads are at path + id + "/", which is also the Location of a new one
  std::uint64_t max_bytes = 0;
  Rights rights = {};
};

/// POST path, HEAD/PATCH/DELETE path{id}/, OPTIONS. A HEAD, PATCH or DELETE of an upload that another connection is
/// still sending ends that one (409 at its next bytes), so a client resumes at once after its network changed.
std::vector<Route> tus_routes(TusStore store, TusOptions options);

}  // namespace korrigo::http
