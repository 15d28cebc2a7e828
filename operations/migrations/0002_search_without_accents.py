"""The lists of operations and of markets are searched without accents: PostgreSQL's trusted extension does it."""

from django.contrib.postgres.operations import UnaccentExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("operations", "0001_initial")]

    operations = [UnaccentExtension()]
