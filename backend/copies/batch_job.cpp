#include "copies/batch_job.h"

#include <boost/json.hpp>

#include "accounts/notifications.h"
#include "base/parallel.h"
#include "copies/batch_steps.h"
#include "copies/candidate_rows.h"
#include "copies/copy_store.h"
#include "copies/doubt.h"
#include "events/bus.h"
#include "exams/exam.h"
#include "identification/header_wire.h"
#include "scans/intake.h"

namespace korrigo::copies {

namespace json = boost::json;
using jobs::TaskContext;
using storage::Statement;
using storage::Transaction;

namespace {

// Small enough to spread over many workers and to lose little when one dies, large enough to be worth a claim.
constexpr int kSidesOfChunk = 4;
constexpr std::size_t kHeadersOfChunk = 3;
constexpr std::size_t kCopiesOfChunk = 2;
constexpr std::size_t kLooseOfChunk = 16;

constexpr Statement kExamReady{"batch.exam_ready", R"(
  UPDATE exam SET status = 'READY', error_code = NULL, error_message = NULL, updated_at = $2,
    intake_report = $3 WHERE id = $1)"};
constexpr Statement kExamState{"batch.exam_state", R"(
  SELECT status, error_message, copy_count, intake_report FROM exam WHERE id = $1)"};
constexpr Statement kStages{"batch.stages", R"(
  SELECT (SELECT coalesce(sum(page_count), 0) FROM exam_pdf WHERE exam_id = $1 AND kind = 'SCAN'),
    (SELECT count(*) FROM side JOIN exam_pdf ON exam_pdf.id = side.exam_pdf_id WHERE exam_pdf.exam_id = $1),
    (SELECT count(*) FROM face WHERE exam_id = $1 AND has_header = 1),
    (SELECT count(*) FROM face WHERE exam_id = $1 AND header_h IS NOT NULL),
    (SELECT count(*) FROM copy WHERE exam_id = $1),
    (SELECT count(*) FROM copy WHERE exam_id = $1 AND pdf_file IS NOT NULL))"};

jobs::NewTask child(std::string kind, json::object payload) {
  jobs::NewTask task;
  task.kind = std::move(kind);
  task.payload = std::move(payload);
  return task;
}

template <class Id, class Use>
void for_chunks(const std::vector<Id>& ids, std::size_t size, Use&& use) {
  for (std::size_t first = 0; first < ids.size(); first += size)
    use(std::span(ids).subspan(first, std::min(size, ids.size() - first)));
}

std::vector<CopyId> new_copy_ids(std::size_t count) {
  std::vector<CopyId> ids;
  while (ids.size() < count) ids.emplace_back(make_uuid_v4());
  return ids;
}

// One turn of process_pdf_batch.
class BatchTurn {
 public:
  BatchTurn(TaskContext& context, const BatchServices& services) : context_(context), services_(services) {}

  StepResult run() {
    if (context_.task().phase == 0) return open();
    state_ = context_.task().checkpoint.as_object();
    auto work = batch_work(context_, services_, state_);
    if (!work) return tl::unexpected(work.error());
    work_ = std::move(*work);
    switch (context_.task().phase) {
      case 1:
        return arrange();
      case 2:
        return solve();
      case 3:
        if (state_.contains("doubtful")) return solve();
        [[fallthrough]];
      default:
        return finish();
    }
  }

 private:
  StepResult open() {
    const ExamId exam(std::string(context_.payload().at("exam_id").as_string()));
    const auto* wanted = context_.payload().if_contains("source_ids");
    const auto sources = context_.database().read([&](Transaction& t) {
      return wanted != nullptr ? sources_of(t, source_ids_of(*wanted)) : sources_to_scan(t, exam);
    });
    const auto work = batch_work(context_, services_, names_of(exam, sources));
    if (!work) return tl::unexpected(work.error());
    // A source that cannot be opened any more is the batch's failure, before anything is spread.
    if (!sources.empty())
      if (const auto reader = services_.workshop.reader(work->files); !reader) return tl::unexpected(reader.error());
    int total = 0;
    for (const BatchSource& source : sources) total += source.sides;
    std::vector<jobs::NewTask> chunks;
    for (int first = 0; first < total; first += kSidesOfChunk) {
      json::object payload = names_of(exam, sources);
      payload["first"] = first;
      payload["count"] = std::min(kSidesOfChunk, total - first);
      chunks.push_back(child("survey_sides", std::move(payload)));
    }
    json::object state = names_of(exam, sources);
    state["started_at"] = context_.clock().now().time_since_epoch().count();
    return context_.wait_for(chunks, "sides", state,
                             [&](Transaction& t) { tell_progress(t, exam, "sides", 0, total); });
  }

