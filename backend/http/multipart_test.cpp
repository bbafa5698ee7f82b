#include "http/multipart.h"

#include <gtest/gtest.h>

#include "http/wording.h"

namespace korrigo::http {
namespace {

const FormBody kLimits{.max_bytes = 1 << 20,
                       .max_file_bytes = 100'000,
                       .field_limits = {{"students_csv", 10}},
                       .max_field_bytes = 50,
                       .max_parts = 5};

std::string part(std::string_view disposition, std::string_view content, std::string_view more = {}) {
  return fmt::format("--B\r\nContent-Disposition: form-data; {}\r\n{}\r\n{}\r\n", disposition, more, content);
}

class Multipart : public ::testing::Test {
 protected:
  /// "" or the code of the refusal.
  std::string parse(std::string_view body, std::size_t step = 1 << 20) {
    parser.emplace("B", kLimits, folder.path());
    files.clear();
    fields.clear();
    for (std::size_t at = 0; at < body.size(); at += step) {
      if (const auto fed = parser->feed(body.substr(at, step)); !fed) return failed(fed.error());
    }
    if (const auto finished = parser->finish(); !finished) return failed(finished.error());
    files = parser->take_files();
    fields = parser->take_fields();
    return {};
  }
  std::string failed(const Error& error) {
    EXPECT_FALSE(own_sentence(error, Language::fr).empty()) << error.code;
    EXPECT_FALSE(own_sentence(error, Language::en).empty()) << error.code;
    EXPECT_FALSE(parser->feed("more").has_value());
    field = error.field;
    return error.code;
  }
  std::size_t on_disk() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()));
  }

  TempFolder folder;
  std::optional<MultipartParser> parser;
  std::vector<UploadedFile> files;
  Pairs fields;
  std::string field;
};

TEST_F(Multipart, reads_the_same_form_whatever_pieces_it_comes_in) {
  const std::string content = "%PDF-1.7\r\n--b\r\n-- B\r\n--\r\n-\r\r\n\r\n--A\n" + std::string(3000, '\r');
  const std::string body =
      part("name=\"title\"", "Épreuve\r\nde mai") +
      part("name=\"pdf_file\"; filename=\"scan.pdf\"", content, "Content-Type: application/pdf\r\n") +
      part("name=\"empty\"", "") + "--B--\r\nepilogue";
  for (const std::size_t step : {std::size_t{1}, std::size_t{2}, std::size_t{3}, std::size_t{7}, body.size()}) {
    ASSERT_EQ(parse(body, step), "") << step;
    ASSERT_EQ(fields.size(), 2u);
    EXPECT_EQ(fields[0], std::pair(std::string("title"), std::string("Épreuve\r\nde mai")));
    EXPECT_EQ(fields[1], std::pair(std::string("empty"), std::string()));
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].filename, "scan.pdf");
    EXPECT_EQ(files[0].content_type, "application/pdf");
    EXPECT_EQ(files[0].size, content.size());
    EXPECT_EQ(read_file(files[0].file.path()), content);
  }
}

TEST_F(Multipart, skips_a_preamble_and_spaces_after_a_boundary) {
  EXPECT_EQ(parse("hello\r\n--B \t\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--B--"), "");
  ASSERT_EQ(fields.size(), 1u);
  EXPECT_EQ(fields[0].second, "x");
}

TEST_F(Multipart, leaves_out_a_file_that_was_not_chosen) {
  EXPECT_EQ(parse(part("name=\"pdf_file\"; filename=\"\"", "") + "--B--"), "");
  EXPECT_TRUE(files.empty());
  EXPECT_EQ(on_disk(), 0u);
}

