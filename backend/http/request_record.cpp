#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "http/server.h"

namespace korrigo::http {

std::string json_line(const RequestRecord& record) {
  boost::json::object line;
  line["timestamp"] = to_iso(record.time);
  line["level"] = record.status >= 500 ? "error" : "info";
  line["logger"] = "http";
  line["message"] = record.trouble.empty() ? "request" : record.trouble;
  line["method"] = record.method;
  line["route"] = record.route;
  line["status"] = record.status;
  line["duration_ms"] = std::round(static_cast<double>(record.duration.count()) / 10.0) / 100.0;
  line["user_id"] = record.user_id.empty() ? boost::json::value(nullptr) : boost::json::value(record.user_id);
  line["request_id"] = record.request_id;
  return boost::json::serialize(line);
}

}  // namespace korrigo::http
