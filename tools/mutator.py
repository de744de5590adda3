"""Small wrong changes to C++ source, made mechanically from its tokens.

Not a parser: it relies on how the code is formatted (binary operators stand between blanks, template brackets do not)
and leaves to the compiler what it gets wrong. A mutant never changes the number of lines.
"""

import collections
import hashlib
import re

# `line` counts from 1. `kind` is the rule that made it; `context`, `before` and `after` are whole lines without their
# indentation: the one above, and what was changed.
Mutant = collections.namedtuple("Mutant", "path line kind context before after start end replacement")

TOKEN = re.compile(r"""
    (?P<comment>//[^\n]*|/\*.*?\*/)
  | (?P<raw>R"\((?:.|\n)*?\)")
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<char>'(?:\\.|[^'\\\n])')
  | (?P<number>\b\d[\w'.]*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<operator><=>|<<=|>>=|->|\+\+|--|&&|\|\||==|!=|<=|>=|\+=|-=|<<|>>|::|[-+*/%<>=!&|^~?:;,.(){}\[\]])
  | (?P<other>\S)
""", re.VERBOSE | re.DOTALL)

BINARY = {"<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
          "+": ("-",), "-": ("+",), "*": ("/",), "/": ("*",), "%": ("/",), "&&": ("||",), "||": ("&&",),
          "+=": ("-=",), "-=": ("+=",), "&": ("|",), "|": ("&",), "<<": (">>",), ">>": ("<<",)}
COMPARISONS = {"<", "<=", ">", ">=", "==", "!="}
WORDS = {"true": "false", "false": "true", "break": "continue", "continue": "break"}
# What a statement that could be left out does not begin with.
NOT_AN_EXPRESSION = {"return", "if", "else", "for", "while", "do", "switch", "case", "default", "break", "continue",
                     "using", "static_assert", "CHECK", "const", "constexpr", "static", "auto", "class", "struct",
                     "enum", "public", "private", "protected", "template", "namespace", "friend", "virtual", "explicit",
                     "inline", "typedef", "goto", "delete", "std", "size_t", "bool", "char", "int", "uint64_t",
                     "int64_t", "uint32_t", "double", "unsigned", "operator"}

Token = collections.namedtuple("Token", "kind text start end")


def tokens_of(text):
    """All tokens but comments and those of preprocessor lines."""
    found = []
    for match in TOKEN.finditer(text):
        if match.lastgroup == "comment":
            continue
        line_start = text.rfind("\n", 0, match.start()) + 1
        if text[line_start:].lstrip(" ").startswith("#"):
            continue
        found.append(Token(match.lastgroup, match.group(), match.start(), match.end()))
    return found


def _closing(tokens, index):
    """The index of the bracket that closes the one at `index`."""
    pairs = {"(": ")", "{": "}", "[": "]"}
    depth = 0
    for i in range(index, len(tokens)):
        depth += (tokens[i].text in pairs) - (tokens[i].text in pairs.values())
        if depth == 0:
            return i
    return len(tokens) - 1


def _in_for_head(tokens, index):
    """Whether the bracket that is open at `index` is that of a `for`, where a `;` ends no statement."""
    depth = 0
    for i in range(index - 1, 0, -1):
        depth += (tokens[i].text in (")", "}", "]")) - (tokens[i].text in ("(", "{", "["))
        if depth < 0:
            return tokens[i].text == "(" and tokens[i - 1].text == "for"
    return False


def _in_blanks(text, token):
    return text[token.start - 1] == " " and text[token.end:token.end + 1] in (" ", "\n")


def _numbers(token):
    """Other values for a number."""
    match = re.fullmatch(r"(\d+)([uUlL]*)", token.text.replace("'", ""))
    if match is None:
        return ()
    value = int(match.group(1))
    return [f"{other}{match.group(2)}" for other in ({value + 1, value - 1} if value > 0 else {1})]


