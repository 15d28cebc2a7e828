"""A backup and its proof: database, files and a description of both, then a restoration aside that is compared.

`make_backup`, `verify_backup` and `restore_backup` are what the commands of the same names call (docs/sauvegarde.md).
"""


class BackupFailed(Exception):
    """A backup cannot be made, read or restored; the message is a French sentence for whoever ran the command."""
