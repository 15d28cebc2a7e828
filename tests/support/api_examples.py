"""The examples of the documentation, and what no example in JSON can be: files."""

import json
import re

from clauses_portal.api_docs.document import document, operations, read_examples

METHODS = {told["operationId"]: method for _, method, told in operations(document())}
SHOWN = read_examples()
FILES = {
    "statements_files_retrieve": {"by": "facilitator", "path": "/api/v1/statements/1001/files/1001"},
    "packages_exports_download_retrieve": {"by": "facilitator", "path": "/api/v1/packages/exports/1001/download"},
    "packages_create": {"by": "facilitator", "path": "/api/v1/packages"},
}
EXAMPLES = SHOWN | FILES


def body_of(key, operation):
    """What to send, with the version the row has in this world; an archive is not one."""
    example = EXAMPLES[operation]
    if operation == "packages_create":
        return {"data": b"PK", "content_type": "application/zip"}
    if METHODS[operation] == "get":
        return {}
    request = dict(example.get("request", {}))
    if "version" in request:
        row = re.match(r"/api/v1/\w+/\d+", example["path"])[0]
        request["version"] = key.get(row).json()["version"]
    return {"data": json.dumps(request), "content_type": "application/json"}
