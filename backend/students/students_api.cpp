#include "students/students_api.h"

#include <fmt/format.h>
#include <charconv>

#include "accounts/guard_api.h"
#include "accounts/settings.h"
#include "http/json_fields.h"
#include "http/listing.h"

namespace korrigo::students {
namespace {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using storage::Transaction;

constexpr std::uint64_t kMaxForm = 256ULL << 20;
constexpr std::size_t kLongestSearch = 800;  // bytes: 200 characters

constexpr std::pair<std::string_view, StudentOrder> kOrders[] = {{"last_name", StudentOrder::last_name},
                                                                 {"first_name", StudentOrder::first_name},
                                                                 {"class_name", StudentOrder::class_name},
                                                                 {"date_naissance", StudentOrder::date_naissance}};

Result<StudentId> id_of(const Request& request) {
  const std::string_view text = request.path_parameter("student_id");
  StudentId id;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id.value);
  if (fault != std::errc{} || end != text.data() + text.size())
    return refuse(ErrorKind::not_found, "student.not_found", "There is no such student.");
  return id;
}

std::optional<Date> date_in(http::JsonFields& fields, const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto date = Date::parse(*text);
  if (!date) fields.reject("date_naissance", "must be a date, YYYY-MM-DD");
  return date;
}

/// The members that are there; an e-mail address of null takes the present one away.
Result<StudentChange> change_of(const json::object& body) {
  http::JsonFields fields(body);
  StudentChange change;
  change.last_name = fields.optional_text("last_name", {.min = 1, .max = 200});
  change.first_name = fields.optional_text("first_name", {.min = 1, .max = 200});
  change.date_naissance = date_in(fields, fields.optional_text("date_naissance", {.min = 1, .max = 20}));
  const json::value* email = body.if_contains("email");
  change.email = email != nullptr && email->is_null() ? std::optional<std::string>("")
                                                      : fields.optional_text("email", {.min = 0, .max = 254});
  change.class_name = fields.optional_text("class_name", {.min = 0, .max = 200});
  change.groupe = fields.optional_text("groupe", {.min = 0, .max = 200});
  if (fields.fault()) return fields.refusal();
  return change;
}

Result<StudentFields> fields_of(const json::object& body) {
  auto given = change_of(body);
  if (!given) return tl::unexpected(given.error());
  if (!given->last_name) return tl::unexpected(http::invalid_field("last_name", "is required"));
  if (!given->first_name) return tl::unexpected(http::invalid_field("first_name", "is required"));
  if (!given->date_naissance) return tl::unexpected(http::invalid_field("date_naissance", "is required"));
  StudentFields fields;
  fields.last_name = *given->last_name;
  fields.first_name = *given->first_name;
  fields.date_naissance = *given->date_naissance;
  fields.email = given->email;
  fields.class_name = given->class_name.value_or("");
  fields.groupe = given->groupe.value_or("");
  return fields;
}

/// Runs one change of one student with its line in the audit log.
template <class Work>
auto change_row(const StudentsApi& api, const Request& request, const char* action, Work&& work) {
  const UtcTime now = api.queue.clock().now();
  const audit::Actor actor = accounts::actor_of(request);
  return api.database.write([&](Transaction& transaction) {
    auto outcome = work(transaction, now);
    if (outcome) {
      const StudentId id = outcome->id;
      audit::append(transaction,
                    {.by = actor, .action = action, .target_type = "student", .target_id = std::to_string(id.value)},
                    now);
    }
    return outcome;
  });
}

Result<Response> list(const StudentsApi& api, Request& request) {
  const auto listing = http::read_listing(request, {"last_name", "first_name", "class_name", "date_naissance"});
  if (!listing) return tl::unexpected(listing.error());
  StudentFilter filter{.search = std::string(request.query_value("search").value_or("")),
                       .descending = listing->descending,
                       .page = listing->page,
                       .page_size = listing->page_size};
  if (filter.search.size() > kLongestSearch) return tl::unexpected(http::invalid_field("search", "is too long"));
  if (const auto name = request.query_value("class_name")) filter.class_name = std::string(*name);
  if (const auto name = request.query_value("groupe")) filter.groupe = std::string(*name);
  for (const auto& [name, order] : kOrders)
    if (name == listing->ordering) filter.order = order;
  const StudentPage page =
      api.database.read([&](Transaction& transaction) { return list_students(transaction, filter); });
  json::array results;
  for (const Student& student : page.students) results.push_back(to_json(student));
  return http::answer_list(request, *listing, page.count, std::move(results));
}

Result<Response> create(const StudentsApi& api, Request& request) {
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto fields = fields_of(*body);
  if (!fields) return tl::unexpected(fields.error());
  const auto made = change_row(api, request, "student.create", [&](Transaction& transaction, UtcTime now) {
    return create_student(transaction, *fields, now);
  });
  if (!made) return tl::unexpected(made.error());
  return http::json(201, to_json(*made));
}

Result<Response> get(const StudentsApi& api, Request& request) {
  const auto id = id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto student = api.database.read([&](Transaction& transaction) { return find_student(transaction, *id); });
  if (!student) return tl::unexpected(student.error());
  return http::json(200, to_json(*student));
}

Result<Response> get_own(const StudentsApi& api, Request& request) {
  const UserId user = accounts::caller_of(request).user;
  const auto student = api.database.read([&](Transaction& transaction) { return student_of_user(transaction, user); });
  if (!student) return refuse(ErrorKind::not_found, "student.not_found", "There is no such student.");
  return http::json(200, to_json(*student));
}

Result<Response> patch(const StudentsApi& api, Request& request) {
  const auto id = id_of(request);
  if (!id) return tl::unexpected(id.error());
  const auto body = request.json_object();
  if (!body) return tl::unexpected(body.error());
  const auto wanted = change_of(*body);
  if (!wanted) return tl::unexpected(wanted.error());
  const auto student = change_row(api, request, "student.change", [&](Transaction& transaction, UtcTime now) {
    return change_student(transaction, *id, *wanted, now);
  });
  if (!student) return tl::unexpected(student.error());
  return http::json(200, to_json(*student));
}

Result<Response> remove(const StudentsApi& api, Request& request) {
  const auto id = id_of(request);
  if (!id) return tl::unexpected(id.error());
  struct Removed {
    StudentId id;
  };
  const auto removed =
      change_row(api, request, "student.delete", [&](Transaction& transaction, UtcTime) -> Result<Removed> {
        return delete_student(transaction, *id).map([&] { return Removed{*id}; });
      });
  if (!removed) return tl::unexpected(removed.error());
  return http::no_content();
}

/// The file of the form, or the finished upload that its text names.
Result<FinishedUpload> file_of(const StudentsApi& api, Request& request) {
  if (const http::UploadedFile* file = request.file("file"))
    return FinishedUpload{file->file.path(), file->filename, [] {}};
  const auto upload = request.field("file");
  if (upload && !upload->empty()) return api.take_upload(accounts::caller_of(request).user, std::string(*upload));
  Error missing{ErrorKind::malformed, "roster.missing", "CSV file required"};
  missing.field = "file";
  return tl::unexpected(std::move(missing));
}

Result<Response> import(const StudentsApi& api, Request& request) {
  const auto file = file_of(api, request);
  if (!file) return tl::unexpected(file.error());
  const auto settings = api.database.read([](Transaction& transaction) { return accounts::settings(transaction); });
  ImportRequest wanted{file->path, file->filename, accounts::caller_of(request).user, {}, accounts::actor_of(request)};
  wanted.limits.max_bytes = static_cast<std::size_t>(settings.max_csv_bytes);
  std::vector<RosterFault> faults;
  const auto accepted = request_import(api.database, api.blobs, api.queue, wanted, &faults);
  if (!accepted) {
    file->give_back();
    return http::refusal(request, http::status_of(accepted.error().kind), accepted.error(), details_of(faults));
  }
  return http::json(202, {{"task_id", accepted->task.text()},
                          {"message", "Student import started."},
                          {"status_url", fmt::format("/api/tasks/{}/status/", accepted->task.text())},
                          {"filename", accepted->filename}});
}

}  // namespace

