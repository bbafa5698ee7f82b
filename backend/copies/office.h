/// What the office's operations work with.
#pragma once

#include "audit/audit.h"
#include "jobs/queue.h"
#include "storage/blobs.h"
#include "storage/database.h"

namespace korrigo::copies {

/// Who works at the desk. Everything outlives the call.
struct Office {
  storage::Database& database;
  storage::Blobs& blobs;
  jobs::Queue& queue;
  audit::Actor actor;  // actor.user is set
};

}  // namespace korrigo::copies
