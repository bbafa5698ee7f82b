/// Small PDFs made for a test.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "imaging/gray_image.h"

namespace korrigo::testing_support {

/// One page that an image fills.
struct PicturePage {
  std::string bytes;          // the stream as stored
  std::string filter;         // "/DCTDecode", "" for raw samples
  int width = 0, height = 0;  // pixels
  int bits = 8;
  std::string colour_space = "/DeviceGray";
  std::string extra = {};  // further dictionary entries, "/Decode [1 0]"
  double dpi = 300;
  int rotate = 0;
  std::string content = {};  // instead of the usual full-page picture /Im0
};

/// A JPEG page of the picture, quality 85.
PicturePage jpeg_page(const imaging::GrayImage& picture, int rotate = 0);

/// The bytes of a PDF with these pages, without metadata.
std::string make_pdf(const std::vector<PicturePage>& pages);

/// A page-like picture with text-like strokes that differ by seed, so that any two places can be told apart.
imaging::GrayImage strokes(int width, int height, unsigned seed);

}  // namespace korrigo::testing_support