TEST_F(Multipart, refuses_what_is_no_form_with_a_sentence) {
  EXPECT_EQ(parse("no delimiter at all"), "form.no_part");
  EXPECT_EQ(parse(std::string(10'000, 'x')), "form.no_part");
  EXPECT_EQ(parse(""), "form.no_part");
  EXPECT_EQ(parse("--Bad\r\n\r\n"), "form.delimiter");
  EXPECT_EQ(parse("--B\nContent-Disposition: form-data; name=a\n\nx\n--B--"), "form.delimiter");
  EXPECT_EQ(parse("--B\r\n\r\nx\r\n--B--"), "form.part_name");
  EXPECT_EQ(parse(part("filename=\"a\"", "x") + "--B--"), "form.part_name");
  EXPECT_EQ(parse(part("name=\"\"", "x") + "--B--"), "form.part_name");
  EXPECT_EQ(parse(part("name=\"unclosed", "x") + "--B--"), "form.part_name");
  EXPECT_EQ(parse("--B\r\nContent-Disposition: attachment; name=a\r\n\r\nx\r\n--B--"), "form.part_header");
  EXPECT_EQ(parse("--B\r\nno colon\r\n\r\nx\r\n--B--"), "form.part_header");
  EXPECT_EQ(parse("--B\r\nX: " + std::string(9000, 'y')), "form.part_header");
  EXPECT_EQ(parse(part("name=a", "\xff\xfe") + "--B--"), "form.field_text");
}

TEST_F(Multipart, refuses_a_form_that_breaks_off_anywhere) {
  const std::string body = part("name=a", "x") + part("name=f; filename=f", "content") + "--B--";
  for (std::size_t length = 0; length < body.size(); ++length) {
    EXPECT_NE(parse(std::string_view(body).substr(0, length)), "") << length;
    EXPECT_EQ(on_disk(), 0u) << length;
  }
}

TEST_F(Multipart, refuses_what_is_over_a_limit_and_names_the_field) {
  EXPECT_EQ(parse(part("name=pdf_file; filename=a", std::string(100'001, 'x')), 999), "form.file_too_large");
  EXPECT_EQ(field, "pdf_file");
  EXPECT_EQ(on_disk(), 0u);
  EXPECT_EQ(parse(part("name=students_csv; filename=a", std::string(11, 'x')) + "--B--"), "form.file_too_large");
  EXPECT_EQ(field, "students_csv");
  EXPECT_EQ(parse(part("name=title", std::string(51, 'x')) + "--B--"), "form.field_too_large");
  EXPECT_EQ(field, "title");
  std::string many;
  for (int i = 0; i < 6; ++i) many += part("name=a", "x");
  EXPECT_EQ(parse(many + "--B--"), "form.too_many_parts");
}

TEST_F(Multipart, removes_files_that_nobody_took) {
  const std::string body = part("name=f; filename=f", "content") + "--B--";
  ASSERT_EQ(parse(body), "");
  EXPECT_EQ(on_disk(), 1u);
  const std::filesystem::path kept = files[0].file.release();
  files.clear();
  EXPECT_TRUE(std::filesystem::exists(kept));
  ASSERT_EQ(parse(body), "");
  files.clear();
  EXPECT_EQ(on_disk(), 1u);
}

TEST(FormNames, are_read_as_browsers_write_them) {
  const auto header = [](std::string_view value) {
    return parse_part_header("Content-Disposition: form-data; " + std::string(value));
  };
  EXPECT_EQ(header("name=\"a\"; filename=\"say \\\"hi\\\".pdf\"")->filename, "say \"hi\".pdf");
  EXPECT_EQ(header("name=\"a\"; filename=\"say %22hi%22.pdf\"")->filename, "say \"hi\".pdf");
  EXPECT_EQ(header("name=\"a\"; filename=\"C:\\scans\\a.pdf\"")->filename, "C:\\scans\\a.pdf");
  EXPECT_EQ(header("name=a; filename=x; filename*=UTF-8''r%C3%A9sum%C3%A9.pdf")->filename, "résumé.pdf");
  EXPECT_EQ(header("NAME=\"a;b\"")->name, "a;b");
}

TEST(FormNames, of_files_are_made_harmless) {
  EXPECT_EQ(harmless_filename("../../etc/passwd"), "passwd");
  EXPECT_EQ(harmless_filename("C:\\scans\\lot 1.pdf"), "lot 1.pdf");
  EXPECT_EQ(harmless_filename("...hidden"), "hidden");
  EXPECT_EQ(harmless_filename("a\r\nSet-Cookie: x"), "aSet-Cookie: x");
  EXPECT_EQ(harmless_filename("exe\u202Efdp.pdf"), "exefdp.pdf");
  EXPECT_EQ(harmless_filename(""), "file");
  EXPECT_EQ(harmless_filename("/"), "file");
  EXPECT_EQ(harmless_filename("\xE9preuve.pdf"), "épreuve.pdf");
  EXPECT_EQ(harmless_filename(std::string(150, 'a') + std::string(100, 'e')).size(), 200u);
}

TEST(FormBoundary, is_taken_from_the_content_type) {
  EXPECT_EQ(multipart_boundary("multipart/form-data; boundary=abc"), "abc");
  EXPECT_EQ(multipart_boundary("Multipart/Form-Data; charset=utf-8; boundary=\"a b\""), "a b");
  EXPECT_FALSE(multipart_boundary("multipart/form-data"));
  EXPECT_FALSE(multipart_boundary("multipart/mixed; boundary=abc"));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary=" + std::string(300, 'x')));
  EXPECT_FALSE(multipart_boundary("multipart/form-data; boundary="));
}

}  // namespace
}  // namespace korrigo::http
