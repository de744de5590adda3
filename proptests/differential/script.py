"""Scripts of commands: text files that a person can write, one command a line. README.md describes the language."""

import re
import shlex


class ScriptError(Exception):
    """A line of a script that cannot be understood."""


class Line:
    """One line: its number, its text, the words before the command (`%exact` ...), the command's arguments."""

    def __init__(self, number, text, directive, arguments):
        self.number = number
        self.text = text
        self.directive = directive
        self.arguments = arguments


ESCAPES = {"n": b"\n", "r": b"\r", "t": b"\t", "b": b"\b", "a": b"\a", "\\": b"\\", '"': b'"'}
REPEATED = re.compile(r"<(.+)\*(\d+)>\Z", re.S)


def split_words(text):
    """Splits a line as redis-cli does: blanks separate, "..." knows \\xHH and \\n, '...' is literal.

    A bare word <TEXT*COUNT> stands for TEXT that many times.
    """
    words, position = [], 0
    while True:
        while position < len(text) and text[position] in " \t":
            position += 1
        if position >= len(text):
            return words
        word, position = _word(text, position)
        words.append(word)


def _word(text, position):
    quote = text[position] if text[position] in "\"'" else None
    if quote is None:
        end = position
        while end < len(text) and text[end] not in " \t":
            end += 1
        word = text[position:end]
        repeated = REPEATED.match(word)
        if repeated:
            return repeated.group(1).encode() * int(repeated.group(2)), end
        return word.encode(), end
    out, position = [], position + 1
    while position < len(text):
        char = text[position]
        if char == quote:
            return b"".join(out), position + 1
        if char == "\\" and quote == '"':
            piece, position = unescape_one(text, position)
            out.append(piece)
        elif char == "\\" and text[position + 1:position + 2] == "'":
            out.append(b"'")
            position += 2
        else:
            out.append(char.encode())
            position += 1
    raise ScriptError(f"a quote is not closed: {text}")


def unescape_one(text, position):
    """The bytes of the escape at text[position], and the position after it."""
    nibbles = re.compile(r"\\x([0-9a-fA-F]{2})").match(text, position)
    if nibbles:
        return bytes([int(nibbles.group(1), 16)]), position + 4
    char = text[position + 1:position + 2]
    return ESCAPES.get(char, char.encode()), position + 2


def unescape(text):
    """The bytes that a text with escapes stands for."""
    out, position = [], 0
    while position < len(text):
        if text[position] == "\\":
            piece, position = unescape_one(text, position)
            out.append(piece)
        else:
            out.append(text[position].encode())
            position += 1
    return b"".join(out)


def parse_commands(text):
    """The lines of a .cmds script. A line is a comment, `%directive words`, or a command."""
    lines = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        directive, rest = None, line
        if line.startswith("%"):
            directive, _, rest = line[1:].partition(" ")
        try:
            lines.append(Line(number, line, directive, split_words(rest)))
        except ScriptError as error:
            raise ScriptError(f"line {number}: {error}") from error
    return lines


class RawCase:
    """A case of a .raw script: the bytes that a client sends before it closes its side."""

    def __init__(self, number, title):
        self.number = number
        self.title = title
        self.data = b""


def parse_raw(text):
    """The options and the cases of a .raw script: `%options ...`, then `= title` and lines of escaped bytes each.

    `%repeat COUNT BYTES` stands for the bytes that many times.
    """
    options, cases = [], []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("%options "):
            options = shlex.split(line[len("%options "):])
        elif line.startswith("= "):
            cases.append(RawCase(number, line[2:].strip()))
        elif not cases:
            raise ScriptError(f"line {number}: bytes before the first title")
        elif line.startswith("%repeat "):
            _, count, data = line.split(" ", 2)
            cases[-1].data += unescape(data) * int(count)
        else:
            cases[-1].data += unescape(line)
    return options, cases
