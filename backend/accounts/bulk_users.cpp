#include "accounts/bulk_users.h"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <thread>

#include "accounts/new_user.h"

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using storage::Transaction;

json::value or_null(const std::optional<std::string>& text) {
  return text ? json::value(*text) : json::value();
}

std::optional<std::string> text_or_none(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  return std::string(value.as_string());
}

json::object to_payload(const NewUser& user) {
  return {
      {"username", user.username},
      {"email", or_null(user.email)},
      {"first_name", user.first_name},
      {"last_name", user.last_name},
      {"role", name_of(user.role)},
      {"password", or_null(user.password)},
      {"must_change_password", user.must_change_password ? json::value(*user.must_change_password) : json::value()}};
}

NewUser from_payload(const json::object& object) {
  NewUser user;
  user.username = object.at("username").as_string();
  user.email = text_or_none(object.at("email"));
  user.first_name = object.at("first_name").as_string();
  user.last_name = object.at("last_name").as_string();
  user.role = role_named(object.at("role").as_string()).value();
  user.password = text_or_none(object.at("password"));
  if (const json::value& must = object.at("must_change_password"); must.is_bool()) {
    user.must_change_password = must.as_bool();
  }
  return user;
}

json::object to_json(std::size_t line, const Error& error) {
  json::object fault{{"line", line}, {"code", error.code}, {"message", error.message}};
  if (!error.field.empty()) fault["field"] = error.field;
  return fault;
}

using Prepared = std::vector<std::optional<Result<PreparedUser>>>;

Prepared prepare_all(const Context& context, const json::array& users, jobs::TaskContext& task) {
  Prepared prepared(users.size());
  std::atomic<std::int64_t> done{0};
  const auto total = static_cast<std::int64_t>(users.size());
  const int threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
  for_each_parallel(threads, users.size(), task.cancel(), [&](int, std::size_t item) {
    task.safe_point();
    prepared[item] = prepare_user(context.hasher, from_payload(users.at(item).as_object()), context.clock.now());
    task.progress(++done, total, "users");
  });
  return prepared;
}

/// Makes those that can be made; the result of the task.
json::object insert_all(Transaction& transaction, const Prepared& prepared, const Context& context,
                        const Sealer& sealer, std::optional<UserId> asked_by) {
  json::array errors;
  json::array ids;
  json::object passwords;
  for (std::size_t i = 0; i < prepared.size(); ++i) {
    const Result<PreparedUser>& one = *prepared[i];
    const auto made = one.and_then([&](const PreparedUser& user) { return insert_user(transaction, user); });
    if (!made) {
      errors.push_back(to_json(i + 1, made.error()));
      continue;
    }
    ids.emplace_back(made->id.value);
    if (one->temporary_password) passwords[made->email.value_or(made->username)] = *one->temporary_password;
  }
  json::object result{
      {"status", "success"}, {"created", ids.size()}, {"errors", std::move(errors)}, {"passwords", json::object()}};
  if (!passwords.empty()) result["passwords_sealed"] = sealer.seal(json::serialize(passwords));
  audit::append(transaction, {{.user = asked_by}, "user.create_in_bulk", "user", "", {{"ids", std::move(ids)}}},
                context.clock.now());
  return result;
}

}  // namespace

TaskId request_users(const Context& context, jobs::Queue& queue, const Sealer& sealer,
                     const std::vector<NewUser>& users, UserId asked_by) {
  json::array list;
  for (const NewUser& user : users) list.push_back(to_payload(user));
  jobs::NewTask task{.kind = std::string(kBulkUsersTask)};
  task.payload["users_sealed"] = sealer.seal(json::serialize(list));
  task.created_by = asked_by;
  return context.database.write([&](Transaction& transaction) { return queue.enqueue(transaction, task); });
}

jobs::Handler bulk_users_handler(const Context& context, const Sealer& sealer) {
  return [context, &sealer](jobs::TaskContext& task) -> Result<jobs::Ending> {
    const auto plain = sealer.open(task.payload().at("users_sealed").as_string());
    if (!plain) {
      return refuse(ErrorKind::conflict, "task.sealed_elsewhere",
                    "This task was sealed with the key of another installation.");
    }
    const json::value users = json::parse(*plain);
    const Prepared prepared = prepare_all(context, users.as_array(), task);
    return task.finish([&](Transaction& transaction) -> Result<json::value> {
      return insert_all(transaction, prepared, context, sealer, task.task().created_by);
    });
  };
}

}  // namespace korrigo::accounts
