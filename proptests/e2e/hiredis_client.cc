// A client written with hiredis: `hiredis_client PORT` talks to the server on 127.0.0.1 and exits 0 if every reply was
// the expected one.
#include <hiredis/hiredis.h>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>

namespace {

using Context = std::unique_ptr<redisContext, decltype(&redisFree)>;

struct ReplyDeleter {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using Reply = std::unique_ptr<redisReply, ReplyDeleter>;

// A reply as one line of text: its type and what it holds.
std::string Show(const redisReply* reply) {
  if (reply == nullptr) {
    return "no reply";
  }
  const std::string_view text(reply->str == nullptr ? "" : reply->str, reply->len);
  switch (reply->type) {
    case REDIS_REPLY_STATUS:
      return "status " + std::string(text);
    case REDIS_REPLY_ERROR:
      return "error " + std::string(text);
    case REDIS_REPLY_INTEGER:
      return "integer " + std::to_string(reply->integer);
    case REDIS_REPLY_STRING:
      return "string " + std::string(text);
    case REDIS_REPLY_NIL:
      return "nil";
    default:
      break;
  }
  std::string all = "array";
  for (size_t i = 0; i < reply->elements; ++i) {
    all += " (" + Show(reply->element[i]) + ")";
  }
  return all;
}

bool Expect(std::string_view command, const redisReply* reply, std::string_view expected) {
  const std::string shown = Show(reply);
  if (shown != expected) {
    std::cout << command << ": expected " << expected << ", got " << shown << "\n";
  }
  return shown == expected;
}

bool Ask(redisContext* context, const char* command, std::string_view expected) {
  const Reply reply(static_cast<redisReply*>(redisCommand(context, command)));
  return Expect(command, reply.get(), expected);
}

bool AskSingly(redisContext* context) {
  bool good = Ask(context, "PING", "status PONG");
  good = Ask(context, "SET key value EX 100", "status OK") && good;
  good = Ask(context, "GET key", "string value") && good;
  good = Ask(context, "GET missing", "nil") && good;
  good = Ask(context, "MGET key missing key", "array (string value) (nil) (string value)") && good;
  good = Ask(context, "INCRBY number 42", "integer 42") && good;
  good = Ask(context, "INCR key", "error ERR value is not an integer or out of range") && good;
  good = Ask(context, "DEL key number missing", "integer 2") && good;
  const Reply binary(static_cast<redisReply*>(redisCommand(context, "ECHO %b", "a\0\r\n", size_t{4})));
  return Expect("ECHO of bytes", binary.get(), std::string("string a\0\r\n", 11)) && good;
}

bool AskInAPipeline(redisContext* context) {
  constexpr int kRequests = 1000;
  for (int i = 0; i < kRequests; ++i) {
    redisAppendCommand(context, "INCR pipelined");
  }
  for (int i = 1; i <= kRequests; ++i) {
    void* raw = nullptr;
    if (redisGetReply(context, &raw) != REDIS_OK) {
      std::cout << "pipeline: " << context->errstr << "\n";
      return false;
    }
    const Reply reply(static_cast<redisReply*>(raw));
    if (!Expect("INCR pipelined", reply.get(), "integer " + std::to_string(i))) {
      return false;
    }
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cout << "usage: hiredis_client PORT\n";
    return 2;
  }
  const Context context(redisConnect("127.0.0.1", std::atoi(argv[1])), &redisFree);
  if (context == nullptr || context->err != 0) {
    std::cout << "no connection: " << (context == nullptr ? "no memory" : context->errstr) << "\n";
    return 1;
  }
  if (!AskSingly(context.get()) || !AskInAPipeline(context.get())) {
    return 1;
  }
  std::cout << "all replies as expected\n";
  return 0;
}
