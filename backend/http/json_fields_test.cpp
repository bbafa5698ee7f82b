#include "http/json_fields.h"

#include <gtest/gtest.h>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace korrigo::http {
namespace {

namespace json = boost::json;

const json::object kObject =
    json::parse(R"({"name": "Zoé", "empty": "", "count": 3, "half": 0.5, "big": 18446744073709551615,
  "yes": true, "none": null, "list": [1], "zero": "a\u0000b"})")
        .as_object();

std::string fault_of(const std::function<void(JsonFields&)>& take) {
  JsonFields fields(kObject);
  take(fields);
  return fields.fault() ? fields.fault()->message : "";
}

TEST(JsonFields, give_what_is_there) {
  JsonFields fields(kObject);
  EXPECT_EQ(fields.text("name"), "Zoé");
  EXPECT_EQ(fields.text("empty", {.min = 0}), "");
  EXPECT_EQ(fields.integer("count", 1, 3), 3);
  EXPECT_EQ(fields.optional_number("half", 0, 1), 0.5);
  EXPECT_EQ(fields.optional_number("count", 0, 10), 3.0);
  EXPECT_TRUE(fields.boolean("yes"));
  EXPECT_EQ(fields.optional_array("list")->size(), 1U);
  EXPECT_EQ(fields.optional_text("none"), std::nullopt);
  EXPECT_EQ(fields.optional_integer("absent"), std::nullopt);
  EXPECT_EQ(fields.optional_array("none"), nullptr);
  EXPECT_TRUE(fields.has("none"));
  EXPECT_FALSE(fields.has("absent"));
  EXPECT_FALSE(fields.fault());
}

TEST(JsonFields, name_the_field_at_fault) {
  EXPECT_EQ(fault_of([](JsonFields& f) { f.text("absent"); }), "absent: is required");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.text("none"); }), "none: is required");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.text("empty"); }), "empty: must not be empty");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.text("count"); }), "count: must be text");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.text("name", {.max = 3}); }), "") << "code points, not bytes";
  EXPECT_EQ(fault_of([](JsonFields& f) { f.text("name", {.max = 2}); }), "name: must have at most 2 characters");
  EXPECT_NE(fault_of([](JsonFields& f) { f.text("zero"); }), "");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.integer("half"); }), "half: must be a whole number");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.integer("big"); }), "big: must be a whole number");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.integer("count", 4, 9); }), "count: is out of range");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.optional_number("half", 0.6, 1); }), "half: must lie between 0.6 and 1");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.optional_boolean("count"); }), "count: must be true or false");
  EXPECT_EQ(fault_of([](JsonFields& f) { f.optional_array("name"); }), "name: must be a list");
}

TEST(JsonFields, keep_the_first_fault_as_a_refusal) {
  JsonFields fields(kObject);
  fields.text("absent");
  fields.reject("name", "is taken");
  const Result<int> refused = fields.refusal();
  EXPECT_EQ(refused.error().code, "request.invalid");
  EXPECT_EQ(refused.error().kind, ErrorKind::malformed);
  EXPECT_EQ(refused.error().field, "absent");
}

}  // namespace
}  // namespace korrigo::http
