/// What the routes of this module have in common. Internal to this module.
#pragma once

#include <string>

#include "accounts/guard_api.h"
#include "http/json_fields.h"
#include "http/request.h"
#include "http/response.h"
#include "publication/publication_api.h"

namespace korrigo::publication {

/// The id of the path; what is none names nothing: not_found "<thing>.not_found".
template <class Id>
Result<Id> id_in_path(const http::Request& request, std::string_view name, const std::string& thing) {
  if (auto id = Id::parse(request.path_parameter(name))) return std::move(*id);
  return refuse(ErrorKind::not_found, thing + ".not_found", "There is no such " + thing + ".");
}

/// A handler bound to what it works with.
template <class Handle>
http::Handler bound(const PublicationApi& api, Handle handle) {
  return [api, handle](http::Request& request) -> Result<http::Response> { return handle(api, request); };
}

}  // namespace korrigo::publication
