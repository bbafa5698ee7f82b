/// One transfer of libcurl with the limits that all of ours have.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "base/parallel.h"

namespace korrigo::outgoing {

class Transfer {
 public:
  /// At most ten seconds to connect, thirty in all; no proxy, no signals; broken off when `cancel` is requested.
  Transfer(const std::string& url, const char* protocols, const Cancel& cancel);

  CURL* handle() const { return handle_.get(); }
  template <class Value>
  void set(CURLoption option, Value value) {
    curl_easy_setopt(handle_.get(), option, value);
  }
  void add_header(const std::string& line);
  void add_recipient(const std::string& address);

  /// Throws Cancelled when that was why it ended.
  CURLcode perform();
  /// The last status of HTTP or SMTP; 0: none came.
  long status() const;
  /// What went wrong, in libcurl's words; never what was sent.
  const char* trouble() const { return trouble_; }

 private:
  struct FreeHandle {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  using List = std::unique_ptr<curl_slist, FreeList>;

  const Cancel& cancel_;
  std::unique_ptr<CURL, FreeHandle> handle_;
  List headers_;
  List recipients_;
  char trouble_[CURL_ERROR_SIZE] = {};
};

}  // namespace korrigo::outgoing
