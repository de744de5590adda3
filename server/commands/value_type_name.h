// The names of types, as TYPE tells them and SCAN TYPE takes them.
#ifndef REPRISE_SERVER_COMMANDS_VALUE_TYPE_NAME_H_
#define REPRISE_SERVER_COMMANDS_VALUE_TYPE_NAME_H_

#include <string_view>

#include "server/keyspace/entry.h"

namespace reprise {

constexpr std::string_view ValueTypeName(ValueType type) {
  switch (type) {
    case ValueType::kString:
      return "string";
    case ValueType::kList:
      return "list";
    case ValueType::kHash:
      return "hash";
    case ValueType::kSet:
      return "set";
    case ValueType::kZset:
      return "zset";
    case ValueType::kStream:
      return "stream";
  }
  return "none";
}

}  // namespace reprise

#endif  // REPRISE_SERVER_COMMANDS_VALUE_TYPE_NAME_H_