  std::size_t side_count() const {
    std::size_t count = 0;
    for (const BatchSource& source : work_.sources) count += static_cast<std::size_t>(source.sides);
    return count;
  }

  void load_looks(scans::LookedAtSides& sides) {
    std::size_t index = 0;
    for (std::size_t i = 0; i < work_.sources.size(); ++i)
      for (int side = 0; side < work_.sources[i].sides; ++side) {
        context_.safe_point();
        auto look = context_.database().read(
            [&](Transaction& t) { return get_look(t, work_.sources[i], static_cast<int>(i), side); });
        if (!look) {
          look.emplace();
          look->side.source = static_cast<int>(i);
          look->side.side = side;
          look->side.problem =
              fmt::format("Page {} of {} could not be looked at.", side + 1, work_.sources[i].original_name);
        }
        sides.put(index++, std::move(*look));
      }
  }

  StepResult arrange() {
    const auto options = context_.database().read([&](Transaction& t) { return batch_options(t, work_.exam); });
    if (!options) return refuse(ErrorKind::not_found, "exam.not_found", "The exam was deleted meanwhile.");
    const auto tools = borrow_tools();
    if (!tools) return tl::unexpected(tools.error());
    scans::IntakeOptions intake_options{options->survey, options->arrange, services_.threads};
    intake_options.reads_header = [&](int worker, const scans::Face& face) {
      const auto w = static_cast<std::size_t>(worker);
      const auto picture = identification::header_picture(*tools->readers[w], face);
      return picture && identification::understand_form(*picture, false, *tools->engines[w]);
    };
    scans::LookedAtSides sides(side_count());
    load_looks(sides);
    const scans::Intake intake = scans::arrange_sides(std::move(sides), intake_options, context_.cancel());
    const auto forms = identification::learn_forms(tools->readers, *tools->engines.front(), intake.batch, intake.prints,
                                                   context_.cancel());
    services_.blobs.put(forms_key(context_.task().id), identification::encode_forms(forms));
    state_["batch"] = json::object{{"imposition", json::string(scans::to_string(intake.batch.imposition))},
                                   {"verso_rotation", intake.batch.verso_rotation},
                                   {"pages_per_booklet", intake.batch.pages_per_booklet},
                                   {"header_form", forms.origin},
                                   {"warnings", json::value_from(intake.batch.warnings)}};
    return spread_headers(intake.batch);
  }

  StepResult spread_headers(const scans::Batch& batch) {
    BatchRange range{work_.exam, work_.sources, 0};
    range.first_booklet =
        context_.database().read([&](Transaction& t) { return next_booklet_position(t, work_.exam); });
    state_["first_booklet"] = range.first_booklet;
    const ArrangementIds ids = new_ids(batch);
    std::vector<FaceId> headers;
    for (const auto& place : identification::header_places(batch))
      headers.push_back(ids.faces[place.booklet][place.face]);
    return context_.wait_for(header_tasks(headers, {{"total", headers.size()}}), "headers", state_,
                             [&](Transaction& t) {
                               put_arrangement(t, range, batch, ids, context_.clock().now());
                               tell_progress(t, work_.exam, "headers", 0, static_cast<std::int64_t>(headers.size()));
                             });
  }

  std::vector<jobs::NewTask> header_tasks(const std::vector<FaceId>& headers, const json::object& more) const {
    std::vector<jobs::NewTask> chunks;
    for_chunks(headers, kHeadersOfChunk, [&](std::span<const FaceId> chunk) {
      json::object payload = names_of(work_.exam, work_.sources);
      payload["faces"] = texts_of_ids(chunk);
      payload["forms"] = forms_key(context_.task().id);
      for (const auto& [key, value] : more) payload[key] = value;
      chunks.push_back(child("read_headers", std::move(payload)));
    });
    return chunks;
  }

