// What Redis would tell of how it keeps a value: names and numbers for OBJECT and DEBUG OBJECT, by the rules by which
// it chooses. Here a string is bytes, whatever these say.
#ifndef REPRISE_SERVER_COMMANDS_VALUE_ENCODING_H_
#define REPRISE_SERVER_COMMANDS_VALUE_ENCODING_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "server/keyspace/database.h"

namespace reprise {

// All REQUIRE that `ref` is not null.

// "int", "embstr" or "raw".
std::string_view EncodingName(Ref ref);

// 1, or the largest 32-bit number for the small integers that Redis shares among keys.
int64_t ReferenceCount(Ref ref);

// The bytes of the value in an RDB file that is not compressed.
size_t SerializedLength(Ref ref);

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_VALUE_ENCODING_H_
