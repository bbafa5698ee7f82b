/// The child's side of SourceReader.
#pragma once

#include <memory>
#include <qpdf/QPDF.hh>
#include <vector>

#include "pdf/page_facts.h"
#include "sandbox/child.h"
#include "sandbox/wire.h"

namespace korrigo::pdf {

class SourceService : public sandbox::Service {
 public:
  sandbox::Message answer(sandbox::Message request) override;

 private:
  struct Source {
    std::unique_ptr<QPDF> pdf;
    std::vector<QPDFPageObjectHelper> pages;
    std::vector<PageFacts> facts;
  };

  Result<void> open(sandbox::WireReader& wire, int fd, sandbox::WireWriter& answer);
  Result<void> gray(sandbox::WireReader& wire, sandbox::WireWriter& answer);
  Result<void> write(sandbox::WireReader& wire, int fd, sandbox::WireWriter& answer);
  Result<const imaging::EncodedImage*> picture_of(int source, int side);

  std::vector<Source> sources_;
  int cached_source_ = -1;  // whose picture stream is in cached_
  int cached_side_ = -1;
  imaging::EncodedImage cached_;
};

}  // namespace korrigo::pdf
