/// What a corrector says of a question, and of the whole copy.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "grading/desk.h"

namespace korrigo::grading {

using RemarkId = UuidOf<struct RemarkTag>;

constexpr std::size_t kMaxRemarkCharacters = 5'000;
constexpr std::size_t kMaxAppreciationCharacters = 10'000;

struct Remark {
  RemarkId id;
  CopyId copy;
  std::string question_id;
  std::string remark;
  std::int64_t version = 1;
  std::optional<UserId> created_by;
  UtcTime created_at{};
  UtcTime updated_at{};
};

struct PutRemark {
  Remark remark;
  bool is_new = false;
};
/// A question has one remark: the second takes the place of the first. Refuses with malformed
/// "score.unknown_question", forbidden "lock.wrong_scope", "remark.foreign" (another's, unless the desk is the head's).
Result<PutRemark> put_remark(storage::Transaction& transaction, const Desk& desk, const std::string& question,
                             const std::string& text);
/// Refuses with not_found "remark.not_found", and as put_remark().
Result<void> delete_remark(storage::Transaction& transaction, const Desk& desk, const RemarkId& id);

/// Refuses with not_found "remark.not_found".
Result<Remark> find_remark(storage::Transaction& transaction, const CopyId& copy, const RemarkId& id);
std::optional<Remark> remark_on(storage::Transaction& transaction, const CopyId& copy, const std::string& question);
/// By question.
std::vector<Remark> remarks_of(storage::Transaction& transaction, const CopyId& copy);

std::string appreciation_of(storage::Transaction& transaction, const CopyId& copy);
void set_appreciation(storage::Transaction& transaction, const Desk& desk, const std::string& text);

}  // namespace korrigo::grading
