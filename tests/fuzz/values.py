"""What nobody types and anybody may send (security.md §4.7)."""

HALF_A_PAIR, NUL = "\ud800", "\0"

TEXTS = [
    *("", " ", "x", "on", "None", "null", "[]", "{}", "[[[[", "-", ".", ",", "/", "%", "%00", "%s%n", "{{7*7}}"),
    *(NUL, f"a{NUL}b", HALF_A_PAIR, f"a{HALF_A_PAIR}", "\ufffe", "\ufeff1", "\x0b", "\x1f", "\u202eabc", "\u200b"),
    *("1\r\nBcc: a@example.test", "é" * 300, "x" * 20_000, "☃" * 5_000, "a\u0301" * 200, "💩", "ﬁ", "İ", "ß" * 256),
    *("0", "-0", "-1", "1", "2147483648", "9223372036854775808", "18446744073709551616", "1" + "0" * 30, "9" * 5000),
    *("1e400", "1e-400", "1e3", "-1e400", "NaN", "sNaN", "Infinity", "-Infinity", "1_000", "0x10", "1.5", "12,5"),
    *("1 234,5", "1\u202f234,5", "1.234,5", "1,2,3", "１２", "٣", "²", "𝟙", "½", "0.00000000000001", "300.001"),
    *("0001-01-01", "01/01/0001", "9999-12-31", "31/12/9999", "2026-02-30", "29/02/2027", "10000-01-01", "2026-13-01"),
    *("0000-00-00", "2026-00", "2026-13", "0001-01", "9999-12", "2026-T0", "2026-T5", "9999-T4", "24:61", "1/1/26"),
    *("a@b", "a" * 250 + "@example.test", "@", "javascript:alert(1)", "http://[", "http://[::1", "//evil.test"),
    *("https://" + "a" * 3000, "file:///etc/passwd", "../../etc/passwd", "..\\..\\x", "' OR 1=1--", "\\", "\\u0000"),
    *("=cmd|'/c calc'!A0", "<script>alert(1)</script>", "(a+)+$" + "a" * 40, "*" * 200, "€", "1000000000"),
]

# Marks replaced once the body is written: no dump of Python gives these numbers.
RAW_NUMBERS = {"@@1e400@@": "1e400", "@@-1e400@@": "-1e400", "@@1e999999999@@": "1e999999999", "@@-0.0@@": "-0.0"}


def nested(depth):
    """A list in a list, so many times."""
    value = []
    for _ in range(depth):
        value = [value]
    return value


VALUES = [
    *TEXTS,
    *(None, True, False, 0, -1, 1, 1.5, -1.5, 10**9, 2**31, 2**63, 2**64, 10**30, 10**400, 1e308, 5e-324),
    *(float("nan"), float("inf"), float("-inf"), *RAW_NUMBERS),
    *([], {}, [None], [[]], [{}], {"id": 1}, {"": ""}, {NUL: 1}, [1] * 5000, list("abc"), nested(15), nested(400)),
    *({"$gt": 0}, {"__class__": "x"}, [1, "1", None], [2**63], ["x" * 10_000], [True], [1.5], ["\0"], [HALF_A_PAIR]),
]

TYPES = [
    *("application/json", "application/json; charset=utf-16", "application/json; charset=x", "text/plain"),
    *("application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=utf-16", "application/xml"),
    *("application/x-www-form-urlencoded; charset=nothing", "multipart/form-data", "multipart/form-data; boundary="),
    *("multipart/form-data; boundary=é", "multipart/form-data; boundary=" + "x" * 300, "", "/", "application/pdf"),
]
HEADERS = {
    "accept": ["*/*", "text/html", "application/json;q=1e400", ";;", "x" * 5000],
    "accept-language": ["ar", "x" * 5000, "é"],
    "idempotency-key": ["", "a b", "x" * 101, "\t", "1"],
    "if-match": ["*", '"1"', "x"],
    "if-none-match": ["*", '"1"', "x"],
    "if-modified-since": ["x", "Mon, 01 Jan 0001 00:00:00 GMT", "Fri, 31 Dec 99999 00:00:00 GMT"],
    "range": ["bytes=0-", "bytes=-1", "bytes=9-1", "bytes=" + "0-1," * 500],
    "content-encoding": ["gzip", "br", "x"],
    "content-length": ["0", "1"],
    "x-forwarded-for": ["1.2.3.4", "é", "x" * 5000, "::1%0"],
    "x-http-method-override": ["DELETE", "PATCH"],
    "hx-request": ["true", "x"],
    "hx-target": ["x" * 500, "é"],
    "hx-current-url": ["http://[", "é", "//evil.test"],
    "cookie": ["sessionid=x", "a" * 5000, "=;=;", "messages=x"],
    "referer": ["http://[", "//", "é"],
}
PLACES = ["999999999999999999", "9" * 30, "0", "-1", "1.5", "%00", "٣", "x", "..%2F..", "%ED%A0%80", "1%0a"]
