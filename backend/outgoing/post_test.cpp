#include "outgoing/post.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "outgoing/mail.h"
#include "outgoing/receiver_tests.h"

namespace korrigo::outgoing {
namespace {

using testing::HasSubstr;

const UtcTime kNow{std::chrono::milliseconds(1'800'000'000'000)};

const Cancel kGoOn;

Post post_to(std::string url) {
  return {std::move(url), R"({"event":"ALL_GRADED"})", "ALL_GRADED", "delivery-1", "whs_secret"};
}

std::string code_of(const Result<void>& result) {
  return result ? "done" : result.error().code;
}

TEST(Post, is_signed_with_its_time) {
  Receiver receiver("HTTP/1.1 204 No Content\r\n\r\n");
  ASSERT_EQ(code_of(send(post_to(receiver.url()), kNow, kGoOn, kToMyself)), "done");
  EXPECT_THAT(receiver.request(), testing::StartsWith("POST /hook HTTP/1.1\r\n"));
  EXPECT_THAT(receiver.request(), testing::EndsWith("\r\n\r\n{\"event\":\"ALL_GRADED\"}"));
  EXPECT_THAT(receiver.request(), HasSubstr("X-Korrigo-Delivery: delivery-1\r\n"));
  // printf '1800000000.{"event":"ALL_GRADED"}' | openssl dgst -sha256 -hmac whs_secret
  EXPECT_THAT(receiver.request(), HasSubstr("X-Korrigo-Signature: t=1800000000,v1="
                                            "c40f294210a246500f9179163618d4b0092931b3d11640de4c7ad3e4475ef912\r\n"));
}

TEST(Post, tells_what_may_pass_from_what_is_final) {
  for (const auto& [answer, code] :
       std::map<std::string, std::string>{{"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "done"},
                                          {"HTTP/1.1 500 Oh\r\n\r\n", "webhook.unreachable"},
                                          {"HTTP/1.1 429 Slow\r\n\r\n", "webhook.unreachable"},
                                          {"HTTP/1.1 404 No\r\n\r\n", "webhook.refused"},
                                          {"HTTP/1.1 410 Gone\r\n\r\n", "webhook.refused"}}) {
    Receiver receiver(answer);
    EXPECT_EQ(code_of(send(post_to(receiver.url()), kNow, kGoOn, kToMyself)), code) << answer;
  }
}

TEST(Post, follows_nobody) {
  Receiver secret("HTTP/1.1 200 OK\r\n\r\n");
  Receiver receiver("HTTP/1.1 307 There\r\nLocation: " + secret.url() + "\r\n\r\n");
  EXPECT_EQ(code_of(send(post_to(receiver.url()), kNow, kGoOn, kToMyself)), "webhook.refused");
  EXPECT_EQ(secret.requests(), 0);
}

TEST(Post, reads_no_endless_answer) {
  Receiver receiver("HTTP/1.1 200 OK\r\n\r\n" + std::string(1 << 20, 'a'));
  EXPECT_EQ(code_of(send(post_to(receiver.url()), kNow, kGoOn, kToMyself)), "done");
}

TEST(Post, connects_to_no_address_that_is_not_public) {
  Receiver receiver("HTTP/1.1 200 OK\r\n\r\n");
  PostRules rules;
  rules.protocols = "http";
  for (const char* host : {"127.0.0.1", "localhost", "0x7f.1", "[::ffff:127.0.0.1]"})
    EXPECT_EQ(code_of(send(post_to(receiver.url(host)), kNow, kGoOn, rules)), "webhook.not_public") << host;
  EXPECT_EQ(receiver.requests(), 0);
}

TEST(Post, goes_by_https_only) {
  Receiver receiver("HTTP/1.1 200 OK\r\n\r\n");
  EXPECT_NE(code_of(send(post_to(receiver.url()), kNow, kGoOn)), "done");
  EXPECT_EQ(receiver.requests(), 0);
}

TEST(Post, is_tried_again_when_nobody_answers) {
  std::string url;
  {
    Receiver gone("");
    url = gone.url();
  }
  EXPECT_EQ(code_of(send(post_to(url), kNow, kGoOn, kToMyself)), "webhook.unreachable");
}

TEST(Post, stops_when_asked) {
  Receiver receiver("HTTP/1.1 200 OK\r\n\r\n");
  Cancel cancel;
  cancel.request();
  EXPECT_THROW(std::ignore = send(post_to(receiver.url()), kNow, cancel, kToMyself), Cancelled);
}

TEST(PostUrl, names_a_host_of_the_internet) {
  for (const char* url :
       {"https://hooks.example.org/korrigo?school=1", "https://93.184.216.34:8443/", "https://[2606:4700:4700::1111]/"})
    EXPECT_EQ(fault_of_post_url(url), "") << url;
  for (const char* url :
       {"", "hooks.example.org", "http://hooks.example.org/", "ftp://hooks.example.org/", "file:///etc/passwd",
        "https://name:word@hooks.example.org/", "https://name@hooks.example.org/", "https://hooks.example.org/#a",
        "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "https://169.254.169.254/latest",
        "https://0x7f.1/", "https://localhost/", "https://localhost./", "https://printer.local/", "https://a b/"})
    EXPECT_NE(fault_of_post_url(url), "") << url;
}

TEST(Mail, is_tried_again_when_there_is_no_server) {
  std::string url;
  {
    Receiver gone("");
    url = gone.url();
  }
  MailServer server{.url = "smtp" + url.substr(4, url.rfind('/') - 4), .from = "k@lycee.example.org"};
  const Mail mail{"marie@lycee.example.org", "x", "y"};
  EXPECT_EQ(code_of(send(server, mail, kNow, kGoOn)), "mail.unreachable");
  EXPECT_EQ(code_of(send(server, {"marie@lycee.example.org>\r\nDATA", "x", "y"}, kNow, kGoOn)), "mail.refused");
}

}  // namespace
}  // namespace korrigo::outgoing