json::object brief_json(const Student& student) {
  return {{"id", student.id.value},
          {"last_name", student.last_name},
          {"first_name", student.first_name},
          {"date_naissance", student.date_naissance.iso()},
          {"email", student.email ? json::value(*student.email) : json::value()},
          {"class_name", student.class_name}};
}

json::object to_json(const Student& student) {
  json::object all = brief_json(student);
  all["groupe"] = student.groupe;
  all["user_id"] = student.user_id ? json::value(student.user_id->value) : json::value();
  return all;
}

json::array details_of(const std::vector<RosterFault>& faults) {
  json::array details;
  for (const RosterFault& fault : faults)
    details.push_back(json::object{{"line", fault.line}, {"column", fault.column}, {"message", fault.message}});
  return details;
}

std::vector<http::Route> student_routes(const StudentsApi& api) {
  const auto bound = [&api](auto handler) {
    return [api, handler](Request& request) -> Result<Response> { return handler(api, request); };
  };
  const http::BodyPolicy small = http::SmallBody{.max_bytes = 16 * 1024};
  const http::BodyPolicy form = http::FormBody{.max_bytes = kMaxForm, .max_file_bytes = kMaxForm};
  // "student.duplicate" and "student.email_taken" say what is wrong with the request.
  const http::StatusOverrides statuses{{ErrorKind::conflict, 400}};
  const auto one = "/api/students/{student_id}/";
  return {
      {Method::get, "/api/students/", bound(list), http::NoBody{}, accounts::kAdmin, {}},
      {Method::post, "/api/students/", bound(create), small, accounts::kAdmin, statuses},
      {Method::post, "/api/students/import/", bound(import), form, accounts::kAdmin, {}},
      {Method::get, "/api/students/me/", bound(get_own), http::NoBody{}, accounts::kStudent, {}},
      {Method::get, one, bound(get), http::NoBody{}, accounts::kAdmin, {}},
      {Method::patch, one, bound(patch), small, accounts::kAdmin, statuses},
      {Method::delete_, one, bound(remove), http::NoBody{}, accounts::kAdmin, {}},
  };
}

}  // namespace korrigo::students
