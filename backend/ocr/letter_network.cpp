#include "ocr/letter_network.h"

#include <fmt/format.h>
#include <omp.h>
#include <algorithm>
#include <dnnl.hpp>
#include <optional>
#include <sstream>

namespace korrigo::ocr {
namespace {

using Memory = dnnl::memory;
using Tag = Memory::format_tag;
using Dims = Memory::dims;

// Pictures are computed in portions of this many, the rest of a portion being blank: primitives are made for one size.
constexpr std::int64_t kPortion = 16;

const dnnl::engine& cpu() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

// oneDNN shares work out among as many threads as OpenMP has when a primitive is made, and relies on them when it is
// run. The network is too small to gain by that; the setting is each thread's own.
class OneThread {
 public:
  OneThread() : before_(omp_get_max_threads()) { omp_set_num_threads(1); }
  OneThread(const OneThread&) = delete;
  OneThread& operator=(const OneThread&) = delete;
  ~OneThread() { omp_set_num_threads(before_); }

 private:
  int before_;
};

// One step of the network: a convolution or a dense layer with its bias and ReLU, or a change of memory layout.
struct Step {
  dnnl::primitive primitive;
  Memory weights, bias;
  Memory::desc output, scratch;
};

Memory plain_memory(const Tensor& tensor, const Dims& dims, Tag tag) {
  Memory memory({dims, Memory::data_type::f32, tag}, cpu());
  std::copy(tensor.values.begin(), tensor.values.end(), static_cast<float*>(memory.get_data_handle()));
  return memory;
}

Memory in_layout(Memory from, const Memory::desc& layout) {
  if (from.get_desc() == layout) return from;
  Memory to(layout, cpu());
  dnnl::stream stream(cpu());
  dnnl::reorder(from, to).execute(stream, from, to);
  stream.wait();
  return to;
}

dnnl::primitive_attr attributes(bool relu) {
  dnnl::primitive_attr attr;
  attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  if (relu) {
    dnnl::post_ops after;
    after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
    attr.set_post_ops(after);
  }
  return attr;
}

Memory::desc any_layout(const Dims& dims) {
  return {dims, Memory::data_type::f32, Tag::any};
}

class Builder {
 public:
  explicit Builder(const Safetensors& model)
      : model_(model), now_({kPortion, 1, kLetterSide, kLetterSide}, Memory::data_type::f32, Tag::nchw) {}

  void convolutions() {
    std::istringstream strides(model_.metadata.at("strides"));
    std::int64_t stride = 1;
    for (int i = 0; strides >> stride; ++i) {
      const Tensor& weights = model_.tensors.at(fmt::format("conv{}.weight", i));
      const Tensor& bias = model_.tensors.at(fmt::format("conv{}.bias", i));
      if (weights.shape.size() != 4 || stride < 1) throw std::invalid_argument("convolution");
      const auto out = weights.shape[0], kernel = weights.shape[2], pad = kernel / 2;
      const auto side = (now_.dims()[2] + 2 * pad - kernel) / stride + 1;
      const dnnl::convolution_forward::desc desc(
          dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, any_layout(now_.dims()),
          any_layout(weights.shape), any_layout({out}), any_layout({kPortion, out, side, side}), {stride, stride},
          {pad, pad}, {pad, pad});
      const dnnl::convolution_forward::primitive_desc chosen(desc, attributes(true), cpu());
      bring_to(chosen.src_desc());
      add(chosen, dnnl::convolution_forward(chosen), plain_memory(weights, weights.shape, Tag::oihw),
          plain_memory(bias, {out}, Tag::x));
    }
  }

  void dense() {
    for (int i = 0; model_.tensors.contains(fmt::format("dense{}.weight", i)); ++i) {
      const Tensor& weights = model_.tensors.at(fmt::format("dense{}.weight", i));
      const Tensor& bias = model_.tensors.at(fmt::format("dense{}.bias", i));
      const bool last = !model_.tensors.contains(fmt::format("dense{}.weight", i + 1));
      const auto out = weights.shape.at(0);
      Dims shape = now_.dims();
      shape[0] = out;
      const Tag tag = shape.size() == 4 ? Tag::oihw : Tag::oi;
      const dnnl::inner_product_forward::desc desc(dnnl::prop_kind::forward_inference, any_layout(now_.dims()),
                                                   any_layout(shape), any_layout({out}), any_layout({kPortion, out}));
      const dnnl::inner_product_forward::primitive_desc chosen(desc, attributes(!last), cpu());
      bring_to(chosen.src_desc());
      add(chosen, dnnl::inner_product_forward(chosen), plain_memory(weights, shape, tag),
          plain_memory(bias, {out}, Tag::x));
    }
    bring_to({now_.dims(), Memory::data_type::f32, Tag::nc});
  }

