// Files over real connections: ranges, variants, the single page.
#include "http/static_files.h"
#include "http/test_server.h"

namespace korrigo::http {
namespace {

using testing::Answer;

class HttpFiles : public testing::ServerTest {
 protected:
  HttpFiles() {
    blob = folder.path() / "blob";
    write_file(blob, std::string_view("0123456789"));
    add(Method::get, "/blob/", [this](Request&) {
      return file(blob, {.content_type = "application/pdf", .download_name = "copie é.pdf", .etag = "hash"});
    });
    dist = folder.path() / "dist";
    std::filesystem::create_directories(dist / "assets");
    write_file(dist / "index.html", std::string_view("<page>"));
    write_file(dist / "assets/index-BxT3s1kd.js", std::string_view("script"));
    write_file(dist / "assets/index-BxT3s1kd.js.br", std::string_view("brotli"));
    write_file(dist / "assets/index-BxT3s1kd.js.gz", std::string_view("gzipped"));
    write_file(folder.path() / "secret.txt", std::string_view("secret"));
    std::filesystem::create_symlink(folder.path() / "secret.txt", dist / "link.txt");
  }
  Answer range(std::string_view range, std::string_view more = {}) {
    return get("/blob/", fmt::format("Range: {}\r\n{}", range, more));
  }
  std::filesystem::path blob;
  std::filesystem::path dist;
};

TEST_F(HttpFiles, are_sent_whole_with_their_name_and_tag) {
  start();
  const Answer answer = get("/blob/");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "0123456789");
  EXPECT_EQ(answer.header("ETag"), "\"hash\"");
  EXPECT_EQ(answer.header("Accept-Ranges"), "bytes");
  EXPECT_EQ(answer.header("Content-Disposition"),
            "inline; filename=\"copie _.pdf\"; filename*=UTF-8''copie%20%C3%A9.pdf");
  EXPECT_EQ(get("/blob/", "If-None-Match: \"hash\"\r\n").status, 304);
  EXPECT_EQ(client().request("HEAD", "/blob/").header("Content-Length"), "10");
}

TEST_F(HttpFiles, are_sent_in_the_part_asked_for) {
  start();
  const struct {
    const char* asked;
    int status;
    const char* body;
    const char* content_range;
  } table[] = {{"bytes=0-0", 206, "0", "bytes 0-0/10"},  {"bytes=2-4", 206, "234", "bytes 2-4/10"},
               {"bytes=7-", 206, "789", "bytes 7-9/10"}, {"bytes=7-99", 206, "789", "bytes 7-9/10"},
               {"bytes=-3", 206, "789", "bytes 7-9/10"}, {"bytes=-99", 206, "0123456789", "bytes 0-9/10"},
               {"bytes=5-4", 200, "0123456789", ""},     {"bytes=0-1,3-4", 200, "0123456789", ""},
               {"items=0-1", 200, "0123456789", ""},     {"bytes=a-b", 200, "0123456789", ""},
               {"bytes=-", 200, "0123456789", ""},       {"bytes=99999999999999999999-", 200, "0123456789", ""}};
  for (const auto& row : table) {
    const Answer answer = range(row.asked);
    EXPECT_EQ(answer.status, row.status) << row.asked;
    EXPECT_EQ(answer.body, row.body) << row.asked;
    EXPECT_EQ(answer.header("Content-Range"), row.content_range) << row.asked;
  }
  for (const char* beyond : {"bytes=10-", "bytes=10-12", "bytes=-0"}) {
    EXPECT_EQ(range(beyond).status, 416) << beyond;
    EXPECT_EQ(range(beyond).header("Content-Range"), "bytes */10") << beyond;
  }
  EXPECT_EQ(range("bytes=0-1", "If-Range: \"hash\"\r\n").status, 206);
  EXPECT_EQ(range("bytes=0-1", "If-Range: \"old\"\r\n").status, 200);
  EXPECT_EQ(client().request("HEAD", "/blob/", "Range: bytes=2-4\r\n").header("Content-Length"), "3");
}

TEST_F(HttpFiles, larger_than_memory_steps_arrive_whole) {
  std::string content(3'000'000, ' ');
  for (std::size_t i = 0; i < content.size(); ++i) content[i] = static_cast<char>(i * 7 >> 3);
  write_file(blob, std::string_view(content));
  start();
  EXPECT_TRUE(get("/blob/").body == content);
  EXPECT_TRUE(range("bytes=131072-2999998").body == content.substr(131072, 2999998 - 131072 + 1));
}

TEST_F(HttpFiles, that_are_gone_are_an_internal_error) {
  std::filesystem::remove(blob);
  start();
  EXPECT_EQ(get("/blob/").status, 500);
}

TEST_F(HttpFiles, of_the_application_come_from_the_folder) {
  router.set_fallback(static_files(dist));
  start();
  const Answer page = get("/");
  EXPECT_EQ(page.body, "<page>");
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("Cache-Control"), "no-cache");
  EXPECT_EQ(get("/exams/7/processing").body, "<page>");
  EXPECT_EQ(get("/missing.js").status, 404);
  EXPECT_EQ(get("/api/nothing/").status, 404);
  EXPECT_EQ(get("/api").status, 404);
  EXPECT_EQ(get("/link.txt").status, 404);
  EXPECT_EQ(get("/assets/").body, "<page>");
  EXPECT_EQ(client().request("POST", "/").status, 404);
}

TEST_F(HttpFiles, with_hashed_names_are_kept_for_ever_and_come_compressed) {
  router.set_fallback(static_files(dist));
  start();
  const Answer plain = get("/assets/index-BxT3s1kd.js");
  EXPECT_EQ(plain.body, "script");
  EXPECT_EQ(plain.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(plain.header("Content-Type"), "text/javascript; charset=utf-8");
  const Answer brotli = get("/assets/index-BxT3s1kd.js", "Accept-Encoding: gzip, br\r\n");
  EXPECT_EQ(brotli.body, "brotli");
  EXPECT_EQ(brotli.header("Content-Encoding"), "br");
  EXPECT_EQ(brotli.header("Content-Type"), "text/javascript; charset=utf-8");
  EXPECT_EQ(brotli.header("Vary"), "Accept-Encoding");
  EXPECT_NE(brotli.header("ETag"), plain.header("ETag"));
  EXPECT_EQ(get("/assets/index-BxT3s1kd.js", "Accept-Encoding: gzip, br;q=0\r\n").body, "gzipped");
}

TEST_F(HttpFiles, may_lie_in_the_binary) {
  router.set_fallback(static_files({{"index.html", "<embedded>"}, {"assets/a.css", "css"}, {"assets/a.css.gz", "gz"}}));
  start();
  const Answer page = get("/students/");
  EXPECT_EQ(page.body, "<embedded>");
  EXPECT_EQ(get("/", "If-None-Match: " + page.header("ETag") + "\r\n").status, 304);
  EXPECT_EQ(get("/assets/a.css", "Accept-Encoding: gzip\r\n").body, "gz");
  EXPECT_EQ(get("/assets/a.css", "Range: bytes=1-\r\n").body, "ss");
  EXPECT_EQ(get("/assets/b.css").status, 404);
}

}  // namespace
}  // namespace korrigo::http
