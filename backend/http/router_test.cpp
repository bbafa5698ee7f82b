#include "http/router.h"

#include <gtest/gtest.h>
#include <stdexcept>

#include "http/url.h"

namespace korrigo::http {
namespace {

class Routes : public ::testing::Test {
 protected:
  void add(Method method, std::string pattern) {
    router.add(Route{method, std::move(pattern), [](Request&) { return Response(200); }, {}, {}, {}, {}});
  }
  std::string matched(Method method, std::string_view path) {
    const Router::Match match = router.match(method, parse_target(path)->segments);
    if (!match.route) return match.allowed.empty() ? "404" : "405";
    std::string text = match.route->pattern;
    for (const auto& [name, value] : match.path_parameters) text += " " + name + "=" + value;
    return text;
  }
  Router router;
};

TEST_F(Routes, prefer_a_literal_segment_to_a_parameter) {
  add(Method::get, "/api/exams/{id}/");
  add(Method::post, "/api/exams/upload/");
  add(Method::get, "/api/exams/{exam}/booklets/{n}/");
  EXPECT_EQ(matched(Method::post, "/api/exams/upload"), "/api/exams/upload/");
  EXPECT_EQ(matched(Method::get, "/api/exams/7/"), "/api/exams/{id}/ id=7");
  EXPECT_EQ(matched(Method::get, "/api/exams/7/booklets/2"), "/api/exams/{exam}/booklets/{n}/ exam=7 n=2");
  EXPECT_EQ(matched(Method::get, "/api/exams/upload/booklets/2"), "/api/exams/{exam}/booklets/{n}/ exam=upload n=2");
  EXPECT_EQ(matched(Method::delete_, "/api/exams/7/"), "405");
  EXPECT_EQ(matched(Method::get, "/api/exams/"), "404");
  EXPECT_EQ(matched(Method::get, "/api/exams//"), "404");
}

TEST_F(Routes, keep_an_escaped_slash_inside_its_segment) {
  add(Method::get, "/files/{name}");
  EXPECT_EQ(matched(Method::get, "/files/a%2Fb"), "/files/{name} name=a/b");
}

TEST_F(Routes, answer_head_by_get_unless_they_have_their_own) {
  add(Method::get, "/a/");
  add(Method::head, "/b/");
  EXPECT_EQ(matched(Method::head, "/a/"), "/a/");
  EXPECT_EQ(matched(Method::head, "/b/"), "/b/");
  EXPECT_EQ(matched(Method::get, "/b/"), "405");
}

TEST_F(Routes, refuse_to_be_registered_twice) {
  add(Method::get, "/a/{id}/");
  EXPECT_THROW(add(Method::get, "/a/{other}/"), std::logic_error);
  EXPECT_THROW(add(Method::get, "a"), std::logic_error);
  EXPECT_THROW(add(Method::get, "/a//b"), std::logic_error);
}

TEST(Target, is_decoded_once) {
  const auto target = parse_target("/api/%C3%A9l%C3%A8ves/100%2525/?q=a%20b+c&q=%26&empty=&alone#fragment");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->path, "/api/élèves/100%25/");
  EXPECT_EQ(target->segments, (std::vector<std::string>{"api", "élèves", "100%25"}));
  EXPECT_EQ(target->query, (Pairs{{"q", "a b c"}, {"q", "&"}, {"empty", ""}, {"alone", ""}}));
  EXPECT_EQ(parse_target("http://school.example/a?b=c")->path, "/a");
  EXPECT_EQ(parse_target("http://school.example")->path, "/");
}

TEST(Target, that_leads_elsewhere_is_refused) {
  for (const char* target : {"/../etc/passwd", "/a/%2e%2e/b", "/a/..", "/a/./b", "/a%00b", "/a%0d%0ab", "/%zz", "/%4",
                             "/a\\..\\b", "/%ff", "relative", "", "*", "/?a=%f", "/?a=%ff"}) {
    EXPECT_FALSE(parse_target(target)) << target;
  }
}

TEST(Cookies, are_read_leniently) {
  EXPECT_EQ(parse_cookies("session=abc; csrftoken=\"d e\";; =x; alone; a=b=c"),
            (Pairs{{"session", "abc"}, {"csrftoken", "d e"}, {"a", "b=c"}}));
}

TEST(AcceptLanguage, decides_between_french_and_english) {
  EXPECT_EQ(preferred_language(""), Language::fr);
  EXPECT_EQ(preferred_language("en-GB,en;q=0.9,fr;q=0.8"), Language::en);
  EXPECT_EQ(preferred_language("fr-FR, en;q=0.9"), Language::fr);
  EXPECT_EQ(preferred_language("de, en;q=0.3"), Language::en);
  EXPECT_EQ(preferred_language("de"), Language::fr);
  EXPECT_EQ(preferred_language("fr, en"), Language::fr);
}

}  // namespace
}  // namespace korrigo::http
