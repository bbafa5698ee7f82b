/// Errors as sentences, in both languages of the interface.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "http/request.h"

namespace korrigo::http {

/// What to tell the asker of `error`, in the language of the request and never empty: the server's translation
/// (ServerOptions::translate), the error's own message, this module's sentence or the code.
std::string sentence_of(const Request& request, const Error& error);

/// Of a code that this module makes, with error.field in its place; empty for the codes of others.
std::string own_sentence(const Error& error, Language language);

}  // namespace korrigo::http
