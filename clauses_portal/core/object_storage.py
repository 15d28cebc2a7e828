"""Files in an object storage (S3) instead of the disk: private, never addressed directly, whole or absent."""

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.storage import Storage
from storages.backends.s3 import S3Storage

from clauses_portal.core.errors import DomainError
from clauses_portal.core.storage import NoAddress

AWAY = "L’espace de stockage des fichiers ne répond pas : rien n’a été enregistré. Réessayez dans quelques minutes."
# A request waits for it: little. The checksums of the newest services are asked for only where they are required.
CONFIG = Config(
    signature_version="s3v4",
    s3={"addressing_style": "path"},
    connect_timeout=3,
    read_timeout=20,
    retries={"total_max_attempts": 2, "mode": "standard"},
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)

CALM = TransferConfig(use_threads=False)


class PrivateObjectStorage(NoAddress, S3Storage):
    """A bucket nobody but the portal reads. Writing raises DomainError when it is away, and leaves nothing."""

    def __init__(self, **options):
        shared = {"default_acl": "private", "querystring_auth": False, "client_config": CONFIG, "transfer_config": CALM}
        super().__init__(**shared | options)

    def get_available_name(self, name, max_length=None):
        """Never over a file that is there: neither of two statements is lost."""
        return Storage.get_available_name(self, name, max_length)

    def exists(self, name):
        """True for a file, and for a folder that holds something: an object storage has no folders of its own."""
        return super().exists(name) or any(self.listdir(name))

    def save(self, name, content, max_length=None):
        try:
            return super().save(name, content, max_length)
        except (BotoCoreError, ClientError) as error:
            raise DomainError(AWAY) from error
