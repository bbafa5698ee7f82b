/// Events that go to WebSockets as they are: how batches come along.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/guarded.h"
#include "events/bus.h"
#include "http/websocket.h"

namespace korrigo::app {

/// Forwards what the bus says on topics that begin with a prefix to the hub's topics of the same names. A message whose
/// "type" is "progress" replaces one that a client has not been sent yet; any other is the last, after which the
/// topic's clients are closed with 1000. Both arguments outlive it, and the server that uses its routes ends before it.
class BusToHub {
 public:
  BusToHub(events::Bus& bus, http::Hub& hub, std::string prefix);

  /// The route, so that its clients are closed as well when the welcome is already the last message, and sent to
  /// connect anew (1013) when events may have been missed. A client may hear the last message twice.
  http::SocketRoute watched(http::SocketRoute route);

 private:
  void heard(std::string_view topic, std::string_view message);
  void missed();
  std::vector<std::string> welcome(const http::SocketRoute& route, http::Request& request);

  http::Hub& hub_;
  Guarded<std::set<std::string>> topics_;  // that somebody listened to
  events::Bus::Subscription subscription_;
};

}  // namespace korrigo::app
