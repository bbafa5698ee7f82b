#include "ocr/external_engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/files.h"
#include "ocr/external_engines.h"

namespace korrigo::ocr {
namespace {

using testing::ElementsAre;

// An engine in three lines of Python: `answer` is what it makes of each request r, an object. It counts its starts in
// a file.
struct Fake {
  TempFolder folder;
  ManualClock clock{UtcTime{}};
  EngineLimits limits;

  Fake() {
    limits.load = std::chrono::seconds(20);
    limits.answer = std::chrono::seconds(20);
    limits.first_pause = std::chrono::seconds(1);
  }

  EngineCommand command(const std::string& answer) const {
    write_file(folder.path() / "engine.py", R"(
import json, os, sys, time
open(os.path.dirname(__file__) + "/starts", "a").write("x")
def ok(r, **more): return {"id": r["id"], "ok": True, "protocol": 1, "engine": "fake", "version": "7", **more}
def reading(text, **more): return {"text": text, "confidence": 0.9, **more}
def say(answer): print(answer if isinstance(answer, str) else json.dumps(answer), flush=True)
for line in sys.stdin:
    r = json.loads(line)
    if r["op"] != "read": say(ok(r)); continue
)" + answer + "\n");
    return {"fake", {"python3", "-B", (folder.path() / "engine.py").string()}};
  }