  std::vector<Step> steps() { return std::move(steps_); }

 private:
  void bring_to(const Memory::desc& layout) {
    if (now_ == layout) return;
    dnnl::primitive_attr attr;
    attr.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    const dnnl::reorder::primitive_desc chosen(cpu(), now_, cpu(), layout, attr);
    steps_.push_back({dnnl::reorder(chosen), {}, {}, layout, chosen.scratchpad_desc()});
    now_ = layout;
  }

  template <class Chosen>
  void add(const Chosen& chosen, dnnl::primitive primitive, const Memory& weights, const Memory& bias) {
    steps_.push_back({std::move(primitive), in_layout(weights, chosen.weights_desc()),
                      in_layout(bias, chosen.bias_desc()), chosen.dst_desc(), chosen.scratchpad_desc()});
    now_ = chosen.dst_desc();
  }

  const Safetensors& model_;
  Memory::desc now_;
  std::vector<Step> steps_;
};

}  // namespace

struct LetterNetwork::State {
  std::vector<Step> steps;
  std::size_t classes = 0;

  void run(const float* input, float* output) const {
    dnnl::stream stream(cpu());
    Memory now({{kPortion, 1, kLetterSide, kLetterSide}, Memory::data_type::f32, Tag::nchw}, cpu(),
               const_cast<float*>(input));
    for (const Step& step : steps) {
      Memory next(step.output, cpu());
      Memory scratch(step.scratch, cpu());
      std::unordered_map<int, Memory> arguments = {
          {DNNL_ARG_SRC, now}, {DNNL_ARG_DST, next}, {DNNL_ARG_SCRATCHPAD, scratch}};
      if (step.weights) {
        arguments.insert({DNNL_ARG_WEIGHTS, step.weights});
        arguments.insert({DNNL_ARG_BIAS, step.bias});
      }
      step.primitive.execute(stream, arguments);
      stream.wait();
      now = next;
    }
    std::copy_n(static_cast<const float*>(now.get_data_handle()), static_cast<std::size_t>(kPortion) * classes, output);
  }
};

LetterNetwork::LetterNetwork(std::unique_ptr<State> state) : state_(std::move(state)) {}
LetterNetwork::LetterNetwork(LetterNetwork&&) noexcept = default;
LetterNetwork& LetterNetwork::operator=(LetterNetwork&&) noexcept = default;
LetterNetwork::~LetterNetwork() = default;

Result<LetterNetwork> LetterNetwork::make(const Safetensors& model) {
  const OneThread one;
  auto state = std::make_unique<State>();
  try {
    Builder builder(model);
    builder.convolutions();
    builder.dense();
    state->steps = builder.steps();
    state->classes = static_cast<std::size_t>(state->steps.back().output.dims().at(1));
  } catch (const std::exception& fault) {
    return refuse(ErrorKind::malformed, "ocr.model_damaged", "The model file is damaged.", fault.what());
  }
  return LetterNetwork(std::move(state));
}

std::size_t LetterNetwork::classes() const {
  return state_->classes;
}

std::vector<float> LetterNetwork::scores(std::span<const LetterPicture> pictures) const {
  constexpr std::size_t kPixels = kLetterSide * kLetterSide;
  const OneThread one;
  const auto portions = (pictures.size() + kPortion - 1) / kPortion;
  std::vector<float> input(kPortion * kPixels);
  std::vector<float> scores(portions * kPortion * state_->classes);
  for (std::size_t portion = 0; portion < portions; ++portion) {
    std::fill(input.begin(), input.end(), -0.3F);
    const std::size_t first = portion * kPortion;
    for (std::size_t i = first; i < std::min(pictures.size(), first + kPortion); ++i)
      std::transform(pictures[i].begin(), pictures[i].end(),
                     input.begin() + static_cast<std::ptrdiff_t>((i - first) * kPixels),
                     [](std::uint8_t ink) { return static_cast<float>(ink) * 2 / 255 - 0.3F; });
    state_->run(input.data(), scores.data() + first * state_->classes);
  }
  scores.resize(pictures.size() * state_->classes);
  return scores;
}

}  // namespace korrigo::ocr
