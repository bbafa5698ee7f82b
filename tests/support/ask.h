/// Requests of somebody, answered by routes without a server: for tests of what handlers make of requests. Guards and
/// rights are not asked.
#pragma once

#include <boost/json/parse.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "accounts/caller.h"
#include "base/files.h"
#include "http/router.h"
#include "http/url.h"

namespace korrigo::test {

struct Answer {
  int status = 0;
  boost::json::value body;
  std::string code() const { return std::string(body.at("code").as_string()); }
};

/// What a request carries.
struct Sent {
  std::string json = {};
  http::Pairs fields = {};
  struct File {
    std::string field;
    std::string name;
    std::string bytes;
  };
  std::vector<File> files = {};
};

/// Answers as the server would; files lie in `folder` meanwhile.
inline Answer ask(const std::vector<http::Route>& routes, http::Method method, std::string_view target,
                  const accounts::Caller& who, const Sent& sent = {}, const std::filesystem::path& folder = {}) {
  http::Router router;
  router.add(routes);
  const auto parsed = http::parse_target(target).value();
  http::Request request;
  request.method = method;
  request.path = parsed.path;
  request.query = parsed.query;
  request.caller = who;
  request.body = sent.json;
  request.fields = sent.fields;
  for (const Sent::File& file : sent.files) {
    http::UploadedFile stored{file.field, file.name, "application/octet-stream", file.bytes.size(),
                              http::TempFile::make(folder)};
    stored.file.close();
    write_file(stored.file.path(), file.bytes);
    request.files.push_back(std::move(stored));
  }
  const auto match = router.match(method, parsed.segments);
  if (!match.route) throw std::logic_error("no route for " + std::string(target));
  request.path_parameters = match.path_parameters;
  auto outcome = match.route->handler(request);
  const http::Response response =
      outcome ? std::move(*outcome) : http::refusal(request, outcome.error(), match.route->statuses);
  Answer answer{response.status, {}};
  if (const auto* text = std::get_if<std::string>(&response.body)) answer.body = boost::json::parse(*text);
  return answer;
}

}  // namespace korrigo::test
