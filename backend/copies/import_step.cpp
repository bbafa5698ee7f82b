#include <boost/json.hpp>

#include "copies/class_solver.h"
#include "copies/copy_state.h"
#include "copies/file_maker.h"
#include "copies/header_reader.h"
#include "copies/import.h"
#include "copies/office_steps.h"
#include "copies/staple_store.h"
#include "identification/header_wire.h"
#include "scans/intake.h"

namespace korrigo::copies {

namespace json = boost::json;

namespace {

using storage::Statement;
using storage::Transaction;

constexpr Statement kNextPosition{"import.next_position",
                                  "SELECT coalesce(max(position) + 1, 0) FROM copy WHERE exam_id = $1"};
constexpr Statement kPages{"import.pages", "UPDATE copy SET page_count = $2 WHERE id = $1"};

// Pages of an individual PDF are A4, whatever their shape: one page is one face.
constexpr scans::SurveyOptions kOnePageOneFace{scans::SurveyOptions::Format::a4};

/// All that can be seen of the PDF, as one booklet in the order of its pages.
struct SeenPdf {
  scans::Batch batch;
  std::vector<std::byte> forms;
};

Result<SeenPdf> look_at_pdf(jobs::TaskContext& context, const BatchServices& services, const BatchSource& source,
                            pdf::SourceReader& reader) {
  auto engine = services.workshop.engine();
  if (!engine) return tl::unexpected(engine.error());
  scans::LookedAtSides sides(static_cast<std::size_t>(source.sides));
  for (int side = 0; side < source.sides; ++side) {
    context.safe_point();
    context.progress(side, source.sides, "sides");
    sides.put(static_cast<std::size_t>(side), scans::look_at_side(reader, 0, side, kOnePageOneFace));
  }
  scans::IntakeOptions options{kOnePageOneFace, {}, 1};
  options.reads_header = [&](int, const scans::Face& face) {
    const auto picture = identification::header_picture(reader, face);
    return picture && identification::understand_form(*picture, false, **engine);
  };
  scans::Intake intake = scans::arrange_sides(std::move(sides), options, context.cancel());
  const auto forms = identification::learn_forms({&reader}, **engine, intake.batch, intake.prints, context.cancel());
  return SeenPdf{std::move(intake.batch), identification::encode_forms(forms)};
}

// Its pages belong together because they came together; what cannot be read has no place in a copy.
void staple_all(scans::Batch& batch) {
  scans::Booklet all;
  for (scans::Booklet& booklet : batch.booklets)
    all.faces.insert(all.faces.end(), booklet.faces.begin(), booklet.faces.end());
  std::vector<scans::UnplacedFace> unreadable;
  for (scans::UnplacedFace& face : batch.unplaced) {
    if (face.part.width > 0)
      all.faces.push_back(face);
    else
      unreadable.push_back(face);
  }
  std::sort(all.faces.begin(), all.faces.end(), [](const scans::Face& a, const scans::Face& b) {
    return std::pair(a.side, a.half) < std::pair(b.side, b.half);
  });
  batch.booklets.clear();
  if (!all.faces.empty()) batch.booklets.push_back(std::move(all));
  batch.unplaced = std::move(unreadable);
}

Result<std::vector<ReadFace>> read_headers_of(jobs::TaskContext& context, const BatchServices& services,
                                              const ExamId& exam, const SeenPdf& seen, const ArrangementIds& ids,
                                              pdf::SourceReader& reader) {
  HeaderReader headers(context, services, exam, seen.forms);
  std::vector<ReadFace> all;
  for (const auto& place : identification::header_places(seen.batch)) {
    StoredFace face;
    face.id = ids.faces[place.booklet][place.face];
    face.face = seen.batch.booklets[place.booklet].faces[place.face];
    auto read = headers.read(reader, face);
    if (!read) return tl::unexpected(read.error());
    if (*read) all.push_back(std::move(**read));
  }
  headers.store();
  return all;
}

/// One turn of import_pdf.
class ImportTurn {
 public:
  ImportTurn(jobs::TaskContext& context, const BatchServices& services)
      : context_(context),
        services_(services),
        exam_(std::string(context.payload().at("exam_id").as_string())),
        source_(std::string(context.payload().at("source_id").as_string())) {
    if (const auto* copy = context.payload().if_contains("copy_id")) copy_ = CopyId(std::string(copy->as_string()));
  }

