#include "http/tus.h"

#include <fcntl.h>

#include "http/test_server.h"

namespace korrigo::http {
namespace {

using testing::Answer;
using testing::Client;
using testing::eventually;

constexpr std::string_view kTus = "Tus-Resumable: 1.0.0\r\n";

/// Uploads in memory, their bytes in a folder.
struct KeptUploads {
  std::filesystem::path folder;
  Guarded<std::map<std::string, TusUpload>> uploads;

  TusStore store() {
    TusStore store;
    store.create = [this](Request& request, std::uint64_t length, const std::string& metadata, const Pairs&) {
      auto locked = uploads.lock();
      const std::string id = "u" + std::to_string(locked->size() + 1);
      write_file(folder / id, std::string_view(""));
      const TusUpload upload{id, length, 0, metadata, UtcTime{std::chrono::hours(24)}};
      (*locked)[id] = upload;
      request.user_id = "1";
      return Result<TusUpload>(upload);
    };
    store.find = [this](Request&, const std::string& id) -> Result<TusUpload> {
      auto locked = uploads.lock();
      const auto it = locked->find(id);
      if (it == locked->end()) return refuse(ErrorKind::not_found, "upload.unknown", "No such upload");
      return it->second;
    };
    store.open = [this](Request&, const TusUpload& upload) {
      return Result<UniqueFd>(UniqueFd(::open((folder / upload.id).c_str(), O_WRONLY | O_CLOEXEC)));
    };
    store.saved = [this](const TusUpload& upload) -> Result<void> {
      uploads.lock()->at(upload.id).offset = upload.offset;
      return {};
    };
    store.remove = [this](Request&, const TusUpload& upload) -> Result<void> {
      uploads.lock()->erase(upload.id);
      std::filesystem::remove(folder / upload.id);
      return {};
    };
    return store;
  }
};

class TusUploads : public testing::ServerTest {
 protected:
  TusUploads() {
    kept.folder = bytes.path();
    router.add(tus_routes(kept.store(), {.path = "/api/uploads/", .max_bytes = 5'000'000}));
  }
  Answer ask(std::string_view method, std::string_view target, std::string_view headers, std::string_view body = {}) {
    return client().request(method, target, std::string(kTus) + std::string(headers), body);
  }
  std::string make(std::size_t length) {
    return ask("POST", "/api/uploads/", fmt::format("Upload-Length: {}\r\n", length)).header("Location");
  }
  Answer patch(std::string_view location, std::size_t offset, std::string_view body) {
    return ask("PATCH", location, patch_headers(offset), body);
  }
  static std::string patch_headers(std::size_t offset) {
    return fmt::format("Content-Type: application/offset+octet-stream\r\nUpload-Offset: {}\r\n", offset);
  }
  TempFolder bytes;
  KeptUploads kept;
};

TEST_F(TusUploads, are_made_sent_in_pieces_and_asked_about) {
  start();
  const Answer made =
      ask("POST", "/api/uploads/", "Upload-Length: 11\r\nUpload-Metadata: filename bG90LnBkZg==,is_last\r\n");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.header("Location"), "/api/uploads/u1/");
  EXPECT_EQ(made.header("Upload-Expires"), "Fri, 02 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(made.header("Tus-Resumable"), "1.0.0");
  const Answer first = patch("/api/uploads/u1/", 0, "hello ");
  EXPECT_EQ(first.status, 204);
  EXPECT_EQ(first.header("Upload-Offset"), "6");
  const Answer head = ask("HEAD", "/api/uploads/u1/", "");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("Upload-Offset"), "6");
  EXPECT_EQ(head.header("Upload-Length"), "11");
  EXPECT_EQ(head.header("Upload-Metadata"), "filename bG90LnBkZg==,is_last");
  EXPECT_EQ(head.header("Cache-Control"), "no-store");
  EXPECT_EQ(patch("/api/uploads/u1", 6, "world").header("Upload-Offset"), "11");
  EXPECT_EQ(read_file(bytes.path() / "u1"), "hello world");
  EXPECT_EQ(ask("DELETE", "/api/uploads/u1/", "").status, 204);
  EXPECT_EQ(ask("HEAD", "/api/uploads/u1/", "").status, 404);
}

TEST_F(TusUploads, describe_the_protocol) {
  start();
  const Answer answer = client().request("OPTIONS", "/api/uploads/");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.header("Tus-Version"), "1.0.0");
  EXPECT_EQ(answer.header("Tus-Extension"), "creation,expiration,termination");
  EXPECT_EQ(answer.header("Tus-Max-Size"), "5000000");
}

