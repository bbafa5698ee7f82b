/// The web application as it was when the program was built (tools/embed_pages.py).
#pragma once

#include "http/router.h"

namespace korrigo::app {

/// Whether the application had been built by then; without npm a program is made all the same.
bool has_pages();

/// For Router::set_fallback. Without pages, a page that says so.
http::Handler pages();

}  // namespace korrigo::app
