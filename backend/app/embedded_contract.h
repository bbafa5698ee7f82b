/// docs/openapi.yaml and docs/errors.md as they were when the program was built (tools/embed_contract.py).
#pragma once

#include <string_view>

namespace korrigo::app {

/// The contract, YAML.
std::string_view contract_document();
/// The same as a page, and the Content-Security-Policy under which its one style sheet works.
std::string_view contract_page();
std::string_view contract_page_policy();
/// The table of errors, Markdown.
std::string_view errors_document();

}  // namespace korrigo::app
