#include "http/listing.h"

#include <gtest/gtest.h>
#include <boost/json/parse.hpp>

namespace korrigo::http {
namespace {

Request asking(Pairs query) {
  Request request;
  request.path = "/api/users/";
  request.query = std::move(query);
  return request;
}

boost::json::value body_of(const Result<Response>& answer) {
  return boost::json::parse(std::get<std::string>(answer.value().body));
}

TEST(Listing, has_defaults) {
  const auto listing = read_listing(asking({}), {"-created_at", "name"});
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->page, 1);
  EXPECT_EQ(listing->page_size, 50);
  EXPECT_EQ(listing->ordering, "created_at");
  EXPECT_TRUE(listing->descending);
  EXPECT_EQ(read_listing(asking({{"ordering", "name"}})).value().ordering, "") << "a list of one order ignores it";
}

TEST(Listing, reads_page_size_and_order) {
  const auto listing =
      read_listing(asking({{"page", "3"}, {"page_size", "200"}, {"ordering", "-name"}}), {"-created_at", "name"});
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->offset(), 400);
  EXPECT_EQ(listing->ordering, "name");
  EXPECT_TRUE(listing->descending);
}

TEST(Listing, refuses_what_it_cannot_be) {
  const std::pair<std::string, std::string> wrong[] = {
      {"page", "0"},      {"page", "zero"},     {"page", "1x"},           {"page", ""},    {"page", "99999999999"},
      {"page_size", "0"}, {"page_size", "201"}, {"ordering", "password"}, {"ordering", ""}};
  for (const auto& [name, value] : wrong) {
    const auto listing = read_listing(asking({{name, value}}), {"name"});
    ASSERT_FALSE(listing) << name << "=" << value;
    EXPECT_EQ(listing.error().code, "request.invalid");
    EXPECT_EQ(listing.error().field, name);
  }
}

TEST(Listing, links_to_its_neighbours_with_the_same_question) {
  const Request request = asking({{"search", "é &"}, {"page", "2"}, {"page_size", "10"}});
  const auto listing = read_listing(request).value();
  const auto body = body_of(answer_list(request, listing, 25, {1, 2}));
  EXPECT_EQ(body.at("count"), 25);
  EXPECT_EQ(body.at("next"), "/api/users/?search=%C3%A9%20%26&page_size=10&page=3");
  EXPECT_EQ(body.at("previous"), "/api/users/?search=%C3%A9%20%26&page_size=10&page=1");
  EXPECT_EQ(body.at("results").as_array().size(), 2U);
}

TEST(Listing, ends_with_the_last_page) {
  const Request last = asking({{"page", "2"}, {"page_size", "10"}});
  EXPECT_EQ(body_of(answer_list(last, read_listing(last).value(), 20, {})).at("next"), nullptr);
  const Request beyond = asking({{"page", "3"}, {"page_size", "10"}});
  EXPECT_EQ(answer_list(beyond, read_listing(beyond).value(), 20, {}).error().code, "page.not_found");
  const Request empty = asking({});
  EXPECT_TRUE(answer_list(empty, read_listing(empty).value(), 0, {}));
}

}  // namespace
}  // namespace korrigo::http