TEST_F(TusUploads, refuse_what_the_protocol_forbids) {
  start();
  EXPECT_EQ(client().request("POST", "/api/uploads/", "Upload-Length: 5\r\n").status, 412);
  EXPECT_EQ(ask("POST", "/api/uploads/", "").status, 400);
  EXPECT_EQ(ask("POST", "/api/uploads/", "Upload-Length: -5\r\n").status, 400);
  EXPECT_EQ(ask("POST", "/api/uploads/", "Upload-Length: 5000001\r\n").status, 413);
  EXPECT_EQ(ask("POST", "/api/uploads/", "Upload-Length: 5\r\nUpload-Metadata: a !!!\r\n").status, 400);
  const std::string location = make(10);
  EXPECT_EQ(patch(location, 3, "x").status, 409);
  EXPECT_EQ(patch(location, 3, "x").header("Tus-Resumable"), "1.0.0");
  EXPECT_EQ(patch(location, 0, "01234567890").status, 413);
  EXPECT_EQ(patch("/api/uploads/u9/", 0, "x").status, 404);
  EXPECT_EQ(ask("PATCH", location, "Upload-Offset: 0\r\nContent-Type: text/plain\r\n", "x").status, 415);
  EXPECT_EQ(ask("PATCH", location, "Content-Type: application/offset+octet-stream\r\n", "x").status, 400);
  EXPECT_EQ(patch(location, 0, "").header("Upload-Offset"), "0");
}

TEST_F(TusUploads, keep_what_came_before_the_connection_broke) {
  start();
  const std::string location = make(1'000'000);
  Client broken(server->port());
  broken.send(fmt::format("PATCH {} HTTP/1.1\r\nHost: x\r\n{}{}Content-Length: 1000000\r\n\r\n", location, kTus,
                          patch_headers(0)));
  broken.send(std::string(600'000, 'a'));
  ASSERT_TRUE(eventually([&] { return std::filesystem::file_size(bytes.path() / "u1") > 0; }));
  broken.close();
  ASSERT_TRUE(eventually([&] { return kept.uploads.lock()->at("u1").offset > 0; }));
  const std::size_t offset = kept.uploads.lock()->at("u1").offset;
  EXPECT_EQ(std::filesystem::file_size(bytes.path() / "u1"), offset);
  EXPECT_EQ(patch(location, offset, std::string(1'000'000 - offset, 'b')).header("Upload-Offset"), "1000000");
  const std::string content = read_file(bytes.path() / "u1");
  EXPECT_TRUE(content == std::string(offset, 'a') + std::string(1'000'000 - offset, 'b'));
}

TEST_F(TusUploads, are_taken_over_from_a_connection_that_hangs) {
  start();
  const std::string location = make(1'000'000);
  Client hanging(server->port());
  hanging.send(fmt::format("PATCH {} HTTP/1.1\r\nHost: x\r\n{}{}Content-Length: 1000000\r\n\r\n", location, kTus,
                           patch_headers(0)));
  hanging.send(std::string(200'000, 'a'));
  ASSERT_TRUE(eventually([&] { return std::filesystem::file_size(bytes.path() / "u1") > 0; }));
  const std::size_t offset = std::stoul(ask("HEAD", location, "").header("Upload-Offset"));
  EXPECT_GT(offset, 0u);
  EXPECT_EQ(patch(location, offset, std::string(1'000'000 - offset, 'b')).status, 204);
  hanging.send(std::string(800'000, 'z'));
  EXPECT_EQ(hanging.receive().status, 409);
  EXPECT_EQ(read_file(bytes.path() / "u1").find('z'), std::string::npos);
}

TEST(TusMetadata, is_read_or_refused) {
  EXPECT_EQ(*parse_tus_metadata("filename w6kucGRm,flag, type cGRm"),
            (Pairs{{"filename", "é.pdf"}, {"flag", ""}, {"type", "pdf"}}));
  EXPECT_TRUE(parse_tus_metadata("")->empty());
  EXPECT_FALSE(parse_tus_metadata("a w6kucGR"));
  EXPECT_FALSE(parse_tus_metadata("a b c"));
}

}  // namespace
}  // namespace korrigo::http
