/// How an answer is sent to this asker: unchanged or not, whole or in part, compressed or not.
#pragma once

#include <string>
#include <string_view>

#include "http/request.h"
#include "http/response.h"

namespace korrigo::http {

/// For GET and HEAD: gives 200 answers with JSON or text an ETag of their bytes (unless they are no-store), answers 304
/// when the asker has it, cuts the range asked for from files (206, or 416), and compresses text over 1 KB.
/// Other methods: compresses only. Several ranges at once get the whole file, as RFC 9110 allows.
void fit_to_request(Response& response, const Request& request);

/// gzip format. Never fails on memory it can have; throws std::bad_alloc.
std::string gzip(std::string_view bytes);

}  // namespace korrigo::http
