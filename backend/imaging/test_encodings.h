/// Encoded pictures for the tests of this folder, made by the libraries that others use.
#pragma once

#include <gtest/gtest.h>
#include <openjpeg.h>
#include <tiffio.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "imaging/encoded_image.h"

namespace korrigo::imaging::testing {

inline std::vector<std::byte> to_bytes(std::span<const std::uint8_t> values) {
  const auto view = std::as_bytes(values);
  return {view.begin(), view.end()};
}

/// Rows of bits, set where the picture is dark.
inline std::vector<std::uint8_t> packed(const GrayImage& image) {
  const std::size_t stride = (static_cast<std::size_t>(image.width()) + 7) / 8;
  std::vector<std::uint8_t> bits(stride * static_cast<std::size_t>(image.height()));
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      auto& octet = bits[static_cast<std::size_t>(y) * stride + static_cast<std::size_t>(x / 8)];
      if (image.at(x, y) < 128) octet = static_cast<std::uint8_t>(octet | 0x80 >> x % 8);
    }
  }
  return bits;
}

inline GrayImage black_and_white(GrayImage image) {
  for (std::uint8_t& tone : image.pixels()) tone = tone < 128 ? 0 : 255;
  return image;
}

inline std::vector<std::byte> contents(std::FILE* file) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::ftell(file)));
  std::rewind(file);
  EXPECT_EQ(std::fread(bytes.data(), 1, bytes.size(), file), bytes.size());
  std::fclose(file);
  return bytes;
}

struct Scheme {
  std::uint16_t compression = COMPRESSION_CCITTFAX4;
  std::uint32_t group3_options = 0;
};

/// One strip of CCITT data from libtiff, without the file around it.
inline std::vector<std::byte> fax(const GrayImage& image, const Scheme& scheme) {
  char name[] = "/tmp/korrigo-fax-XXXXXX";
  const int fd = mkstemp(name);
  TIFF* tiff = TIFFFdOpen(fd, name, "w");
  TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, image.width());
  TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, image.height());
  TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, image.height());
  TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISWHITE);
  TIFFSetField(tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB);
  TIFFSetField(tiff, TIFFTAG_COMPRESSION, scheme.compression);
  if (scheme.compression == COMPRESSION_CCITTFAX3) TIFFSetField(tiff, TIFFTAG_GROUP3OPTIONS, scheme.group3_options);
  auto bits = packed(image);
  EXPECT_GT(TIFFWriteEncodedStrip(tiff, 0, bits.data(), static_cast<tmsize_t>(bits.size())), 0);
  TIFFWriteDirectory(tiff);
  TIFFClose(tiff);
  tiff = TIFFOpen(name, "r");
  std::vector<std::byte> bytes(static_cast<std::size_t>(TIFFRawStripSize(tiff, 0)));
  EXPECT_EQ(TIFFReadRawStrip(tiff, 0, bytes.data(), static_cast<tmsize_t>(bytes.size())),
            static_cast<tmsize_t>(bytes.size()));
  TIFFClose(tiff);
  std::remove(name);
  return bytes;
}

inline EncodedImage ccitt(const GrayImage& image, std::vector<std::byte> bytes, int k) {
  EncodedImage encoded;
  encoded.encoding = Encoding::ccitt;
  encoded.width = image.width();
  encoded.height = image.height();
  encoded.bits_per_component = 1;
  encoded.bytes = std::move(bytes);
  encoded.ccitt_k = k;
  return encoded;
}

inline void put(std::vector<std::byte>& bytes, std::uint32_t value, int size) {
  for (int i = size - 1; i >= 0; --i) bytes.push_back(static_cast<std::byte>(value >> 8 * i));
}