  // Nothing when there is nothing to ask, nobody to be asked, or everybody was.
  std::optional<jobs::Ending> look_again(const StoredBatch& stored, const std::vector<ScannedCopy>& copies) {
    if (services_.engines == nullptr || services_.engines->empty() || state_.contains("doubtful")) return std::nullopt;
    const std::vector<FaceId> doubtful = doubtful_faces(stored, copies);
    if (doubtful.empty()) return std::nullopt;
    state_["doubtful"] = texts_of_ids(doubtful);
    const json::object more{{"total", stored.headers.size()}, {"in_doubt", true}};
    return context_.wait_for(header_tasks(doubtful, more), "headers", state_);
  }

  BatchRange range() const { return {work_.exam, work_.sources, state_.at("first_booklet").to_number<int>()}; }

  StepResult solve() {
    struct Class {
      StoredBatch stored;
      ExamRoster free;
      std::size_t next_number = 1;
      std::vector<FaceId> loose;
      identification::Thresholds thresholds;
    };
    const Class all = context_.database().read([&](Transaction& t) {
      return Class{load_batch(t, range()), free_students(t, work_.exam), next_anonymous_number(t, work_.exam),
                   unplaced_faces(t, work_.sources), thresholds(t)};
    });
    const auto copies =
        make_copies(all.stored.batch, all.stored.headers, all.free.roster, all.thresholds, all.next_number);
    if (auto looking = look_again(all.stored, copies)) return *looking;
    tell_silent_engines(all.stored);
    const std::vector<CopyId> ids = new_copy_ids(copies.size());
    std::vector<std::string> candidates;
    for (const ScannedCopy& copy : copies) candidates.push_back(candidates_of(copy, all.stored, all.free));
    std::vector<jobs::NewTask> chunks;
    for_chunks(ids, kCopiesOfChunk,
               [&](std::span<const CopyId> chunk) { chunks.push_back(files_task(chunk, {}, ids.size())); });
    for_chunks(all.loose, kLooseOfChunk,
               [&](std::span<const FaceId> chunk) { chunks.push_back(files_task({}, chunk, ids.size())); });
    return context_.wait_for(chunks, "write", state_, [&](Transaction& t) {
      put_copies(t, work_.exam, copies, ids, candidates, all.stored, all.free.ids, context_.clock().now());
      tell_progress(t, work_.exam, "write", 0, static_cast<std::int64_t>(ids.size()));
    });
  }

  // What an engine did not answer is missing from the evidence; the report says so.
  void tell_silent_engines(const StoredBatch& stored) {
    const json::value* doubtful = state_.if_contains("doubtful");
    if (doubtful == nullptr || services_.engines == nullptr) return;
    json::array& warnings = state_.at("batch").at("warnings").as_array();
    for (const std::string& sentence : silent_engines(stored, face_ids_of(*doubtful), *services_.engines))
      warnings.emplace_back(sentence);
  }

  static std::string candidates_of(const ScannedCopy& copy, const StoredBatch& stored, const ExamRoster& roster) {
    std::vector<const identification::BatchHeader*> headers;
    for (const std::size_t header : copy.headers) headers.push_back(&stored.headers[header]);
    return candidate_rows(copy.decision, headers, roster, copy.decision.mode != identification::Mode::automatic);
  }

  jobs::NewTask files_task(std::span<const CopyId> copies, std::span<const FaceId> faces, std::size_t total) const {
    json::object payload = names_of(work_.exam, work_.sources);
    json::array ids;
    for (const CopyId& id : copies) ids.emplace_back(id.text());
    payload["copies"] = std::move(ids);
    payload["faces"] = texts_of_ids(faces);
    payload["total"] = total;
    return child("write_copies", std::move(payload));
  }

  StepResult finish() {
    services_.blobs.remove(forms_key(context_.task().id));
    const UtcTime now = context_.clock().now();
    const UtcTime started(std::chrono::milliseconds(state_.at("started_at").to_number<std::int64_t>()));
    const double duration = static_cast<double>((now - started).count()) / 1000;
    return context_.finish([&](Transaction& t) -> Result<json::value> {
      const auto copies = release_copies(t, range(), now);
      const json::object report{{"batch", state_.at("batch")}, {"timings_s", json::object{{"total", duration}}}};
      t.execute(kExamReady, work_.exam, now, json::serialize(report));
      json::object end{{"exam_id", work_.exam.text()}, {"copies_created", copies}, {"duration", duration}};
      const json::value result = end;
      end["type"] = "processing_complete";
      events::publish(t, processing_topic(work_.exam), json::serialize(end));
      accounts::notify_office(t, accounts::NotificationKind::ready_for_identification,
                              {{"exam_id", work_.exam.text()}, {"copies", copies}}, now);
      return result;
    });
  }

