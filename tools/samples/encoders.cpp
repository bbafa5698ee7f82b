#include "samples/encoders.h"

#include <fmt/format.h>
#include <jpeglib.h>
#include <openjpeg.h>
#include <tiffio.h>
#include <zlib.h>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>

#include "imaging/jpeg.h"

namespace korrigo::samples {
namespace {

constexpr int kQuality = 70;
constexpr int kInkBelow = 170;  // tones darker than this are black in a two-tone scan

using Bytes = std::vector<std::byte>;

Bytes colour_jpeg(const SidePicture& picture) {
  jpeg_error_mgr errors;
  jpeg_compress_struct codec;
  codec.err = jpeg_std_error(&errors);
  jpeg_create_compress(&codec);
  unsigned char* data = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&codec, &data, &size);
  codec.image_width = static_cast<JDIMENSION>(picture.width);
  codec.image_height = static_cast<JDIMENSION>(picture.height);
  codec.input_components = 3;
  codec.in_color_space = JCS_RGB;
  jpeg_set_defaults(&codec);
  jpeg_set_quality(&codec, kQuality, TRUE);
  jpeg_start_compress(&codec, TRUE);
  while (codec.next_scanline < codec.image_height) {
    auto* row = const_cast<JSAMPLE*>(picture.rgb.data() + std::size_t{codec.next_scanline} * codec.image_width * 3);
    jpeg_write_scanlines(&codec, &row, 1);
  }
  jpeg_finish_compress(&codec);
  jpeg_destroy_compress(&codec);
  const auto* first = reinterpret_cast<const std::byte*>(data);
  Bytes bytes(first, first + size);
  std::free(data);
  return bytes;
}

Bytes packed_rows(const imaging::GrayImage& image) {
  const std::size_t stride = (static_cast<std::size_t>(image.width()) + 7) / 8;
  Bytes bits(stride * static_cast<std::size_t>(image.height()));
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x)
      if (image.at(x, y) < kInkBelow)
        bits[static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x / 8)] |=
            static_cast<std::byte>(0x80 >> x % 8);
  return bits;
}

// A TIFF file in memory: libtiff writes Group 4 only into files.
struct MemoryFile {
  Bytes bytes;
  std::size_t at = 0;

  static MemoryFile& of(thandle_t handle) { return *static_cast<MemoryFile*>(handle); }
  static tmsize_t read(thandle_t handle, void* out, tmsize_t size) {
    MemoryFile& file = of(handle);
    const std::size_t got =
        std::min(static_cast<std::size_t>(size), file.bytes.size() - std::min(file.at, file.bytes.size()));
    std::memcpy(out, file.bytes.data() + file.at, got);
    file.at += got;
    return static_cast<tmsize_t>(got);
  }
  static tmsize_t write(thandle_t handle, void* in, tmsize_t size) {
    MemoryFile& file = of(handle);
    const std::size_t end = file.at + static_cast<std::size_t>(size);
    if (end > file.bytes.size()) file.bytes.resize(end);
    std::memcpy(file.bytes.data() + file.at, in, static_cast<std::size_t>(size));
    file.at = end;
    return size;
  }
  static toff_t seek(thandle_t handle, toff_t offset, int whence) {
    MemoryFile& file = of(handle);
    const std::size_t base = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? file.at : file.bytes.size();
    file.at = base + static_cast<std::size_t>(offset);
    return file.at;
  }
  static int close(thandle_t) { return 0; }
  static toff_t size(thandle_t handle) { return of(handle).bytes.size(); }

  std::unique_ptr<TIFF, decltype(&TIFFClose)> open(const char* mode) {
    at = 0;
    return {TIFFClientOpen("memory", mode, this, read, write, seek, close, size, nullptr, nullptr), TIFFClose};
  }
};

