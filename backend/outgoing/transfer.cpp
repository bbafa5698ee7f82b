#include "outgoing/transfer.h"

#include <new>

namespace korrigo::outgoing {
namespace {

constexpr long kConnectSeconds = 10;
constexpr long kSeconds = 30;

CURL* new_handle() {
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURL* handle = ready == CURLE_OK ? curl_easy_init() : nullptr;
  if (!handle) throw std::bad_alloc();
  return handle;
}

int stop_when_cancelled(void* cancel, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Cancel*>(cancel)->requested() ? 1 : 0;
}

template <class List>
void append(List& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) throw std::bad_alloc();
  static_cast<void>(list.release());
  list.reset(longer);
}

}  // namespace

Transfer::Transfer(const std::string& url, const char* protocols, const Cancel& cancel)
    : cancel_(cancel), handle_(new_handle()) {
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, protocols);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  set(CURLOPT_TIMEOUT, kSeconds);
  set(CURLOPT_ERRORBUFFER, trouble_);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, stop_when_cancelled);
  set(CURLOPT_XFERINFODATA, &cancel_);
}

void Transfer::add_header(const std::string& line) {
  append(headers_, line);
  set(CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::add_recipient(const std::string& address) {
  append(recipients_, address);
  set(CURLOPT_MAIL_RCPT, recipients_.get());
}

CURLcode Transfer::perform() {
  const CURLcode code = curl_easy_perform(handle_.get());
  if (code == CURLE_ABORTED_BY_CALLBACK && cancel_.requested()) throw Cancelled();
  return code;
}

long Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

}  // namespace korrigo::outgoing
