/// What a corrector's page holds and has not saved: one draft per copy and user, so that a crash loses nothing.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>

#include "grading/desk.h"

namespace korrigo::grading {

struct Draft {
  boost::json::object payload;  // whatever the page needs to go on
  std::string client_id;        // of the page that wrote it
  std::int64_t version = 1;
  UtcTime updated_at{};
};

struct NewDraft {
  boost::json::object payload;
  std::string client_id;
  bool take_over = false;  // another page goes on with it
};

/// Refuses as open_desk(), and with conflict "draft.other_client": the draft is another page's.
Result<Draft> put_draft(storage::Transaction& transaction, const CopyId& copy, const Marker& marker,
                        const NewDraft& draft, UtcTime now);
/// Nobody sees another's. A draft outlives its lock.
std::optional<Draft> find_draft(storage::Transaction& transaction, const CopyId& copy, UserId user);
void delete_draft(storage::Transaction& transaction, const CopyId& copy, UserId user);

}  // namespace korrigo::grading