  StepResult run() {
    const auto sources = context_.database().read([&](Transaction& t) { return sources_of(t, {source_}); });
    if (sources.empty()) return refuse(ErrorKind::not_found, "source.not_found", "The file was removed meanwhile.");
    work_ = work_of(exam_, sources, services_.blobs);
    auto reader = services_.workshop.reader(work_.files);
    if (!reader) return give_up(reader.error());
    if (const json::value& state = context_.task().checkpoint; state.is_object()) {
      copy_ = CopyId(std::string(state.at("copy_id").as_string()));
    } else if (const auto stapled = staple(**reader); !stapled) {
      return give_up(stapled.error());
    }
    solve_exam(context_.database(), context_.clock(), exam_, {});
    const MadeFiles made = make_copy_files(context_.database(), services_.blobs, work_, **reader, *copy_);
    return context_.finish([&](Transaction& t) -> Result<json::value> {
      record(t, made);
      return json::object{{"exam_id", exam_.text()}, {"copy_id", copy_->text()}, {"copies_created", 1}};
    });
  }

 private:
  Result<void> staple(pdf::SourceReader& reader) {
    auto seen = look_at_pdf(context_, services_, work_.sources.front(), reader);
    if (!seen) return tl::unexpected(seen.error());
    staple_all(seen->batch);
    if (seen->batch.booklets.empty())
      return refuse(ErrorKind::malformed, "source.corrupted", "No page of this PDF can be read.");
    const ArrangementIds ids = new_ids(seen->batch);
    const auto read = read_headers_of(context_, services_, exam_, *seen, ids, reader);
    if (!read) return tl::unexpected(read.error());
    const CopyId copy = copy_.value_or(CopyId(make_uuid_v4()));
    context_.checkpoint(json::object{{"copy_id", copy.text()}}, [&](Transaction& t) {
      const UtcTime now = context_.clock().now();
      if (!copy_) put_copy(t, copy, now);
      put_arrangement(t, {exam_, work_.sources, next_booklet_position(t, exam_)}, seen->batch, ids, now);
      for (const ReadFace& face : *read) put_reading(t, face, now);
      set_booklets(t, copy, ids.booklets);
      lay_out(t, copy, now);
    });
    copy_ = copy;
    return {};
  }

  void put_copy(Transaction& t, const CopyId& copy, UtcTime now) const;

  // A copy that was promised and cannot be made goes again.
  StepResult give_up(const Error& error) {
    if (copy_) context_.commit([&](Transaction& t) { remove_copy(t, *copy_, context_.clock().now()); });
    return tl::unexpected(error);
  }

  jobs::TaskContext& context_;
  const BatchServices& services_;
  ExamId exam_;
  SourceId source_;
  std::optional<CopyId> copy_;
  BatchWork work_;
};

void put_imported(Transaction& t, const CopyId& copy, const ImportedSource& source, UtcTime now) {
  insert_copy(t, copy, source.exam, t.row(kNextPosition, source.exam)->get<int>(0), now);
  t.execute(kPages, copy, source.page_count);
  record_event(t, copy, "IMPORT", source.user, {{"source_id", source.source.text()}, {"page_count", source.page_count}},
               now);
}

void ImportTurn::put_copy(Transaction& t, const CopyId& copy, UtcTime now) const {
  put_imported(t, copy, {exam_, source_, work_.sources.front().sides, context_.task().created_by}, now);
}

}  // namespace

CopyId make_imported_copy(Transaction& transaction, const ImportedSource& source, UtcTime now) {
  CopyId copy(make_uuid_v4());
  put_imported(transaction, copy, source, now);
  return copy;
}

StepResult import_pdf(jobs::TaskContext& context, const BatchServices& services) {
  return ImportTurn(context, services).run();
}

}  // namespace korrigo::copies
