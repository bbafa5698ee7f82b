#include "imaging/jbig2_image.h"

// jbig2.h uses these without including them.
#include <cstddef>
#include <cstdint>

#include <jbig2.h>

#include <cstdlib>
#include <memory>

#include "imaging/output_grid.h"
#include "imaging/refusals.h"
#include "imaging/samples.h"

namespace korrigo::imaging {

namespace {

/// malloc with a ceiling, so that sizes claimed by a header end in a refusal instead of in the machine's memory. Each
/// block carries its size in front, since free() is not told.
struct CappedAllocator {
  static constexpr std::size_t kCeiling = std::size_t{400} << 20;
  static constexpr std::size_t kFront = alignof(std::max_align_t);

  Jbig2Allocator functions{allocate, release, resize};  // first: jbig2dec hands back a pointer to it
  std::size_t used = 0;
  bool refused = false;

  static CappedAllocator& of(Jbig2Allocator* functions) { return *reinterpret_cast<CappedAllocator*>(functions); }
  static std::size_t& size_of(void* block) { return *static_cast<std::size_t*>(block); }

  static void* allocate(Jbig2Allocator* functions, std::size_t size) { return resize(functions, nullptr, size); }

  static void release(Jbig2Allocator* functions, void* p) {
    if (p == nullptr) return;
    void* block = static_cast<std::byte*>(p) - kFront;
    of(functions).used -= size_of(block);
    std::free(block);
  }

  static void* resize(Jbig2Allocator* functions, void* p, std::size_t size) {
    CappedAllocator& self = of(functions);
    void* block = p == nullptr ? nullptr : static_cast<std::byte*>(p) - kFront;
    const std::size_t before = block == nullptr ? 0 : size_of(block);
    const bool fits = size <= kCeiling && self.used - before <= kCeiling - size;
    void* grown = fits ? std::realloc(block, size + kFront) : nullptr;
    if (grown == nullptr) {
      self.refused = true;
      return nullptr;
    }
    self.used += size - before;
    size_of(grown) = size;
    return static_cast<std::byte*>(grown) + kFront;
  }
};

struct Close {
  void operator()(Jbig2Ctx* context) const { jbig2_ctx_free(context); }
  void operator()(Jbig2GlobalCtx* context) const { jbig2_global_ctx_free(context); }
};
using Context = std::unique_ptr<Jbig2Ctx, Close>;
using Globals = std::unique_ptr<Jbig2GlobalCtx, Close>;

struct Page {
  Jbig2Ctx* context;
  Jbig2Image* image;
  ~Page() {
    if (image != nullptr) jbig2_release_page(context, image);
  }
};

void keep_message(void* text, const char* message, Jbig2Severity severity, std::uint32_t) {
  auto& kept = *static_cast<std::string*>(text);
  constexpr std::size_t kEnough = 500;
  if (severity >= JBIG2_SEVERITY_WARNING && kept.size() < kEnough) kept += std::string(message) + "; ";
}

Context make_context(CappedAllocator& allocator, Jbig2GlobalCtx* globals, std::string& messages) {
  return Context(jbig2_ctx_new(&allocator.functions, JBIG2_OPTIONS_EMBEDDED, globals, keep_message, &messages));
}

bool feed(Jbig2Ctx* context, std::span<const std::byte> bytes) {
  return context != nullptr &&
         jbig2_data_in(context, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) >= 0;
}

GrayImage to_gray(const Jbig2Image& page, const EncodedImage& image, const DecodeOptions& options) {
  // A set bit is black, and PDF hands black on as sample 0.
  const auto tones = tone_table(image, 1);
  const BitExpander expander(tones[1], tones[0]);
  const auto width = static_cast<int>(page.width);
  GridWriter writer(width, static_cast<int>(page.height), options);
  std::vector<std::uint8_t> row(page.width + 8);
  for (int y = writer.source().y; y < writer.source().bottom(); ++y) {
    expander.expand(page.data + static_cast<std::size_t>(y) * page.stride, width, row.data());
    writer.put(y, row.data());
  }
  return writer.take();
}

}  // namespace

Result<Decoded> decode_jbig2(const EncodedImage& image, const DecodeOptions& options) {
  CappedAllocator allocator;
  std::string messages;
  const auto refusal = [&] {
    if (!allocator.refused) return damaged(messages);
    return Error{ErrorKind::too_large, "image.too_large", "The image is too large to be read.", messages};
  };
  Globals globals;
  if (!image.jbig2_globals.empty()) {
    Context context = make_context(allocator, nullptr, messages);
    if (!feed(context.get(), image.jbig2_globals)) return tl::unexpected(refusal());
    globals.reset(jbig2_make_global_ctx(context.release()));
  }
  const Context context = make_context(allocator, globals.get(), messages);
  if (!feed(context.get(), image.bytes)) return tl::unexpected(refusal());
  // Embedded streams have no end-of-page segment; for those that do, this is refused and harmless.
  jbig2_complete_page(context.get());
  const Page page{context.get(), jbig2_page_out(context.get())};
  if (page.image == nullptr || page.image->data == nullptr || allocator.refused) return tl::unexpected(refusal());
  if (auto size = check_size(page.image->width, page.image->height); !size) return tl::unexpected(size.error());
  if (page.image->width != static_cast<unsigned>(image.width) ||
      page.image->height != static_cast<unsigned>(image.height))
    return tl::unexpected(damaged("the page is of another size"));
  return Decoded{to_gray(*page.image, image, options), false};
}

}  // namespace korrigo::imaging
