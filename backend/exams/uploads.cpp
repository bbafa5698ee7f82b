#include "exams/uploads.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <system_error>
#include <vector>

namespace korrigo::exams {
namespace fs = std::filesystem;
namespace {

using storage::Row;
using storage::Statement;
using storage::Transaction;

constexpr Statement kCountOpen{"upload.count_open",
                               "SELECT count(*) FROM upload WHERE user_id = $1 AND expires_at > $2"};
constexpr Statement kInsert{"upload.insert", R"(
  INSERT INTO upload (id, user_id, original_name, metadata, size, received, created_at, updated_at, expires_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8))"};
constexpr Statement kFind{"upload.find", R"(
  SELECT id, user_id, original_name, metadata, size, received, expires_at FROM upload
  WHERE id = $1 AND user_id = $2 AND expires_at > $3)"};
constexpr Statement kSave{"upload.save", R"(
  UPDATE upload SET received = $2, updated_at = $3, expires_at = $4 WHERE id = $1)"};
constexpr Statement kRemove{"upload.remove", "DELETE FROM upload WHERE id = $1 AND user_id = $2"};
constexpr Statement kRemoveExpired{"upload.remove_expired", "DELETE FROM upload WHERE expires_at <= $1 RETURNING id"};
constexpr Statement kKnown{"upload.known", "SELECT 1 FROM upload WHERE id = $1"};

constexpr std::string_view kFolder = "uploads";
constexpr std::string_view kTakenSuffix = ".taken";

Upload upload_of(const Row& row) {
  Upload upload;
  upload.id = row.get<std::string>(0);
  upload.owner = row.get<UserId>(1);
  upload.file_name = row.get<std::string>(2);
  upload.metadata = boost::json::parse(row.get<std::string>(3)).as_object().at("tus").as_string();
  upload.length = row.get<std::uint64_t>(4);
  upload.offset = row.get<std::uint64_t>(5);
  upload.expires_at = row.get<UtcTime>(6);
  return upload;
}

tl::unexpected<Error> no_such_upload() {
  return refuse(ErrorKind::not_found, "upload.not_found", "There is no such upload.");
}

void insert(Transaction& transaction, const Upload& upload, UtcTime now) {
  const boost::json::object metadata{{"tus", upload.metadata}};
  transaction.execute(kInsert, upload.id, upload.owner, upload.file_name, boost::json::serialize(metadata),
                      upload.length, upload.offset, now, upload.expires_at);
}

}  // namespace

Uploads::Uploads(storage::Database& database, storage::Blobs& blobs, const Clock& clock)
    : database_(database), blobs_(blobs), clock_(clock) {}

fs::path Uploads::path_of(const std::string& id) const {
  return blobs_.temporary(kFolder) / id;
}

Result<Upload> Uploads::create(UserId owner, std::uint64_t length, std::string file_name, std::string metadata) {
  const UtcTime now = clock_.now();
  Upload upload{random_hex(16), owner, std::move(file_name), std::move(metadata), length, 0, now + kLifetime};
  const fs::path path = path_of(upload.id);
  if (!UniqueFd(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600)))
    throw std::system_error(errno, std::generic_category(), "cannot create " + path.string());
  try {
    auto made = database_.write([&](Transaction& transaction) -> Result<Upload> {
      if (transaction.row(kCountOpen, owner, now).value().get<int>(0) >= kMaxOpenPerUser)
        return refuse(ErrorKind::limited, "upload.too_many",
                      fmt::format("At most {} uploads can be open at once.", kMaxOpenPerUser));
      insert(transaction, upload, now);
      return upload;
    });
    if (!made) fs::remove(path);
    return made;
  } catch (const storage::DatabaseError&) {
    std::error_code ignored;
    fs::remove(path, ignored);
    throw;
  }
}

Result<Upload> Uploads::find(UserId owner, const std::string& id) {
  const UtcTime now = clock_.now();
  return database_.read([&](Transaction& transaction) -> Result<Upload> {
    const auto row = transaction.row(kFind, id, owner, now);
    if (!row) return no_such_upload();
    return upload_of(*row);
  });
}

UniqueFd Uploads::open(const Upload& upload) {
  const fs::path path = path_of(upload.id);
  UniqueFd fd(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!fd) throw std::system_error(errno, std::generic_category(), "cannot open " + path.string());
  return fd;
}

Result<void> Uploads::save(const std::string& id, std::uint64_t offset) {
  const UtcTime now = clock_.now();
  const auto saved = database_.write(
      [&](Transaction& transaction) { return transaction.execute(kSave, id, offset, now, now + kLifetime); });
  if (saved == 0) return no_such_upload();
  return {};
}

void Uploads::remove(const Upload& upload) {
  database_.write([&](Transaction& transaction) { transaction.execute(kRemove, upload.id, upload.owner); });
  std::error_code ignored;
  fs::remove(path_of(upload.id), ignored);
}

Result<TakenUpload> Uploads::take(UserId owner, const std::string& id) {
  auto upload = find(owner, id);
  if (!upload) return tl::unexpected(upload.error());
  if (!upload->complete())
    return refuse(ErrorKind::malformed, "upload.incomplete", upload->file_name + ": the upload is not finished.");
  // Whoever deletes the row has the file.
  const auto removed =
      database_.write([&](Transaction& transaction) { return transaction.execute(kRemove, id, owner); });
  if (removed == 0) return no_such_upload();
  const fs::path path = path_of(id);
  fs::path taken = path;
  taken += kTakenSuffix;
  fs::rename(path, taken);
  return TakenUpload{std::move(*upload), std::move(taken)};
}

void Uploads::give_back(const TakenUpload& taken) {
  std::error_code problem;
  fs::rename(taken.path, path_of(taken.upload.id), problem);
  if (problem) return;
  const UtcTime now = clock_.now();
  database_.write([&](Transaction& transaction) { insert(transaction, taken.upload, now); });
}

int Uploads::clean_up() {
  const UtcTime now = clock_.now();
  database_.write([&](Transaction& transaction) { transaction.execute(kRemoveExpired, now); });
  int removed = 0;
  const auto oldest = fs::file_time_type::clock::now() - kLifetime;
  for (const fs::directory_entry& entry : fs::directory_iterator(blobs_.temporary(kFolder))) {
    const std::string id = entry.path().filename().string();
    const bool known =
        database_.read([&](Transaction& transaction) { return transaction.row(kKnown, id).has_value(); });
    std::error_code gone;
    if (known || fs::last_write_time(entry.path(), gone) > oldest || gone) continue;
    removed += fs::remove(entry.path(), gone) ? 1 : 0;
  }
  return removed;
}

}  // namespace korrigo::exams