/// An embedded JBIG2 stream: page information, then one generic region coded as MMR (which is Group 4's code).
inline std::vector<std::byte> jbig2(std::uint32_t width, std::uint32_t height, const std::vector<std::byte>& mmr) {
  std::vector<std::byte> bytes;
  const auto segment = [&](std::uint32_t segment_number, std::uint32_t type, std::uint32_t size) {
    put(bytes, segment_number, 4);
    put(bytes, type, 1);
    put(bytes, 0, 1);  // refers to no other
    put(bytes, 1, 1);  // page
    put(bytes, size, 4);
  };
  segment(0, 48, 19);
  put(bytes, width, 4);
  put(bytes, height, 4);
  put(bytes, 0, 4);
  put(bytes, 0, 4);
  put(bytes, 0, 1);
  put(bytes, 0, 2);
  segment(1, 38, static_cast<std::uint32_t>(18 + mmr.size()));
  put(bytes, width, 4);
  put(bytes, height, 4);
  put(bytes, 0, 4);
  put(bytes, 0, 4);
  put(bytes, 0, 1);
  put(bytes, 1, 1);  // MMR
  bytes.insert(bytes.end(), mmr.begin(), mmr.end());
  return bytes;
}

inline EncodedImage as_jbig2(std::vector<std::byte> bytes) {
  EncodedImage encoded;
  encoded.encoding = Encoding::jbig2;
  encoded.width = 403;
  encoded.height = 341;
  encoded.bits_per_component = 1;
  encoded.bytes = std::move(bytes);
  return encoded;
}

/// `tile` 0: one tile.
inline std::vector<std::byte> jpeg2000(const GrayImage& image, unsigned components, bool file, unsigned tile = 0) {
  opj_cparameters_t parameters;
  opj_set_default_encoder_parameters(&parameters);
  parameters.tcp_numlayers = 1;
  parameters.cp_disto_alloc = 1;
  parameters.tcp_rates[0] = 0;  // lossless
  parameters.tile_size_on = tile > 0 ? OPJ_TRUE : OPJ_FALSE;
  parameters.cp_tdx = parameters.cp_tdy = static_cast<int>(tile);
  std::vector<opj_image_cmptparm_t> planes(components);
  for (auto& plane : planes) {
    plane = {};
    plane.dx = plane.dy = 1;
    plane.w = static_cast<unsigned>(image.width());
    plane.h = static_cast<unsigned>(image.height());
    plane.prec = 8;
  }
  opj_image_t* picture =
      opj_image_create(components, planes.data(), components == 1 ? OPJ_CLRSPC_GRAY : OPJ_CLRSPC_SRGB);
  picture->x1 = planes[0].w;
  picture->y1 = planes[0].h;
  for (unsigned c = 0; c < components; ++c) {
    std::copy(image.pixels().begin(), image.pixels().end(), picture->comps[c].data);
  }
  opj_codec_t* codec = opj_create_compress(file ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  EXPECT_TRUE(opj_setup_encoder(codec, &parameters, picture));
  char name[] = "/tmp/korrigo-jp2-XXXXXX";
  close(mkstemp(name));
  opj_stream_t* stream = opj_stream_create_default_file_stream(name, OPJ_FALSE);
  EXPECT_TRUE(opj_start_compress(codec, picture, stream) && opj_encode(codec, stream) &&
              opj_end_compress(codec, stream));
  opj_stream_destroy(stream);
  opj_destroy_codec(codec);
  opj_image_destroy(picture);
  std::FILE* written = std::fopen(name, "rb");
  std::fseek(written, 0, SEEK_END);
  auto bytes = contents(written);
  std::remove(name);
  return bytes;
}

inline EncodedImage as_jpeg2000(std::vector<std::byte> bytes) {
  EncodedImage encoded;
  encoded.encoding = Encoding::jpeg2000;
  encoded.bytes = std::move(bytes);
  return encoded;
}

inline EncodedImage raw(int width, int height, int bits_per_component, ColourSpace space,
                        std::vector<std::uint8_t> samples) {
  EncodedImage encoded;
  encoded.width = width;
  encoded.height = height;
  encoded.bits_per_component = bits_per_component;
  encoded.colour_space = space;
  encoded.bytes = to_bytes(samples);
  return encoded;
}

}  // namespace korrigo::imaging::testing
