/// One operation of a client's log, written. Internal to this module.
#pragma once

#include "grading/operation.h"

namespace korrigo::grading {

/// Refuses with malformed "operation.invalid" unless it is of a known kind and names what it is about.
Result<void> check_operation(const Operation& operation);

/// What stands where the operation writes: {"points": 2}, {"remark": ..., "version": 1}, {"version": 3}; members are
/// null, or the object is empty, where nothing does.
boost::json::object standing_of(storage::Transaction& transaction, const CopyId& copy, const Operation& operation);
/// Whether that is what the client had before it when it did the operation.
bool is_as_known(const Operation& operation, const boost::json::object& standing);
/// Whether it stands there already.
bool is_written(const Operation& operation, const boost::json::object& standing);

/// Writes it over whatever stands there. Refuses with malformed "operation.invalid" (a member is missing or
/// wrong), and as the write does.
Result<void> write_operation(storage::Transaction& transaction, const Desk& desk, const Operation& operation);

}  // namespace korrigo::grading