  // Readers and engines for the steps that this worker does with several threads.
  struct Tools {
    std::vector<Lent<pdf::SourceReader>> lent_readers;
    std::vector<pdf::SourceReader*> readers;
    std::vector<Lent<ocr::Tesseract>> engines;
  };
  Result<Tools> borrow_tools() {
    const auto count = static_cast<std::size_t>(services_.threads);
    std::vector<std::optional<Result<Lent<pdf::SourceReader>>>> readers(count);
    std::vector<std::optional<Result<Lent<ocr::Tesseract>>>> engines(count);
    for_each_parallel(services_.threads, count, context_.cancel(), [&](int, std::size_t i) {
      readers[i].emplace(services_.workshop.reader(work_.files));
      engines[i].emplace(services_.workshop.engine());
    });
    Tools tools;
    for (std::size_t i = 0; i < count; ++i) {
      if (!*readers[i]) return tl::unexpected(readers[i]->error());
      if (!*engines[i]) return tl::unexpected(engines[i]->error());
      tools.lent_readers.push_back(std::move(**readers[i]));
      tools.readers.push_back(&*tools.lent_readers.back());
      tools.engines.push_back(std::move(**engines[i]));
    }
    return tools;
  }

  TaskContext& context_;
  const BatchServices& services_;
  BatchWork work_;
  json::object state_;
};

StepResult process_batch(TaskContext& context, const BatchServices& services) {
  return BatchTurn(context, services).run();
}

void follow_batch(Transaction& transaction, const jobs::Task& task, UtcTime now) {
  const ExamId exam(std::string(task.payload.at("exam_id").as_string()));
  if (!jobs::is_over(task.state)) {
    (void)exams::set_status(transaction, exam, exams::ExamStatus::processing, {}, now);
    return;
  }
  const std::string sentence = task.error ? task.error->message : "";
  const std::string code = task.error ? task.error->code : "";
  (void)exams::set_status(transaction, exam, exams::ExamStatus::error, {code, sentence}, now);
  events::publish(transaction, processing_topic(exam),
                  json::serialize(json::object{{"type", "processing_failed"}, {"error", sentence}}));
  accounts::notify_office(transaction, accounts::NotificationKind::batch_failed, {{"exam_id", exam.text()}}, now);
}

}  // namespace

void add_batch_kinds(jobs::Kinds& kinds, jobs::Queue& queue, BatchServices& services) {
  const auto bound = [&services](auto step) {
    return [&services, step](TaskContext& context) { return step(context, services); };
  };
  queue.set_owner("process_pdf_batch", [&clock = queue.clock()](Transaction& transaction, const jobs::Task& task) {
    follow_batch(transaction, task, clock.now());
  });
  kinds.add("process_pdf_batch", bound(process_batch));
  kinds.add("survey_sides", bound(survey_sides));
  kinds.add("read_headers", bound(read_headers));
  kinds.add("write_copies", bound(write_copies));
}

std::string processing_topic(const ExamId& exam) {
  return "exam/" + exam.text() + "/processing";
}

std::string processing_state(Transaction& transaction, const ExamId& exam) {
  const auto row = transaction.row(kExamState, exam);
  if (!row) return {};
  const auto status = row->get<std::string>(0);
  if (status == "ERROR")
    return json::serialize(
        json::object{{"type", "processing_failed"}, {"error", row->get<std::optional<std::string>>(1).value_or("")}});
  if (status == "READY") {
    const auto report = row->get<std::optional<std::string>>(3);
    const json::value stored = report ? json::parse(*report) : json::value(nullptr);
    const auto* total = stored.is_object() ? stored.as_object().if_contains("timings_s") : nullptr;
    return json::serialize(json::object{{"type", "processing_complete"},
                                        {"exam_id", exam.text()},
                                        {"copies_created", row->get<std::int64_t>(2)},
                                        {"duration", total != nullptr ? total->at("total") : json::value(0)}});
  }
  const auto stages = transaction.row(kStages, exam);
  constexpr std::array<std::string_view, 3> kNames = {"write", "headers", "sides"};
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    const auto total = stages->get<std::int64_t>(4 - 2 * i);
    if (total > 0 || i + 1 == kNames.size())
      return progress_message(kNames[i], stages->get<std::int64_t>(5 - 2 * i), total);
  }
  return {};
}

}  // namespace korrigo::copies
