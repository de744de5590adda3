#include "server/resp/parse_pieces_testing.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <numeric>

#include "loop/check.h"
#include "server/resp/unfinished_request.h"

namespace reprise {
namespace {

// The part of a connection that reads and parses.
class Reader {
 public:
  explicit Reader(const ParseLimits& limits) : limits_(limits) {}

  void Read(std::string_view piece) {
    while (!piece.empty() && !failed()) {
      if (unfinished_ == nullptr) {
        piece.remove_prefix(ParseWhole(piece));
      } else if (const std::span<char> target = unfinished_->ReceiveTarget(); !target.empty()) {
        const size_t bytes = std::min(target.size(), piece.size());
        std::memcpy(target.data(), piece.data(), bytes);
        piece.remove_prefix(bytes);
        taken_bytes_ += bytes;
        Finish(unfinished_->Received(bytes));
      } else {
        piece.remove_prefix(Feed(piece));
      }
    }
  }

  ParsedStream TakeResult() { return std::move(result_); }

 private:
  bool failed() const { return result_.error.kind != ProtocolError::Kind::kNone; }

  // Parses all whole requests in `piece`, gives the rest to an UnfinishedRequest, and answers how much that was.
  size_t ParseWhole(std::string_view piece) {
    size_t pos = 0;
    while (true) {
      const size_t begin = pos;
      const size_t first = args_.size();
      const ParseOutcome outcome = ParseNext(piece, &pos, limits_, &args_, &result_.error);
      if (outcome == ParseOutcome::kRequest || outcome == ParseOutcome::kEmpty) {
        CHECK(pos > begin);
        Record(outcome, args_.subspan(first, args_.size() - first));
        result_.complete_bytes += pos - begin;
        continue;
      }
      CHECK(pos == begin && args_.size() == first);
      args_.Clear();
      if (outcome == ParseOutcome::kError || pos == piece.size()) {
        return piece.size();
      }
      unfinished_ = std::make_unique<UnfinishedRequest>();
      taken_bytes_ = 0;
      return pos + Feed(piece.substr(pos));
    }
  }

  size_t Feed(std::string_view piece) {
    size_t consumed = 0;
    const ParseOutcome outcome = unfinished_->Feed(piece, limits_, &consumed);
    CHECK(consumed <= piece.size());
    CHECK(outcome != ParseOutcome::kNeedMore || consumed == piece.size());
    taken_bytes_ += consumed;
    Finish(outcome);
    return consumed;
  }

  void Finish(ParseOutcome outcome) {
    if (outcome == ParseOutcome::kNeedMore) {
      return;
    }
    if (outcome == ParseOutcome::kError) {
      result_.error = unfinished_->error();
      CHECK(failed());
    } else {
      Record(outcome, unfinished_->arguments().all());
      for (size_t i = 0; i < unfinished_->arguments().size(); ++i) {
        const Blob blob = unfinished_->TakeArgument(i);
        CHECK(blob.capacity() == 0 || blob.view() == unfinished_->arguments()[i]);
      }
      result_.complete_bytes += taken_bytes_;
    }
    unfinished_.reset();
  }

  void Record(ParseOutcome outcome, std::span<const std::string_view> args) {
    CHECK(args.empty() == (outcome == ParseOutcome::kEmpty));
    result_.requests.emplace_back(args.begin(), args.end());
  }

  const ParseLimits limits_;
  ArgumentList args_;
  std::unique_ptr<UnfinishedRequest> unfinished_;
  size_t taken_bytes_ = 0;  // by unfinished_
  ParsedStream result_;
};

std::string Printable(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, 40)) {
    constexpr std::string_view kHex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f) {
      out += c;
    } else {
      out += {'\\', 'x', kHex[byte / 16], kHex[byte % 16]};
    }
  }
  return text.size() <= 40 ? out : out + "... (" + std::to_string(text.size()) + " bytes)";
}

}  // namespace

std::ostream& operator<<(std::ostream& out, const ParsedStream& stream) {
  for (const auto& request : stream.requests) {
    out << "[";
    for (const auto& argument : request) {
      out << " '" << Printable(argument) << "'";
    }
    out << " ]\n";
  }
  return out << "error: '" << Printable(stream.error.Text()) << "' at " << stream.complete_bytes;
}

ParsedStream ParseInPieces(std::string_view bytes, std::span<const size_t> cuts, const ParseLimits& limits) {
  Reader reader(limits);
  size_t begin = 0;
  const auto read_to = [&](size_t end) {
    if (end > begin) {
      const std::unique_ptr<char[]> piece(new char[end - begin]);
      std::memcpy(piece.get(), bytes.data() + begin, end - begin);
      reader.Read({piece.get(), end - begin});
      begin = end;
    }
  };
  for (const size_t cut : cuts) {
    read_to(std::min(cut, bytes.size()));
  }
  read_to(bytes.size());
  return reader.TakeResult();
}

std::vector<size_t> CutEverywhere(size_t size) {
  std::vector<size_t> cuts(size);
  std::iota(cuts.begin(), cuts.end(), size_t{1});
  return cuts;
}

}  // namespace reprise
