#include "http/websocket.h"

#include <algorithm>

namespace korrigo::http {
namespace {

constexpr std::uint64_t kFirstNumber = std::uint64_t{1} << 32;  // below: what release() puts in front

std::string topic_of_user(std::string_view user_id) {
  return "user of the client\n" + std::string(user_id);
}

}  // namespace

Outbox::Outbox(Limits limits, std::function<void()> wake) : limits_(limits), wake_(std::move(wake)) {
  state_.lock()->next = kFirstNumber;
}

void Outbox::push(std::shared_ptr<const std::string> text, std::string_view key) {
  {
    auto state = state_.lock();
    if (state->close_code != 0) return;
    state->bytes += text->size();
    const auto waiting = key.empty() ? state->by_key.end() : state->by_key.find(key);
    if (waiting != state->by_key.end()) {
      Waiting& replaced = state->queue.at(waiting->second);
      state->bytes -= replaced.text->size();
      replaced.text = std::move(text);
    } else {
      if (!key.empty()) state->by_key.emplace(key, state->next);
      state->queue.emplace(state->next++, Waiting{std::move(text), std::string(key)});
    }
    if (state->queue.size() > limits_.messages || state->bytes > limits_.bytes) {
      *state = State{};
      state->held = false;
      state->close_code = close_code::kTryAgainLater;
    }
  }
  wake_();
}

void Outbox::close(int code) {
  {
    auto state = state_.lock();
    if (state->close_code == 0) state->close_code = code;
    state->held = false;
  }
  wake_();
}

void Outbox::doubt() {
  state_.lock()->doubted = true;
  wake_();
}

bool Outbox::take_doubt() {
  return std::exchange(state_.lock()->doubted, false);
}

std::optional<Outbox::Item> Outbox::pop() {
  auto state = state_.lock();
  if (state->held) return std::nullopt;
  if (state->queue.empty()) {
    if (state->close_code == 0) return std::nullopt;
    return Item{nullptr, state->close_code};
  }
  const auto first = state->queue.begin();
  Item item{std::move(first->second.text), 0};
  state->bytes -= item.text->size();
  if (!first->second.key.empty()) state->by_key.erase(first->second.key);
  state->queue.erase(first);
  return item;
}

void Outbox::release(std::vector<std::string> first) {
  {
    auto state = state_.lock();
    std::uint64_t number = 0;
    for (std::string& text : first) {
      state->bytes += text.size();
      state->queue.emplace(number++, Waiting{std::make_shared<const std::string>(std::move(text)), {}});
    }
    state->held = false;
  }
  wake_();
}

std::vector<std::shared_ptr<Outbox>> Hub::listeners(std::string_view topic) {
  std::vector<std::shared_ptr<Outbox>> alive;
  auto topics = topics_.lock();
  const auto it = topics->find(topic);
  if (it == topics->end()) return alive;
  std::erase_if(it->second, [&](const std::weak_ptr<Outbox>& listener) {
    std::shared_ptr<Outbox> outbox = listener.lock();
    if (!outbox) return true;
    alive.push_back(std::move(outbox));
    return false;
  });
  if (alive.empty()) topics->erase(it);
  return alive;
}

void Hub::deliver(std::string_view topic, std::string_view key, std::string text) {
  const auto shared = std::make_shared<const std::string>(std::move(text));
  for (const auto& listener : listeners(topic)) listener->push(shared, key);
}

void Hub::publish(std::string_view topic, std::string text) {
  deliver(topic, {}, std::move(text));
}

void Hub::publish_latest(std::string_view topic, std::string_view key, std::string text) {
  deliver(topic, std::string(topic) + '\n' + std::string(key), std::move(text));
}

void Hub::close_topic(std::string_view topic, int code) {
  for (const auto& listener : listeners(topic)) listener->close(code);
}

void Hub::doubt(std::string_view user_id) {
  for (const auto& listener : listeners(topic_of_user(user_id))) listener->doubt();
}

std::size_t Hub::subscribers(std::string_view topic) {
  return listeners(topic).size();
}

std::shared_ptr<Outbox> Hub::subscribe(std::vector<std::string> topics, std::function<void()> wake,
                                       std::string_view user_id) {
  if (!user_id.empty()) topics.push_back(topic_of_user(user_id));
  auto outbox = std::make_shared<Outbox>(limits_, std::move(wake));
  auto locked = topics_.lock();
  for (const std::string& topic : topics) {
    auto& listeners = (*locked)[topic];
    std::erase_if(listeners, [](const std::weak_ptr<Outbox>& listener) { return listener.expired(); });
    listeners.push_back(outbox);
  }
  return outbox;
}

}  // namespace korrigo::http
