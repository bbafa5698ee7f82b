/// Time, passed in so that tests own it.
#pragma once

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace korrigo {

/// UTC with milliseconds: what is stored, compared and sent.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual UtcTime now() const = 0;
};

class SystemClock final : public Clock {
 public:
  UtcTime now() const override;
};

/// Stands still until told otherwise; one thread moves it, any may read it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(UtcTime start) : since_epoch_(start.time_since_epoch()) {}
  UtcTime now() const override { return UtcTime(since_epoch_.load()); }
  void advance(std::chrono::milliseconds by) { since_epoch_ = since_epoch_.load() + by; }
  void set(UtcTime now) { since_epoch_ = now.time_since_epoch(); }

 private:
  std::atomic<std::chrono::milliseconds> since_epoch_;
};

/// "2026-11-21T09:08:51.123Z", the form on the wire.
std::string to_iso(UtcTime time);
/// Reads that form, with or without fraction; nothing when it is another.
std::optional<UtcTime> parse_iso(std::string_view text);

}  // namespace korrigo