def _operators(text, tokens):
    for i, token in enumerate(tokens):
        if token.kind == "operator" and token.text in BINARY and _in_blanks(text, token):
            # `int* name` and `T&& name` are written without a blank before; `= &x` has an operator in front.
            if tokens[i - 1].kind in ("word", "number", "char", "string") or tokens[i - 1].text in (")", "]"):
                kind = "comparison" if token.text in COMPARISONS else "operator"
                for other in BINARY[token.text]:
                    yield kind, token.start, token.end, other
        elif token.text in ("++", "--"):
            yield "operator", token.start, token.end, "--" if token.text == "++" else "++"
        elif token.kind == "number":
            for other in _numbers(token):
                yield "constant", token.start, token.end, other
        elif token.kind == "word" and token.text in WORDS:
            kind = "jump" if token.text in ("break", "continue") else "constant"
            yield kind, token.start, token.end, WORDS[token.text]


def _conditions(text, tokens):
    for i, token in enumerate(tokens[:-1]):
        if token.text != "if" or tokens[i + 1].text != "(":
            continue
        close = _closing(tokens, i + 1)
        inside = text[tokens[i + 1].end:tokens[close].start]
        if ";" in inside or "\n" in inside or " = " in inside:
            continue
        yield "condition", tokens[i + 1].end, tokens[close].start, f"!({inside})"


def _statements(text, tokens):
    """Statements that could be left out: calls, assignments, a bare return."""
    for i, token in enumerate(tokens):
        if i == 0 or tokens[i - 1].text not in (";", "{", "}"):
            continue
        if tokens[i - 1].text == ";" and _in_for_head(tokens, i):
            continue
        starts_expression = token.kind == "word" or token.text in ("++", "--", "*", "(")
        if token.text == "return" and tokens[i + 1].text == ";":
            yield "dropped return", token.start, token.start, "if (false) "
            continue
        if not starts_expression or token.text in NOT_AN_EXPRESSION:
            continue
        if token.kind == "word" and tokens[i + 1].kind == "word":
            continue  # a declaration
        end = i
        while tokens[end].text != ";" and tokens[end].text not in ("{", "}"):
            end = _closing(tokens, end) + 1 if tokens[end].text in ("(", "[") else end + 1
            if end >= len(tokens):
                break
        statement = text[token.start:tokens[min(end, len(tokens) - 1)].end]
        if end < len(tokens) and tokens[end].text == ";" and re.search(r"[=(]|\+\+|--", statement):
            # Within `if (false)` names stay used, so that no warning gives the mutant away.
            yield "dropped statement", token.start, token.start, "if (false) "


def mutants_of(path, text):
    """All mutants of a file, in the order of their places."""
    tokens = tokens_of(text)
    found = []
    for rule in (_operators, _conditions, _statements):
        for kind, start, end, replacement in rule(text, tokens):
            line_start = text.rfind("\n", 0, start) + 1
            line_end = text.find("\n", end)
            line_end = len(text) if line_end < 0 else line_end
            before = text[line_start:line_end]
            after = text[line_start:start] + replacement + text[end:line_end]
            context = text[:max(0, line_start - 1)].rpartition("\n")[2]
            found.append(Mutant(path, text.count("\n", 0, start) + 1, kind, context.strip(), before.strip(),
                                after.strip(), start, end, replacement))
    return _named_apart(sorted(found, key=lambda mutant: (mutant.start, mutant.end, mutant.replacement)))


def _named_apart(mutants):
    """Where the same lines stand twice in a file, the later ones' contexts say so: every name is of one mutant."""
    seen = {}
    apart = []
    for mutant in mutants:
        seen[name_of(mutant)] = number = seen.get(name_of(mutant), 0) + 1
        apart.append(mutant if number == 1 else mutant._replace(context=f"{mutant.context} [{number}]"))
    return apart


def in_drawn_order(mutants, seed):
    """In an order that follows from the seed and from each mutant's own lines, so that a change elsewhere in the sources
    draws no others."""

    def key(mutant):
        return hashlib.sha256("\0".join((str(seed), *name_of(mutant))).encode()).digest()

    return sorted(mutants, key=key)


def name_of(mutant):
    """What a mutant is known by, in spite of what changes above and below it."""
    return mutant.path, mutant.context, mutant.before, mutant.after


def mutated(text, mutant):
    return text[:mutant.start] + mutant.replacement + text[mutant.end:]
