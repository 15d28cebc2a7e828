"""Where files are kept: the disk, or an object storage given by its address."""

from urllib.parse import parse_qs, unquote, urlsplit

DISK = {"BACKEND": "clauses_portal.core.storage.DurableStorage"}
OBJECTS = "clauses_portal.core.object_storage.PrivateObjectStorage"
SCHEMES = {"s3": "https", "s3+http": "http"}


def file_storage(address):
    """The entry of STORAGES for « s3://key:secret@host[:port]/bucket?region=… »; the disk without an address.

    `s3+http` is for a service of the same private network. Raises ValueError on anything else, its secret left out.
    """
    if not address:
        return DISK
    url = urlsplit(address)
    bucket = url.path.strip("/")
    if url.scheme not in SCHEMES or not (url.hostname and url.username and url.password and bucket):
        raise ValueError("FILE_STORAGE_URL: s3://key:secret@host/bucket?region=… is expected")
    host = f"{url.hostname}:{url.port}" if url.port else url.hostname
    return {
        "BACKEND": OBJECTS,
        "OPTIONS": {
            "endpoint_url": f"{SCHEMES[url.scheme]}://{host}",
            "access_key": unquote(url.username),
            "secret_key": unquote(url.password),
            "bucket_name": bucket,
            "region_name": parse_qs(url.query).get("region", ["us-east-1"])[0],
        },
    }