  std::size_t starts() const { return read_file(folder.path() / "starts").size(); }
};

std::vector<EnginePicture> two_pictures() {
  return {{imaging::GrayImage(40, 20), FieldKind::last_name, "ABC", {}},
          {imaging::GrayImage(30, 20), FieldKind::birth_date, "0123456789", {{2, 0, 10, 20}}}};
}

std::string code_of(const Result<std::vector<EngineText>>& answer) {
  return answer ? "answered" : answer.error().code;
}

std::string likeliest(const EngineText& text) {
  std::string out;
  for (const LineLetter& letter : text.letters) {
    const auto& p = letter.reading.probability;
    out.push_back(kAlphabet[static_cast<std::size_t>(std::max_element(p.begin(), p.end()) - p.begin())]);
  }
  return out;
}

TEST(ExternalEngine, gives_a_distribution_for_each_letter_of_a_text) {
  Fake fake;
  ExternalEngine engine(fake.command("    say(ok(r, readings=[reading('Lefèvre-D'), reading('15/05/2008')]))"),
                        fake.limits, fake.clock);
  const auto texts = engine.read(two_pictures());
  ASSERT_TRUE(texts) << texts.error().message;
  EXPECT_EQ((*texts)[0].text, "Lefèvre-D");
  EXPECT_EQ(likeliest((*texts)[0]), "LEFEVRED");
  EXPECT_EQ(likeliest((*texts)[1]), "15052008");
  const LetterReading& first = (*texts)[0].letters[0].reading;
  EXPECT_NEAR(first.probability[alphabet_index('L')], 0.9, 0.01);
  float sum = first.nothing;
  for (const float p : first.probability) sum += p;
  EXPECT_NEAR(sum, 1, 1e-5);
}

TEST(ExternalEngine, gives_the_engines_own_distributions_with_their_places) {
  Fake fake;
  ExternalEngine engine(fake.command("    l = [{'x': 3, 'width': 9, 'is': {'é': 0.5, 'B': 0.25, '': 0.25}}]\n"
                                     "    say(ok(r, readings=[reading('E', letters=l), reading('')]))"),
                        fake.limits, fake.clock);
  const auto texts = engine.read(two_pictures());
  ASSERT_TRUE(texts) << texts.error().message;
  ASSERT_EQ((*texts)[0].letters.size(), 1U);
  const LineLetter& letter = (*texts)[0].letters[0];
  EXPECT_EQ(letter.box, (imaging::PixelRect{3, 0, 9, 20}));
  EXPECT_NEAR(letter.reading.probability[alphabet_index('E')], 0.49, 0.01);
  EXPECT_NEAR(letter.reading.nothing, 0.245, 0.01);
  EXPECT_TRUE((*texts)[1].letters.empty());
}

TEST(ExternalEngine, is_sent_the_pictures) {
  Fake fake;
  ExternalEngine engine(
      fake.command(
          "    import base64\n"
          "    p = r['pictures'][1]\n"
          "    assert len(base64.b64decode(p['gray'])) == p['width'] * p['height'] == 600\n"
          "    assert (p['field'], p['characters'], p['boxes']) == ('date_naissance', '0123456789', [[2, 10]])\n"
          "    say(ok(r, readings=[reading('A'), reading('1')]))"),
      fake.limits, fake.clock);
  EXPECT_EQ(code_of(engine.read(two_pictures())), "answered");
}

TEST(ExternalEngine, is_started_once) {
  Fake fake;
  ExternalEngine engine(fake.command("    say(ok(r, readings=[reading('A'), reading('1')]))"), fake.limits, fake.clock);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(code_of(engine.read(two_pictures())), "answered");
  EXPECT_EQ(engine.health().state, EngineState::ready);
  EXPECT_EQ(fake.starts(), 1U);
  EXPECT_EQ(engine.record().answered, 5U);
  EXPECT_EQ(engine.record().version, "7");
}

TEST(ExternalEngine, that_hangs_is_left_alone_and_started_again_later) {
  Fake fake;
  fake.limits.answer = std::chrono::milliseconds(200);
  ExternalEngine engine(fake.command("    time.sleep(60)"), fake.limits, fake.clock);
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.slow");
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.paused");
  fake.clock.advance(std::chrono::milliseconds(1000));
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.slow");
  fake.clock.advance(std::chrono::milliseconds(1000));
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.paused") << "the second pause is twice as long";
  fake.clock.advance(std::chrono::milliseconds(1000));
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.slow");
  EXPECT_EQ(fake.starts(), 3U);
  const EngineRecord record = engine.record();
  EXPECT_EQ(record.asked, 5U);
  EXPECT_EQ(record.answered, 0U);
  EXPECT_EQ(record.trouble, "It did not answer within 0.2 s.");
}

TEST(ExternalEngine, that_crashes_once_answers_after_its_pause) {
  Fake fake;
  ExternalEngine engine(fake.command("    if os.path.getsize(os.path.dirname(__file__) + '/starts') == 1: os.abort()\n"
                                     "    say(ok(r, readings=[reading('A'), reading('1')]))"),
                        fake.limits, fake.clock);
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.died");
  fake.clock.advance(std::chrono::seconds(2));
  EXPECT_EQ(code_of(engine.read(two_pictures())), "answered");
  EXPECT_EQ(code_of(engine.read(two_pictures())), "answered");
}

TEST(ExternalEngine, that_floods_is_ended) {
  Fake fake;
  ExternalEngine engine(fake.command("    say('x' * 5000000)"), fake.limits, fake.clock);
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.flood");
}

TEST(ExternalEngine, that_answers_rubbish_is_not_believed) {
  const std::vector<std::string> answers = {
      "say('Loading model ...')",
      "say('[1, 2')",
      "say([])",
      "say({'id': r['id'] - 1, 'ok': True, 'readings': [reading('A'), reading('1')]})",
      "say({'id': str(r['id']), 'ok': True, 'readings': [reading('A'), reading('1')]})",
      "say({'ok': True, 'readings': [reading('A'), reading('1')]})",
      "say({'id': r['id'], 'readings': [reading('A'), reading('1')]})",
      "say({'id': r['id'], 'ok': False})",
      "say(ok(r))",
      "say(ok(r, readings=[reading('A')]))",
      "say(ok(r, readings=['A', '1']))",
      "say(ok(r, readings=[{'text': 'A'}, reading('1')]))",
      "say(ok(r, readings=[{'text': 'A', 'confidence': 1.5}, reading('1')]))",
      "say(ok(r, readings=[{'text': 'A', 'confidence': float('nan')}, reading('1')]))",
      "say(ok(r, readings=[reading('A' * 300), reading('1')]))",
      "say(ok(r, readings=[reading('A', letters=[{'is': {'A': -1}}]), reading('1')]))",
      "say(ok(r, readings=[reading('A', letters=[{'x': 1e12, 'width': 3, 'is': {'A': 1}}]), reading('1')]))",
      "say('[' * 100000)",
  };
  for (const std::string& answer : answers) {
    Fake fake;
    ExternalEngine engine(fake.command("    " + answer), fake.limits, fake.clock);
    EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.rubbish") << answer;
  }
}

// An answer that comes too late must not be taken for that to the next request.
TEST(ExternalEngine, that_answers_twice_is_not_believed_the_second_time) {
  Fake fake;
  ExternalEngine engine(fake.command("    a = ok(r, readings=[reading('A'), reading('1')])\n    say(a); say(a)"),
                        fake.limits, fake.clock);
  EXPECT_EQ(code_of(engine.read(two_pictures())), "answered");
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.rubbish");
}

TEST(ExternalEngine, that_refuses_pictures_is_kept) {
  Fake fake;
  ExternalEngine engine(
      fake.command("    say({'id': r['id'], 'ok': False, 'error': {'code': 'bad', 'message': 'Too small.'}})"),
      fake.limits, fake.clock);
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.refused");
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.refused");
  EXPECT_EQ(fake.starts(), 1U);
  EXPECT_EQ(engine.record().trouble, "Too small.");
}

#ifndef KORRIGO_SANITIZED
TEST(ExternalEngine, that_eats_memory_is_ended) {
  Fake fake;
  fake.limits.memory_bytes = std::size_t{200} << 20;
  ExternalEngine engine(fake.command("    x = bytearray(1 << 30); say(ok(r, readings=[reading('A'), reading('1')]))"),
                        fake.limits, fake.clock);
  EXPECT_EQ(code_of(engine.read(two_pictures())), "engine.died");
}
#endif

TEST(ExternalEngine, says_what_would_install_it) {
  Fake fake;
  EngineCommand command = fake.command("");
  write_file(fake.folder.path() / "engine.py", R"(
import json, sys
for line in sys.stdin:
    error = {"code": "not_installed", "message": "The package is missing.", "install": "pip install it"}
    print(json.dumps({"id": json.loads(line)["id"], "ok": False, "error": error}), flush=True)
)");
  ExternalEngine engine(command, fake.limits, fake.clock);
  const EngineHealth health = engine.health();
  EXPECT_EQ(health.state, EngineState::not_installed);
  EXPECT_EQ(health.trouble, "The package is missing.");
  EXPECT_EQ(health.install, "pip install it");
  ExternalEngine absent({"absent", {"/no/such/program"}}, fake.limits, fake.clock);
  EXPECT_EQ(absent.health().state, EngineState::not_installed);
  EXPECT_EQ(code_of(absent.read(two_pictures())), "engine.paused");
}

TEST(ExternalEngines, leave_out_who_did_not_answer) {
  Fake good, bad;
  ExternalEngines engines(
      {bad.command("    sys.exit(1)"), good.command("    say(ok(r, readings=[reading('A'), reading('1')]))")},
      good.limits, good.clock);
  const auto opinions = engines.read(two_pictures());
  ASSERT_EQ(opinions.size(), 1U);
  EXPECT_EQ(opinions[0].texts[0].text, "A");
  EXPECT_EQ(engines.records()[0].trouble, "It ended without an answer.");
  EXPECT_EQ(engines.records()[1].trouble, "");
}

TEST(ExternalEngines, come_from_a_folder_or_a_command) {
  const TempFolder folder;
  for (const char* name :
       {"strokes.py", "easyocr.py", "korrigo_engine.py", "skeletons.py", "conformance.py", "README.md"})
    write_file(folder.path() / name, "");
  EXPECT_THAT(adapter_names(folder.path()), ElementsAre("easyocr", "strokes"));
  const auto commands = engine_commands({{"strokes", "mine=/opt/mine --fast"}, folder.path(), "python3", {}});
  ASSERT_TRUE(commands);
  EXPECT_THAT((*commands)[0].argv, ElementsAre("python3", "-B", (folder.path() / "strokes.py").string()));
  EXPECT_EQ((*commands)[1].name, "mine");
  EXPECT_THAT((*commands)[1].argv, ElementsAre("/opt/mine", "--fast"));
  const auto unknown = engine_commands({{"conformance"}, folder.path(), "python3", {}});
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, "engine.unknown");
}

}  // namespace
}  // namespace korrigo::ocr
