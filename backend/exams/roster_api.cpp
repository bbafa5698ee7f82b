#include "accounts/guard_api.h"
#include "accounts/settings.h"
#include "exams/exam_json_api.h"
#include "exams/exams_api.h"
#include "exams/form_files_api.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::exams {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::uint64_t kMaxForm = 256ULL << 20;

json::object to_json(const RosterEntry& entry) {
  return {{"student", students::to_json(entry.student)},
          {"numero_etudiant", entry.numero_etudiant},
          {"presence", name_of(entry.presence)},
          {"copy_id", entry.copy ? json::value(entry.copy->text()) : json::value()}};
}

Result<Response> list(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto listing = http::read_listing(request, {"last_name", "class_name", "presence"});
  if (!listing) return tl::unexpected(listing.error());
  RosterFilter filter{.search = std::string(request.query_value("search").value_or("")),
                      .descending = listing->descending,
                      .page = listing->page,
                      .page_size = listing->page_size};
  if (listing->ordering == "class_name") filter.order = RosterOrder::class_name;
  if (listing->ordering == "presence") filter.order = RosterOrder::presence;
  const auto page = api.database.read([&](Transaction& transaction) -> Result<RosterPage> {
    if (auto found = find_exam(transaction, *exam); !found) return tl::unexpected(found.error());
    return list_roster(transaction, *exam, filter);
  });
  if (!page) return tl::unexpected(page.error());
  json::array results;
  for (const RosterEntry& entry : page->entries) results.push_back(to_json(entry));
  return http::answer_list(request, *listing, page->count, std::move(results));
}

Result<Response> replace(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const UserId user = accounts::caller_of(request).user;
  FormFiles files(request, api.uploads, user);
  auto file = files.one("students_csv");
  if (!file) return tl::unexpected(file.error());
  if (!*file) {
    Error missing{ErrorKind::malformed, "roster.missing", "CSV file required"};
    missing.field = "students_csv";
    return tl::unexpected(std::move(missing));
  }
  const auto settings = api.database.read([](Transaction& transaction) { return accounts::settings(transaction); });
  Limits limits;
  limits.max_csv_bytes = static_cast<std::uint64_t>(settings.max_csv_bytes);
  const Intake intake{api.database,      api.blobs, api.queue, api.check, limits, accounts::actor_of(request),
                      api.roster_changed};
  Faults faults;
  const auto changes = receive_roster_file(intake, *exam, **file, user, &faults);
  if (!changes) return refusal_of(request, changes.error(), faults);
  return http::json(200, to_json(*changes));
}

std::vector<StudentId> ids_of(http::JsonFields& fields, std::string_view name) {
  std::vector<StudentId> ids;
  const json::array* given = fields.optional_array(name);
  if (given == nullptr) return ids;
  for (const json::value& id : *given) {
    if (id.is_int64()) {
      ids.push_back({id.as_int64()});
    } else {
      fields.reject(name, "must be a list of students' ids");
    }
  }
  return ids;
}

Result<RosterEdit> edit_of(const json::object& body) {
  http::JsonFields fields(body);
  RosterEdit edit{.add = ids_of(fields, "add"), .remove = ids_of(fields, "remove")};
  if (const json::array* given = fields.optional_array("presence")) {
    for (const json::value& entry : *given) {
      const json::object* mark = entry.if_object();
      const json::value* id = mark != nullptr ? mark->if_contains("student_id") : nullptr;
      const json::value* name = mark != nullptr ? mark->if_contains("presence") : nullptr;
      std::optional<Presence> presence;
      if (name != nullptr && name->is_string()) presence = presence_named(name->as_string());
      if (id != nullptr && id->is_int64() && presence) {
        edit.presence.emplace_back(StudentId{id->as_int64()}, *presence);
      } else {
        fields.reject("presence", "must be a list of {student_id, presence}");
      }
    }
  }
  if (!body.contains("add") && !body.contains("remove") && !body.contains("presence"))
    fields.reject("add", "or remove or presence is required");
  if (fields.fault()) return fields.refusal();
  return edit;
}

Result<Response> change(const ExamsApi& api, Request& request) {
  const auto exam = exam_id_of(request);
  if (!exam) return tl::unexpected(exam.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto edit = edit_of(*body);
  if (!edit) return tl::unexpected(edit.error());
  const UtcTime now = api.queue.clock().now();
  const audit::Actor actor = accounts::actor_of(request);
  Faults faults;
  const auto changes = api.database.write([&](Transaction& transaction) -> Result<RosterChanges> {
    faults = {};
    auto changed = change_roster(transaction, *exam, *edit, now, &faults.roster);
    if (!changed) return changed;
    if (api.roster_changed) api.roster_changed(transaction, *exam);
    audit::append(transaction,
                  {.by = actor, .action = "exam.change_roster", .target_type = "exam", .target_id = exam->text()}, now);
    return changed;
  });
  if (!changes) return refusal_of(request, changes.error(), faults);
  return http::json(200, to_json(*changes));
}

}  // namespace

std::vector<http::Route> roster_routes(const ExamsApi& api) {
  const auto bound = [&api](auto handler) {
    return [api, handler](Request& request) -> Result<Response> { return handler(api, request); };
  };
  const auto path = "/api/exams/{exam_id}/roster/";
  const http::BodyPolicy form = http::FormBody{.max_bytes = kMaxForm, .max_file_bytes = kMaxForm};
  return {
      {Method::get, path, bound(list), http::NoBody{}, accounts::kAdmin, {}},
      {Method::put, path, bound(replace), form, accounts::kAdmin, {}},
      {Method::patch, path, bound(change), http::SmallBody{}, accounts::kAdmin, {}},
  };
}

}  // namespace korrigo::exams
