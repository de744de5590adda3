"""The two directions of the Redis protocol, as a client sees them: requests are encoded, replies are read into trees.

A tree keeps everything of a reply that could differ: its type, its exact bytes, the order of its elements. It is a
tuple (kind, value); the kind is the protocol's first byte, and the value is bytes, a list of trees, or None for the
null forms of RESP2 (`$-1` and `*-1`) and RESP3 (`_`).
"""

import socket

AGGREGATES = b"*~>%|"
LINES = b"+-:_#,("
BULKS = b"$!="

# What a broken or closed connection answers: a tree like any other, so that it is compared like any other.
CLOSED = ("closed", None)
TIMED_OUT = ("no reply", None)

REPLY_TIMEOUT_S = 30


class ProtocolError(Exception):
    """The server sent what is not a reply."""


def encode(arguments):
    """A request as an array of bulk strings."""
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        parts.append(b"$%d\r\n" % len(argument))
        parts.append(argument)
        parts.append(b"\r\n")
    return b"".join(parts)


class Connection:
    """One client's connection to 127.0.0.1. Replies are returned as trees; the end of the stream is CLOSED."""

    def __init__(self, port, timeout_s=REPLY_TIMEOUT_S):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=timeout_s)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        self.position = 0

    def send(self, data):
        """Sends all of data; that the peer is gone already is found out when its reply is read."""
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def command(self, *arguments):
        """Sends one request and reads one reply. Arguments are bytes or text."""
        self.send(encode([a if isinstance(a, bytes) else str(a).encode() for a in arguments]))
        return self.reply()

    def reply(self):
        """The next reply as a tree, CLOSED at the end of the stream, TIMED_OUT if none comes in time."""
        try:
            return self._tree()
        except (EOFError, ConnectionResetError, BrokenPipeError):
            return CLOSED
        except socket.timeout:
            return TIMED_OUT

    def rest(self):
        """Everything that comes until the peer closes, as bytes; with a note at the end if it doesn't close."""
        data = self.buffer[self.position:]
        self.buffer, self.position = b"", 0
        while True:
            try:
                chunk = self.socket.recv(1 << 16)
            except (ConnectionResetError, BrokenPipeError):
                return data
            except socket.timeout:
                return data + b"<not closed>"
            if not chunk:
                return data
            data += chunk

    def exactly(self, size):
        """The next `size` bytes, whatever they mean. Raises EOFError at the end of the stream."""
        pieces = [self.buffer[self.position:self.position + size]]
        self.position += len(pieces[0])
        missing = size - len(pieces[0])
        while missing > 0:
            self._more()
            pieces.append(self.buffer[:missing])
            self.position = len(pieces[-1])
            missing -= self.position
        return b"".join(pieces)

    def finish_sending(self):
        """Half-closes: no more requests come."""
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.close()

    def _more(self):
        chunk = self.socket.recv(1 << 16)
        if not chunk:
            raise EOFError
        self.buffer = self.buffer[self.position:] + chunk
        self.position = 0

    def _line(self):
        while True:
            end = self.buffer.find(b"\r\n", self.position)
            if end >= 0:
                line = self.buffer[self.position:end]
                self.position = end + 2
                return line
            self._more()

    def _tree(self):
        line = self._line()
        kind, rest = line[:1], line[1:]
        if kind and kind in LINES:
            return (kind.decode(), rest)
        if kind and kind in BULKS:
            size = int(rest)
            if size < 0:
                return (kind.decode(), None)
            data = self.exactly(size + 2)
            if data[-2:] != b"\r\n":
                raise ProtocolError(f"a bulk of {size} bytes ends in {data[-2:]!r}")
            return (kind.decode(), data[:-2])
        if kind and kind in AGGREGATES:
            size = int(rest)
            if size < 0:
                return (kind.decode(), None)
            return (kind.decode(), [self._tree() for _ in range(size * 2 if kind in b"%|" else size)])
        raise ProtocolError(f"a reply begins with {line[:60]!r}")


def show(tree, indent="    "):
    """A tree for people, in the manner of redis-cli, but with every type visible."""
    kind, value = tree
    if value is None:
        return f"{kind} (null)" if len(kind) == 1 else f"({kind})"
    if isinstance(value, list):
        if not value:
            return f"{kind}0"
        inner = "".join(f"\n{indent}{show(v, indent + '    ')}" for v in value)
        return f"{kind}{len(value)}{inner}"
    text = repr(value)[1:] if len(value) <= 2000 else f"{value[:80]!r}... ({len(value)} bytes)"
    return f"{kind}{text}"
