#include "loop/acceptor.h"

#include <utility>

namespace reprise {

Result<std::unique_ptr<Acceptor>> Acceptor::Open(EventLoop& loop, Network& network, const Address& address,
                                                 const Options& options, OnAccepted on_accepted) {
  Result<Handle> handle = network.Listen(address, options.listen);
  if (!handle.ok()) {
    return handle.status();
  }
  std::unique_ptr<Acceptor> acceptor(new Acceptor(loop, network, handle.value(), options, std::move(on_accepted)));
  Result<Address> bound = network.LocalAddress(handle.value());
  acceptor->address_ = bound.ok() ? bound.value() : address;
  Result<Token> token = loop.Watch(handle.value(), Interest::kRead, *acceptor, options.priority);
  if (!token.ok()) {
    return token.status();
  }
  acceptor->token_ = token.value();
  return acceptor;
}

Acceptor::Acceptor(EventLoop& loop, Network& network, Handle handle, Options options, OnAccepted on_accepted)
    : loop_(loop),
      network_(network),
      handle_(handle),
      options_(options),
      on_accepted_(std::move(on_accepted)),
      resume_timer_([this] { Resume(); }) {}

Acceptor::~Acceptor() {
  if (token_.valid()) {
    loop_.Unwatch(token_);
  }
  network_.Close(handle_);
}

void Acceptor::OnReady(bool, bool) {
  LoopCounters& counters = loop_.counters();
  for (size_t tries = 0; tries < options_.accepts_per_turn_max; ++tries) {
    Result<Handle> accepted = network_.Accept(handle_);
    if (accepted.ok()) {
      ++counters.connections_accepted;
      on_accepted_(accepted.value());
      continue;
    }
    switch (accepted.status().code()) {
      case ErrorCode::kWouldBlock:
        counters.accepts_empty += tries == 0 ? 1 : 0;
        return;
      case ErrorCode::kConnectionAborted:
        ++counters.accepts_aborted;
        break;
      default:
        ++counters.accepts_refused;
        Pause();
        return;
    }
  }
  ++counters.accepts_deferred;
}

void Acceptor::Pause() {
  // If even that fails, the next turn tries to accept again: no worse than not pausing.
  if (loop_.SetInterest(token_, Interest::kNone).ok()) {
    loop_.RunAfter(options_.pause_ns, resume_timer_);
  }
}

void Acceptor::Resume() {
  if (!loop_.SetInterest(token_, Interest::kRead).ok()) {
    loop_.RunAfter(options_.pause_ns, resume_timer_);
  }
}

}  // namespace reprise
