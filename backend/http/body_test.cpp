// Bodies over real connections: limits, forms to disk, slow and vanishing clients.
#include "http/test_server.h"

namespace korrigo::http {
namespace {

using testing::Answer;
using testing::Client;
using testing::eventually;

constexpr std::string_view kJson = "Content-Type: application/json\r\n";
constexpr std::string_view kForm = "Content-Type: multipart/form-data; boundary=B\r\n";

/// More than a connection holds on its way: the server is still sending when the client has read the head.
constexpr std::size_t kLongerThanBuffers = 64 << 20;

std::string form(std::size_t file_bytes) {
  return "--B\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nBac blanc\r\n"
         "--B\r\nContent-Disposition: form-data; name=\"pdf_file\"; filename=\"lot.pdf\"\r\n\r\n" +
         std::string(file_bytes, 'p') + "\r\n--B--\r\n";
}

std::string chunked(std::string_view body, std::size_t step) {
  std::string out;
  for (std::size_t at = 0; at < body.size(); at += step) {
    const std::string_view piece = body.substr(at, step);
    out += fmt::format("{:x}\r\n{}\r\n", piece.size(), piece);
  }
  return out + "0\r\n\r\n";
}

class HttpBody : public testing::ServerTest {
 protected:
  HttpBody() {
    add(
        Method::post, "/json/",
        [](Request& request) -> Result<Response> {
          const auto value = request.json();
          if (!value) return tl::unexpected(value.error());
          return json(200, *value);
        },
        SmallBody{.max_bytes = 10'000});
    add(
        Method::post, "/form/",
        [this](Request& request) {
          ++forms;
          UploadedFile* file = request.file("pdf_file");
          const auto bytes = file ? read_file(file->file.path()).size() : 0;
          return text(
              200, "text/plain",
              fmt::format("{} {} {}", request.field("title").value_or("-"), file ? file->filename : "-", bytes));
        },
        FormBody{.max_bytes = 2'000'000, .max_file_bytes = 1'000'000});
    add(
        Method::post, "/long/", [](Request&) { return text(200, "text/plain", std::string(kLongerThanBuffers, 'a')); },
        FormBody{.max_bytes = 2'000'000, .max_file_bytes = 1'000'000});
    add(Method::delete_, "/thing/", [](Request&) { return Response(204); });
  }
  Answer post(std::string_view target, std::string_view headers, std::string_view body) {
    return client().request("POST", target, headers, body);
  }
  std::atomic<int> forms = 0;
};

TEST_F(HttpBody, of_json_comes_whole_or_is_refused) {
  start();
  EXPECT_EQ(post("/json/", kJson, R"({"a": [1]})").body, R"({"a":[1]})");
  EXPECT_EQ(post("/json/", kJson, "{").status, 400);
  EXPECT_EQ(post("/json/", kJson, "").status, 400);
  EXPECT_EQ(post("/json/", "Content-Type: text/plain\r\n", "{}").status, 415);
  EXPECT_EQ(post("/json/", "Content-Type: application/json; charset=utf-8\r\n", "{}").status, 200);
  EXPECT_EQ(post("/json/", kJson, std::string(10'001, ' ')).status, 413);
  EXPECT_EQ(post("/json/", kJson, std::string(1000, '[')).status, 400);
}

TEST_F(HttpBody, may_come_in_chunks) {
  start();
  Client client(server->port());
  const std::string head =
      "POST /json/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\n";
  client.send(head + chunked(R"({"long": "value"})", 3));
  EXPECT_EQ(client.receive().body, R"({"long":"value"})");
  client.send(head + chunked(std::string(20'000, ' '), 999));
  EXPECT_EQ(client.receive().status, 413);
  Client broken(server->port());
  broken.send(head + "zz\r\nnonsense");
  EXPECT_EQ(broken.receive().status, 400);
}

TEST_F(HttpBody, that_nobody_asked_for_is_ignored_when_small) {
  start();
  Client client(server->port());
  EXPECT_EQ(client.request("DELETE", "/thing/", kJson, "{}").status, 204);
  EXPECT_EQ(client.request("POST", "/nowhere/", kJson, "{}").status, 404);
  EXPECT_EQ(client.request("DELETE", "/thing/").status, 204);
  EXPECT_EQ(client.request("DELETE", "/thing/", kJson, std::string(100'000, ' ')).status, 413);
}

TEST_F(HttpBody, of_a_form_goes_to_disk_and_away_again) {
  start();
  Client client(server->port());
  EXPECT_EQ(client.request("POST", "/form/", kForm, form(900'000)).body, "Bac blanc lot.pdf 900000");
  EXPECT_EQ(client.request("POST", "/form/", "Content-Type: application/x-www-form-urlencoded\r\n", "title=a+b").body,
            "a b - 0");
  client.send("POST /form/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n" + std::string(kForm) + "\r\n" +
              chunked(form(300'000), 7777));
  EXPECT_EQ(client.receive().body, "Bac blanc lot.pdf 300000");
  EXPECT_TRUE(eventually([&] { return uploads_on_disk() == 0; }));
}

TEST_F(HttpBody, of_a_form_is_gone_when_the_answer_begins) {
  start();
  Client client(server->port());
  client.send(Client::text("POST", "/long/", kForm, form(1000)));
  EXPECT_EQ(client.receive(false).status, 200);
  EXPECT_EQ(uploads_on_disk(), 0u);
}

TEST_F(HttpBody, of_a_form_is_refused_when_malformed_or_too_large) {
  start();
  EXPECT_EQ(post("/form/", "Content-Type: multipart/form-data\r\n", "x").status, 400);
  EXPECT_EQ(post("/form/", kForm, "no form").status, 400);
  EXPECT_EQ(post("/form/", kForm, form(10).substr(0, 100)).status, 400);
  EXPECT_EQ(post("/form/", kJson, "{}").status, 415);
  const Answer file = post("/form/", kForm, form(1'000'001));
  EXPECT_EQ(file.status, 413);
  EXPECT_NE(file.body.find("\"field\":\"pdf_file\""), std::string::npos);
  EXPECT_EQ(post("/form/", kForm, form(3'000'000)).status, 413);
  EXPECT_EQ(uploads_on_disk(), 0u);
  EXPECT_EQ(forms, 0);
}

TEST_F(HttpBody, over_the_limit_is_answered_although_the_client_sends_on) {
  start();
  Client client(server->port());
  client.send("POST /form/ HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n" + std::string(kForm) + "\r\n");
  const std::string piece(1'000'000, 'x');
  for (int i = 0; i < 60; ++i) ASSERT_TRUE(client.send(piece)) << i;
  EXPECT_EQ(client.receive().status, 413);
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpBody, is_refused_by_the_guard_before_it_is_read) {
  guard = [](Request& request, const Rights&) -> std::optional<Response> {
    return refusal(request, Error{ErrorKind::unauthenticated, "auth.none", "Log in"});
  };
  start();
  Client client(server->port());
  client.send("POST /form/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n" +
              std::string(kForm) + "\r\n");
  EXPECT_EQ(client.receive().status, 401);
}

TEST_F(HttpBody, is_asked_for_at_once_when_the_client_waits) {
  start();
  Client client(server->port());
  const std::string body = form(1000);
  client.send(fmt::format("POST /form/ HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\nExpect: 100-continue\r\n{}\r\n",
                          body.size(), kForm));
  EXPECT_EQ(client.receive().status, 100);
  client.send(body);
  EXPECT_EQ(client.receive().body, "Bac blanc lot.pdf 1000");
}

TEST_F(HttpBody, of_a_client_that_went_away_leaves_nothing) {
  start();
  const std::string body = form(800'000);
  for (int i = 0; i < 5; ++i) {
    Client client(server->port());
    client.send(fmt::format("POST /form/ HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n{}\r\n", body.size(), kForm));
    client.send(std::string_view(body).substr(0, 400'000));
    ASSERT_TRUE(eventually([&] { return uploads_on_disk() == 1; }));
    client.close();
    ASSERT_TRUE(eventually([&] { return uploads_on_disk() == 0; }));
  }
  EXPECT_EQ(forms, 0);
}

TEST_F(HttpBody, that_makes_no_progress_is_cut_off) {
  options.timeouts.body = std::chrono::milliseconds(50);
  start();
  Client client(server->port());
  client.send("POST /form/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n" + std::string(kForm) + "\r\n--B");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(uploads_on_disk(), 0u);
}

TEST_F(HttpBody, folder_left_by_a_killed_server_is_removed_by_the_next) {
  const std::filesystem::path stale = folder.path() / "korrigo-stale";
  std::filesystem::create_directories(stale);
  write_file(stale / "uploads.lock", std::string_view(""));
  write_file(stale / "upload-1", std::string_view("left"));
  const std::filesystem::path foreign = folder.path() / "foreign";
  std::filesystem::create_directories(foreign);
  start();
  EXPECT_FALSE(std::filesystem::exists(stale));
  EXPECT_TRUE(std::filesystem::exists(foreign));
  options.port = 0;
  Server second(options, router, {}, hub, {}, clock);
  second.start();
  EXPECT_EQ(post("/form/", kForm, form(10)).status, 200);
}

TEST_F(HttpBody, header_that_is_too_long_slow_or_no_http_ends_the_connection) {
  options.timeouts.header = std::chrono::milliseconds(50);
  start();
  EXPECT_EQ(client().request("GET", "/", "X-Long: " + std::string(20'000, 'x') + "\r\n").status, 431);
  Client nonsense(server->port());
  nonsense.send("hello there\r\n\r\n");
  EXPECT_EQ(nonsense.receive().status, 400);
  Client slow(server->port());
  slow.send("GET / HTTP/1.1\r\nHost:");
  EXPECT_TRUE(slow.closed());
  Client hostless(server->port());
  hostless.send("GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(hostless.receive().status, 400);
}

TEST_F(HttpBody, of_two_lengths_is_refused) {
  start();
  for (const char* lengths :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: -1\r\n", "Content-Length: 5, 6\r\n"}) {
    Client client(server->port());
    client.send("POST /json/ HTTP/1.1\r\nHost: x\r\n" + std::string(lengths) +
                "\r\n0\r\n\r\nGET /json/ HTTP/1.1\r\n\r\n");
    EXPECT_EQ(client.receive().status, 400) << lengths;
    EXPECT_TRUE(client.closed()) << lengths;
  }
}

TEST_F(HttpBody, that_is_not_read_by_an_old_client_closes_after_each_answer) {
  start();
  Client client(server->port());
  client.send("DELETE /thing/ HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive().status, 204);
  EXPECT_TRUE(client.closed());
}

}  // namespace
}  // namespace korrigo::http
