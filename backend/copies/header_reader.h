/// Reads the header of one face. Internal to this module.
#pragma once

#include <span>
#include <string>

#include "copies/batch_steps.h"

namespace korrigo::copies {

/// Used by one thread.
class HeaderReader {
 public:
  /// `forms` as identification::encode_forms writes them; empty: every header is understood on its own. The further
  /// engines are asked when they are given.
  HeaderReader(jobs::TaskContext& context, const BatchServices& services, ExamId exam, std::span<const std::byte> forms,
               ocr::ExternalEngines* further = nullptr);

  /// Takes the picture of the header, which store() stores, and returns what is to be written then (put_reading).
  /// Nothing when the face cannot be read; the task's log says why. Refuses as Workshop::engine.
  Result<std::optional<ReadFace>> read(pdf::SourceReader& reader, const StoredFace& face);
  /// All pictures so far at the price of one sync.
  void store() { pictures_.commit(); }

 private:
  Result<void> read_picture(const StoredFace& face, const imaging::GrayImage& picture, ReadFace& read);

  jobs::TaskContext& context_;
  const BatchServices& services_;
  ExamId exam_;
  storage::BlobBatch pictures_;
  identification::BatchForms forms_;
  std::string forms_hash_;
  ocr::ExternalEngines* further_;
};

}  // namespace korrigo::copies
