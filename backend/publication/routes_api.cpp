#include "publication/publication_api.h"

namespace korrigo::publication {

std::vector<http::Route> routes(const PublicationApi& api) {
  std::vector<http::Route> all;
  for (auto part : {result_routes, release_routes, export_routes, statistics_routes})
    for (http::Route& route : part(api)) all.push_back(std::move(route));
  return all;
}

}  // namespace korrigo::publication
