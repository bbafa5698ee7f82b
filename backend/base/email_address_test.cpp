#include "base/email_address.h"

#include <gtest/gtest.h>

#include <string>

namespace korrigo {
namespace {

TEST(EmailAddress, addresses_of_schools_are_some) {
  for (const char* text : {"jean@test.com", "a@b.fr", "o'neil+maths@mail.ac-lyon.fr", "x_1@a-b.example.org"})
    EXPECT_TRUE(is_email_address(text)) << text;
}

TEST(EmailAddress, what_mail_would_not_reach_is_none) {
  for (const char* text :
       {"", "jean", "@test.com", "jean@", "jean@test", "jean@.com", "jean@test..com", "jean@-test.com", ".j@test.com",
        "j..d@test.com", "j d@test.com", "j@test.com ", "j\xC3\xA9@test.com", "j@test.c", "j@10.0.0.1", "j@d@test.com"})
    EXPECT_FALSE(is_email_address(text)) << text;
}

TEST(EmailAddress, parts_are_no_longer_than_mail_takes) {
  const std::string local(64, 'j');
  const std::string label(63, 'a');
  EXPECT_TRUE(is_email_address(local + "@" + label + ".com"));
  EXPECT_FALSE(is_email_address(local + "j@" + label + ".com"));
  EXPECT_FALSE(is_email_address(local + "@" + label + "a.com"));
  EXPECT_FALSE(is_email_address(local + "@" + label + "." + label + "." + label + ".com"));
}

}  // namespace
}  // namespace korrigo
