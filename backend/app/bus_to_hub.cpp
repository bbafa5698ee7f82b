#include "app/bus_to_hub.h"

#include <boost/json/parse.hpp>
#include <boost/system/error_code.hpp>

namespace korrigo::app {
namespace {

namespace json = boost::json;

/// Empty when the message is no object with one.
std::string type_of(std::string_view message) {
  boost::system::error_code fault;
  const json::value value = json::parse(message, fault);
  const json::value* type = !fault && value.is_object() ? value.get_object().if_contains("type") : nullptr;
  return type && type->is_string() ? std::string(type->get_string()) : std::string();
}

}  // namespace

BusToHub::BusToHub(events::Bus& bus, http::Hub& hub, std::string prefix)
    : hub_(hub),
      subscription_(bus.subscribe_prefix(
          std::move(prefix), [this](std::string_view topic, std::string_view message) { heard(topic, message); },
          [this] { missed(); })) {}

void BusToHub::heard(std::string_view topic, std::string_view message) {
  const std::string type = type_of(message);
  if (type.empty()) return;
  if (type == "progress") return hub_.publish_latest(topic, {}, std::string(message));
  hub_.publish(topic, std::string(message));
  hub_.close_topic(topic, http::close_code::kNormal);
}

void BusToHub::missed() {
  std::set<std::string> topics;
  std::swap(topics, *topics_.lock().operator->());
  for (const std::string& topic : topics) hub_.close_topic(topic, http::close_code::kTryAgainLater);
}

http::SocketRoute BusToHub::watched(http::SocketRoute route) {
  http::SocketRoute wrapped = route;
  wrapped.welcome = [this, route = std::move(route)](http::Request& request) { return welcome(route, request); };
  return wrapped;
}

std::vector<std::string> BusToHub::welcome(const http::SocketRoute& route, http::Request& request) {
  const auto topics = route.topics(request).value_or(std::vector<std::string>{});
  {
    auto known = topics_.lock();
    std::erase_if(*known, [this](const std::string& topic) { return hub_.subscribers(topic) == 0; });
    known->insert(topics.begin(), topics.end());
  }
  std::vector<std::string> messages = route.welcome ? route.welcome(request) : std::vector<std::string>{};
  if (messages.empty()) return messages;
  const std::string type = type_of(messages.back());
  if (type.empty() || type == "progress") return messages;
  // Those who listened before have perhaps not been told yet: they are closed with this one.
  for (const std::string& topic : topics) {
    hub_.publish(topic, messages.back());
    hub_.close_topic(topic, http::close_code::kNormal);
  }
  return messages;
}

}  // namespace korrigo::app
