#include "accounts/passwords_once.h"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace korrigo::accounts {
namespace {

namespace json = boost::json;
using storage::Statement;
using storage::Transaction;

constexpr std::string_view kMember = "passwords_sealed";

constexpr Statement kResult{"passwords.result",
                            "SELECT result FROM task WHERE id = $1 AND created_by = $2 AND result IS NOT NULL"};
// Of two askers at once, one finds the result as it was.
constexpr Statement kReplace{"passwords.replace", "UPDATE task SET result = $3 WHERE id = $1 AND result = $2"};

}  // namespace

std::optional<json::object> take_passwords(storage::Database& database, const TaskId& task, UserId asker,
                                           const Sealer& sealer) {
  const auto sealed = database.write([&](Transaction& transaction) -> std::optional<std::string> {
    const auto row = transaction.row(kResult, task, asker);
    if (!row) return std::nullopt;
    const auto stored = row->get<std::string>(0);
    json::value result = json::parse(stored);
    if (!result.is_object() || !result.get_object().contains(kMember)) return std::nullopt;
    std::string text(result.get_object().at(kMember).as_string());
    result.get_object().erase(kMember);
    if (transaction.execute(kReplace, task, stored, json::serialize(result)) == 0) return std::nullopt;
    return text;
  });
  if (!sealed) return std::nullopt;
  const auto plain = sealer.open(*sealed);
  if (!plain) return std::nullopt;
  return json::parse(*plain).as_object();
}

}  // namespace korrigo::accounts
