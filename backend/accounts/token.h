/// Personal tokens for scripts: they act as their owner, within their scopes, until they expire or are revoked.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "accounts/caller.h"
#include "accounts/context.h"
#include "audit/audit.h"
#include "base/result.h"

namespace korrigo::accounts {

struct ApiToken {
  std::string id;  // UUID
  std::string name;
  std::vector<Scope> scopes;
  UtcTime created_at{};
  std::optional<UtcTime> last_used_at;  // to the minute
  std::optional<UtcTime> expires_at;    // none: never
};

struct NewToken {
  std::string name;  // 1-100 characters
  std::vector<Scope> scopes;
  std::optional<UtcTime> expires_at = {};
};

struct CreatedToken {
  ApiToken token;
  std::string secret;  // "krg_" and 64 hexadecimal digits, to be shown once
};

/// Refuses with malformed "request.invalid": no scope, or an expiry that is past.
Result<CreatedToken> create_token(const Context& context, UserId owner, const NewToken& token,
                                  const audit::Actor& actor);
/// Refuses with not_found "token.not_found": none of that id, another's, or revoked already.
Result<void> revoke_token(const Context& context, UserId owner, std::string_view id, const audit::Actor& actor);
void revoke_tokens_of(storage::Transaction& transaction, UserId owner, UtcTime now);

struct TokenPage {
  std::vector<ApiToken> tokens;  // newest first, without the revoked
  std::int64_t count = 0;
};
TokenPage list_tokens(storage::Transaction& transaction, UserId owner, int page, int page_size);

struct TokenFound {
  Caller caller;
  std::optional<UtcTime> last_used;
};
/// Who acts with this secret; nothing when it is no token, or one that is over, or its owner is not active.
std::optional<TokenFound> find_token(storage::Transaction& transaction, std::string_view secret, UtcTime now);
void note_use(storage::Transaction& transaction, std::string_view id, UtcTime now);

}  // namespace korrigo::accounts
