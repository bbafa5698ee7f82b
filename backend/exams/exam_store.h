/// The SQL of exam rows.
#pragma once

#include "exams/exam_list.h"

namespace korrigo::exams::store {

void insert(storage::Transaction&, const Exam&);
std::optional<Exam> find(storage::Transaction&, const ExamId&);
void update(storage::Transaction&, const Exam&, UtcTime now);
bool set_status(storage::Transaction&, const ExamId&, ExamStatus, const std::optional<BatchTrouble>& trouble,
                UtcTime now);
/// Marks the row as changed, so that transactions that decide about the exam come one after the other. False when there
/// is no such exam.
bool touch(storage::Transaction&, const ExamId&, UtcTime now);
bool remove(storage::Transaction&, const ExamId&);

bool has_sources(storage::Transaction&, const ExamId&);
bool has_open_task(storage::Transaction&, const ExamId&);
/// Keys of all files of the exam.
std::vector<std::string> files_of(storage::Transaction&, const ExamId&);
/// Keeps the hashes of the grading events of its copies.
void archive_events(storage::Transaction&, const ExamId&, UtcTime now);

std::optional<std::string> report(storage::Transaction&, const ExamId&);
bool set_report(storage::Transaction&, const ExamId&, std::string_view json);

/// `exams` with their counters, in their order.
std::vector<CountedExam> counted(storage::Transaction&, std::vector<Exam> exams);
/// Rows of a page, and how many there are in all.
std::pair<std::vector<Exam>, std::int64_t> list(storage::Transaction&, const ExamFilter&);

}  // namespace korrigo::exams::store
