#include "ocr/safetensors.h"

#include <bit>
#include <boost/json.hpp>
#include <cmath>
#include <cstring>

namespace korrigo::ocr {
namespace {

namespace json = boost::json;

float widened(std::uint16_t half) {
  const int exponent = (half >> 10) & 31;
  const int fraction = half & 1023;
  const double value = exponent == 0    ? std::ldexp(fraction, -24)
                       : exponent == 31 ? HUGE_VAL
                                        : std::ldexp(1024 + fraction, exponent - 25);
  return static_cast<float>((half & 0x8000) != 0 ? -value : value);
}

Tensor tensor_of(const json::object& entry, std::span<const unsigned char> data) {
  Tensor tensor;
  std::uint64_t count = 1;
  for (const json::value& side : entry.at("shape").as_array()) {
    tensor.shape.push_back(side.to_number<std::int64_t>());
    if (tensor.shape.back() < 0 || tensor.shape.back() > 1 << 20) throw std::invalid_argument("shape");
    count *= static_cast<std::uint64_t>(tensor.shape.back());
    if (count > data.size()) throw std::invalid_argument("shape");
  }
  const bool half = entry.at("dtype").as_string() == "F16";
  if (!half && entry.at("dtype").as_string() != "F32") throw std::invalid_argument("dtype");
  const auto begin = entry.at("data_offsets").at(0).to_number<std::uint64_t>();
  const auto end = entry.at("data_offsets").at(1).to_number<std::uint64_t>();
  if (begin > end || end > data.size() || end - begin != count * (half ? 2 : 4)) throw std::invalid_argument("offsets");
  tensor.values.resize(count);
  for (std::uint64_t i = 0; i < count; ++i) {
    if (half) {
      std::uint16_t value = 0;
      std::memcpy(&value, data.data() + begin + 2 * i, 2);
      tensor.values[i] = widened(value);
    } else {
      std::memcpy(&tensor.values[i], data.data() + begin + 4 * i, 4);
    }
  }
  return tensor;
}

}  // namespace

Result<Safetensors> parse_safetensors(std::span<const unsigned char> bytes) {
  static_assert(std::endian::native == std::endian::little, "the format is little-endian");
  const auto damaged = [](std::string why) {
    return refuse(ErrorKind::malformed, "ocr.model_damaged", "The model file is damaged.", std::move(why));
  };
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) return damaged("shorter than its length field");
  std::memcpy(&length, bytes.data(), sizeof length);
  if (length > bytes.size() - sizeof length) return damaged("header longer than the file");
  const auto data = bytes.subspan(sizeof length + length);
  Safetensors file;
  try {
    const json::value header =
        json::parse({reinterpret_cast<const char*>(bytes.data()) + sizeof length, static_cast<std::size_t>(length)});
    for (const auto& [name, entry] : header.as_object()) {
      if (name == "__metadata__") {
        for (const auto& [key, value] : entry.as_object()) file.metadata[key] = value.as_string().c_str();
      } else {
        file.tensors[name] = tensor_of(entry.as_object(), data);
      }
    }
  } catch (const std::exception& fault) {
    return damaged(fault.what());
  }
  return file;
}

}  // namespace korrigo::ocr
