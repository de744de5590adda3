#include "loop/network.h"

#include <algorithm>

namespace reprise {
namespace {

bool IsHexDigit(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Four decimal numbers from 0 to 255, without leading zeros.
bool IsIpv4(std::string_view text) {
  int parts = 0;
  size_t at = 0;
  while (true) {
    const size_t start = at;
    int value = 0;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - start < 3) {
      value = value * 10 + (text[at] - '0');
      ++at;
    }
    const size_t digits = at - start;
    if (digits == 0 || value > 255 || (digits > 1 && text[start] == '0')) {
      return false;
    }
    ++parts;
    if (at == text.size()) {
      return parts == 4;
    }
    if (parts == 4 || text[at] != '.') {
      return false;
    }
    ++at;
  }
}

// The notation of RFC 4291, section 2.2: eight groups of up to four hexadecimal digits, one run of zero groups left
// out as "::", the last two groups perhaps written as an IPv4 address.
bool IsIpv6(std::string_view text) {
  int groups = 0;
  bool compressed = false;
  size_t at = 0;
  if (text.starts_with("::")) {
    compressed = true;
    at = 2;
  }
  while (at < text.size()) {
    const size_t end = std::min(text.find(':', at), text.size());
    const std::string_view group = text.substr(at, end - at);
    if (end == text.size() && IsIpv4(group)) {
      groups += 2;
    } else if (group.empty() || group.size() > 4 || !std::all_of(group.begin(), group.end(), IsHexDigit)) {
      return false;
    } else {
      ++groups;
    }
    at = end;
    if (text.substr(at).starts_with("::")) {
      if (compressed) {
        return false;
      }
      compressed = true;
      at += 2;
    } else if (at < text.size()) {
      ++at;
      if (at == text.size()) {
        return false;
      }
    }
  }
  return compressed ? groups < 8 : groups == 8;
}

}  // namespace

std::string Address::ToString() const {
  const std::string port_text = std::to_string(port);
  return family == Family::kIpv6 ? "[" + host + "]:" + port_text : host + ":" + port_text;
}

Result<Address> Address::FromIp(std::string_view ip, uint16_t port) {
  if (IsIpv4(ip)) {
    return Address{Family::kIpv4, std::string(ip), port};
  }
  if (IsIpv6(ip)) {
    return Address{Family::kIpv6, std::string(ip), port};
  }
  return Status(ErrorCode::kInvalidArgument, "not an IP address: " + std::string(ip));
}

}  // namespace reprise
