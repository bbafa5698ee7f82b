/// Columns of audit_log in the order the module reads them.
#pragma once

#include "audit/audit.h"

#define KORRIGO_AUDIT_COLUMNS                                                                                     \
  "sequence, created_at, actor_id, action, target_type, target_id, address, request_id, details, previous_hash, " \
  "hash"

namespace korrigo::audit {

inline Entry entry_of(const storage::Row& row) {
  return Entry{.sequence = row.get<std::int64_t>(0),
               .created_at = row.get<UtcTime>(1),
               .by = {row.get<std::optional<UserId>>(2), row.get<std::string>(6), row.get<std::string>(7)},
               .action = row.get<std::string>(3),
               .target_type = row.get<std::string>(4),
               .target_id = row.get<std::string>(5),
               .details = row.get<std::string>(8),
               .previous_hash = row.get<std::string>(9),
               .hash = row.get<std::string>(10)};
}

}  // namespace korrigo::audit