Bytes group4(const imaging::GrayImage& image) {
  MemoryFile file;
  {
    const auto tiff = file.open("w");
    TIFFSetField(tiff.get(), TIFFTAG_IMAGEWIDTH, image.width());
    TIFFSetField(tiff.get(), TIFFTAG_IMAGELENGTH, image.height());
    TIFFSetField(tiff.get(), TIFFTAG_BITSPERSAMPLE, 1);
    TIFFSetField(tiff.get(), TIFFTAG_SAMPLESPERPIXEL, 1);
    TIFFSetField(tiff.get(), TIFFTAG_ROWSPERSTRIP, image.height());
    TIFFSetField(tiff.get(), TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
    TIFFSetField(tiff.get(), TIFFTAG_COMPRESSION, COMPRESSION_CCITTFAX4);
    Bytes rows = packed_rows(image);
    if (TIFFWriteEncodedStrip(tiff.get(), 0, rows.data(), static_cast<tmsize_t>(rows.size())) < 0)
      throw std::runtime_error("libtiff could not encode a page");
  }
  const auto tiff = file.open("r");
  Bytes strip(static_cast<std::size_t>(TIFFRawStripSize(tiff.get(), 0)));
  if (TIFFReadRawStrip(tiff.get(), 0, strip.data(), static_cast<tmsize_t>(strip.size())) < 0)
    throw std::runtime_error("libtiff could not read back a page");
  return strip;
}

void put(Bytes& bytes, std::size_t value, int size) {
  for (int i = size - 1; i >= 0; --i) bytes.push_back(i < 8 ? static_cast<std::byte>(value >> (8 * i)) : std::byte{0});
}

// ITU-T T.88: page information (segment type 48), then an immediate generic region (38) with MMR set.
Bytes jbig2(const imaging::GrayImage& image) {
  const Bytes mmr = group4(image);
  const auto width = static_cast<std::size_t>(image.width());
  const auto height = static_cast<std::size_t>(image.height());
  Bytes bytes;
  const auto segment = [&](std::size_t number, std::size_t type, std::size_t size) {
    put(bytes, number, 4);
    put(bytes, type, 1);
    put(bytes, 0, 1);
    put(bytes, 1, 1);
    put(bytes, size, 4);
  };
  segment(0, 48, 19);
  put(bytes, width, 4);
  put(bytes, height, 4);
  put(bytes, 0, 11);
  segment(1, 38, 18 + mmr.size());
  put(bytes, width, 4);
  put(bytes, height, 4);
  put(bytes, 0, 9);
  put(bytes, 1, 1);
  bytes.insert(bytes.end(), mmr.begin(), mmr.end());
  return bytes;
}

Bytes jpeg2000(const imaging::GrayImage& image) {
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  parameters.cp_disto_alloc = 1;
  parameters.tcp_rates[0] = 12;
  opj_image_cmptparm_t plane = {};
  plane.dx = plane.dy = 1;
  plane.w = static_cast<OPJ_UINT32>(image.width());
  plane.h = static_cast<OPJ_UINT32>(image.height());
  plane.prec = 8;
  const std::unique_ptr<opj_image_t, decltype(&opj_image_destroy)> picture(opj_image_create(1, &plane, OPJ_CLRSPC_GRAY),
                                                                           opj_image_destroy);
  picture->x1 = plane.w;
  picture->y1 = plane.h;
  std::copy(image.pixels().begin(), image.pixels().end(), picture->comps[0].data);
  const std::unique_ptr<opj_codec_t, decltype(&opj_destroy_codec)> codec(opj_create_compress(OPJ_CODEC_JP2),
                                                                         opj_destroy_codec);
  MemoryFile file;
  const std::unique_ptr<opj_stream_t, decltype(&opj_stream_destroy)> stream(opj_stream_create(1 << 20, OPJ_FALSE),
                                                                            opj_stream_destroy);
  opj_stream_set_user_data(stream.get(), &file, nullptr);
  opj_stream_set_write_function(stream.get(), [](void* in, OPJ_SIZE_T size, void* to) -> OPJ_SIZE_T {
    return static_cast<OPJ_SIZE_T>(MemoryFile::write(to, in, static_cast<tmsize_t>(size)));
  });
  opj_stream_set_skip_function(stream.get(), [](OPJ_OFF_T by, void* to) -> OPJ_OFF_T {
    MemoryFile::of(to).at += static_cast<std::size_t>(by);
    return by;
  });
  opj_stream_set_seek_function(stream.get(), [](OPJ_OFF_T place, void* to) -> OPJ_BOOL {
    MemoryFile::of(to).at = static_cast<std::size_t>(place);
    return OPJ_TRUE;
  });
  if (!opj_setup_encoder(codec.get(), &parameters, picture.get()) ||
      !opj_start_compress(codec.get(), picture.get(), stream.get()) || !opj_encode(codec.get(), stream.get()) ||
      !opj_end_compress(codec.get(), stream.get()))
    throw std::runtime_error("openjpeg could not encode a page");
  return std::move(file.bytes);
}

Bytes deflated(std::span<const std::uint8_t> samples) {
  uLongf size = compressBound(static_cast<uLong>(samples.size()));
  Bytes bytes(size);
  if (compress2(reinterpret_cast<Bytef*>(bytes.data()), &size, samples.data(), static_cast<uLong>(samples.size()), 4) !=
      Z_OK)
    throw std::runtime_error("zlib could not encode a page");
  bytes.resize(size);
  return bytes;
}

}  // namespace

ImageStream encode(const SidePicture& picture, SideEncoding encoding) {
  const bool colour = !picture.rgb.empty();
  const std::string space = colour ? "/ColorSpace /DeviceRGB " : "/ColorSpace /DeviceGray ";
  switch (encoding) {
    case SideEncoding::ccitt:
      return {
          group4(picture.gray),
          fmt::format("/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns {} /Rows {} >> /BitsPerComponent 1 {}",
                      picture.width, picture.height, space)};
    case SideEncoding::jbig2:
      return {jbig2(picture.gray), "/Filter /JBIG2Decode /BitsPerComponent 1 " + space};
    case SideEncoding::jpeg2000:
      return {jpeg2000(picture.gray), "/Filter /JPXDecode "};
    case SideEncoding::flate:
      return {deflated(colour ? std::span<const std::uint8_t>(picture.rgb) : picture.gray.pixels()),
              "/Filter /FlateDecode /BitsPerComponent 8 " + space};
    default:
      return {colour ? colour_jpeg(picture) : imaging::encode_jpeg(picture.gray, kQuality),
              "/Filter /DCTDecode /BitsPerComponent 8 " + space};
  }
}

}  // namespace korrigo::samples
