// UnfinishedRequest: a request whose end has not arrived yet. It owns everything it has seen of it.
//
// A connection has one only while it needs it: when ParseNext answers kNeedMore with bytes left, they are fed to a new
// UnfinishedRequest, and every later read goes to it until it is done. It takes all bytes it is given, so the buffer
// they were read into is free again at once. Its memory follows what has arrived and not what was announced, and the
// work is linear in the bytes, whatever their cut.
//
// A bulk string whose payload is incomplete is received into a Blob. While much of it is missing, ReceiveTarget offers
// the very place where the next read from the socket should go, so that a big value is copied once, by the kernel; SET
// can then take the Blob and keep it.
#ifndef REPRISE_SERVER_RESP_UNFINISHED_REQUEST_H_
#define REPRISE_SERVER_RESP_UNFINISHED_REQUEST_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "server/keyspace/blob.h"
#include "server/resp/arguments.h"
#include "server/resp/parser.h"

namespace reprise {

class UnfinishedRequest {
 public:
  UnfinishedRequest() = default;
  UnfinishedRequest(const UnfinishedRequest&) = delete;
  UnfinishedRequest& operator=(const UnfinishedRequest&) = delete;

  // Goes on with `input`, the bytes that follow all that was fed or received before.
  //
  // kNeedMore: all of `input` was taken, it may be dropped. kRequest, kEmpty: the request is complete, the first
  // *consumed bytes of `input` belong to it, and what follows is the next request's; arguments() may be views of
  // `input`. kError: see error(). REQUIRES: the last outcome, if any, was kNeedMore.
  ParseOutcome Feed(std::string_view input, const ParseLimits& limits, size_t* consumed);

  // Where the next read should put its bytes, or nothing when they should be read elsewhere and fed. Valid until the
  // next call of a method that is not const.
  std::span<char> ReceiveTarget();

  // Tells that `bytes` were put at the front of ReceiveTarget(). kRequest or kNeedMore. REQUIRES: ReceiveTarget() was
  // the call before, and bytes <= its size.
  ParseOutcome Received(size_t bytes);

  // The request's arguments, after kRequest. Valid as long as this object and the input of the last Feed.
  const ArgumentList& arguments() const { return args_; }
  ArgumentList& arguments() { return args_; }
  // Copies what arguments() shows of the input of the last Feed, which may go after that. REQUIRES: after kRequest.
  void OwnArguments();

  // Gives up the bytes of argument `index`, if it was received into a Blob; else an empty one. The argument's view
  // stays valid as long as the answered Blob is left as it is. REQUIRES: after kRequest.
  [[nodiscard]] Blob TakeArgument(size_t index) { return args_.TakeBlob(index); }

  // After kError.
  const ProtocolError& error() const { return error_; }

  // Memory held, for the accounting of clients and client-query-buffer-limit.
  size_t memory_bytes() const;
  // Bytes copied and looked at, arguments parsed: tests watch that it is linear in the bytes that came.
  uint64_t steps() const { return steps_ + progress_.steps; }

  // A read goes straight to its place while at least this many bytes of a payload are missing; with fewer, a read into
  // the shared buffer gets what follows the payload as well.
  static constexpr size_t kDirectReceiveBytes = 32768;
  // A payload gets its whole memory at once up to this size; a bigger one starts with it and at most doubles.
  static constexpr size_t kReserveAtOnceBytes = size_t{1} << 20;

 private:
  // Completes the line that an earlier Feed ended in, by joining the beginning of `input` to it. Answers what
  // ContinueRequest did with the join; on kNeedMore, *pos tells how much of `input` is done with, and line_ is empty
  // unless that is all.
  ParseOutcome ContinueLine(std::string_view input, const ParseLimits& limits, size_t* pos);
  // Keeps what ContinueRequest left, input[pos...], as the start of a payload or of a line.
  void KeepRest(std::string_view input, size_t pos);
  // Adds to the payload what it still misses, from the front of `input`; answers how much that was.
  size_t ReceivePayload(std::string_view input);
  void ReservePayload(size_t size);
  // Ends a complete payload, if it is.
  ParseOutcome FinishPayload();
  size_t payload_missing() const;

  RequestProgress progress_;
  ProtocolError error_;
  bool receiving_ = false;  // payload_ takes the next bytes
  Blob payload_;            // with its two-byte end
  std::string line_;        // the start of an incomplete line
  ArgumentList args_;
  size_t first_borrowed_ = 0;  // of args_: from here on they may be views of the last input
  uint64_t steps_ = 0;
};

}  // namespace reprise

#endif  // REPRISE_SERVER_RESP_UNFINISHED_REQUEST_H_
